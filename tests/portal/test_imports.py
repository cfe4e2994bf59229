"""The pages of imports: who may, what they tell, in which order things can be done."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assay.gateways.installation import Installation
from assay.jobs.imports.uploads import ledger, path_of
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Event, Partner, Person, Upload
from tests.worker import work

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
HEADER = "transactionLineItemId,addonKey,saleDate,hosting,purchasePrice,vendorAmount,extra\n"
REPORT = HEADER + (
    "a,app,2025-01-02,Cloud,1.00,0.80,x\n"
    "b,app,03/01/2025,Cloud,2.50,1.60,=1+1\n"
    "c,app,2025-01-02,Toaster,-2.50,1.60,@x\n"
)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path / "installation")
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)


@pytest.fixture
def sign_in(client):
    def sign_in_as(role):
        person = Person.objects.create_user(f"{role}@demo.example", joined_at=AT, staff_role=role)
        client.force_login(person)
        session = client.session
        session[BOTH_FACTORS] = True
        session.save()
        return client

    return sign_in_as


def send(client, *files, **said):
    sent = [SimpleUploadedFile(name, content.encode()) for name, content in files]
    return client.post(
        "/staff/imports/send/", {"reports": sent, "source": "marketplace", "partner": "p1", **said}
    )


@pytest.fixture
def manager(sign_in):
    return sign_in("program_manager")


@pytest.fixture
def sent(manager):
    """The address of a file that waits for a decision."""
    address = send(manager, ("june.csv", REPORT))["Location"]
    work()
    return address


def told(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_file_is_sent_previewed_and_imported(manager, sent):
    page = told(manager, sent)
    assert "Waits for you" in page
    assert "<strong>saleDate is not a date of the form YYYY-MM-DD</strong>" in page
    assert "<code>Toaster</code>" in page
    assert manager.post(f"{sent}commit/")["Location"] == sent
    assert "Being imported" in told(manager, sent)
    work()
    assert "Imported" in told(manager, sent)
    assert [batch.counts.new for batch in ledger().batches()] == [1]


def test_a_preview_lists_names_that_the_ledger_does_not_know_yet(manager):
    rows = [f"s{n},app {n:02},2025-01-{n:02},Cloud,1.00,0.80,x\n" for n in range(1, 26)]
    report = HEADER + "".join([*rows, "again,app 25,2025-01-31,Cloud,1.00,0.80,x\n"])
    address = send(manager, ("june.csv", report))["Location"]
    work()
    page = told(manager, address)
    assert "rows will be kept, and count as soon as what they name is imported" in page
    for words in (
        '<strong>Partners</strong> <span class="quiet">one name, in 26 rows (Sales and refunds)',
        '<strong>Apps</strong> <span class="quiet">25 names, in 26 rows (Sales and refunds)',
        "<code>app 20</code>",
        "The first 20 of 25.",
    ):
        assert words in page
    assert "<code>app 21</code>" not in page
    manager.post(f"{address}commit/")
    work()
    assert "These rows are kept. They count as soon as" in told(manager, address)


def test_several_files_are_sent_at_once(manager):
    answer = send(manager, ("june.csv", REPORT), ("july.csv", REPORT.replace("a,", "z,")))
    assert answer["Location"] == "/staff/imports/"
    assert list(Upload.objects.order_by("pk").values_list("name", flat=True)) == [
        "june.csv",
        "july.csv",
    ]


def test_an_import_is_undone_with_the_reason(manager, sent):
    manager.post(f"{sent}commit/")
    work()
    assert manager.post(f"{sent}undo/", {"why": ""}).status_code == 422
    manager.post(f"{sent}undo/", {"why": "it was the wrong month"})
    work()
    page = told(manager, sent)
    assert "Undone by batch 2" in page
    assert "it was the wrong month" in page
    assert "undoes batch 1" in told(manager, "/staff/imports/batches/2/")
    assert "undone by batch 2" in told(manager, "/staff/imports/batches/1/")


def test_refused_rows_are_downloaded_so_that_nothing_is_a_formula(manager, sent):
    answer = manager.get(f"{sent}refused.csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [row[:8] for row in rows[1:]] == [
        ["b", "app", "03/01/2025", "Cloud", "2.50", "1.60", "'=1+1", "2"],
        ["c", "app", "2025-01-02", "Toaster", "-2.50", "1.60", "'@x", "3"],
    ]


def test_two_browsers_import_once(manager, sent):
    manager.post(f"{sent}commit/")
    second = manager.post(f"{sent}commit/", follow=True)
    assert "somebody was first" in second.content.decode()
    work()
    assert len(ledger().batches()) == 1


def test_a_dropped_file_is_told_and_removed(manager, sent):
    answer = manager.post(f"{sent}drop/", follow=True)
    assert "The file is dropped" in answer.content.decode()
    assert manager.get(f"{sent}refused.csv").status_code == 404
    assert not path_of(Upload.objects.get().file).exists()


def test_a_report_is_read_again_for_the_partner_that_is_named(manager):
    Partner.objects.create(key="p7", slug="acme", name="Acme Demo", created_at=AT)
    address = send(manager, ("june.csv", REPORT), partner="")["Location"]
    work()
    assert "vendorId is empty" in told(manager, address)
    manager.post(f"{address}again/", {"source": "marketplace", "partner": "acme demo"})
    work()
    assert "Waits for you" in told(manager, address)
    assert Upload.objects.get().partner_key == "p7"


def test_progress_is_a_part_of_the_page_until_it_is_over(manager):
    address = send(manager, ("june.csv", REPORT))["Location"]
    waiting = manager.get(f"{address}progress/")
    assert "Waits for the worker" in waiting.content.decode()
    assert "HX-Refresh" not in waiting
    work()
    assert manager.get(f"{address}progress/")["HX-Refresh"] == "true"


def test_the_list_shows_what_was_sent_and_what_the_ledger_holds(manager, sent):
    manager.post(f"{sent}commit/")
    work()
    page = told(manager, "/staff/imports/")
    assert "Sales and refunds" in page
    assert "2 Jan 2025" in page
    assert "june.csv" in told(manager, "/staff/imports/?state=done")
    assert "Nothing passes these filters" in told(manager, "/staff/imports/?state=ready")
    listed = manager.get("/staff/imports/?download=csv")
    lines = b"".join(listed.streaming_content).decode().splitlines()
    assert lines[1].startswith('june.csv,Imported,"marketplace, program_manager@demo.example",')
    assert lines[1].endswith(",1,0,0,2")


def test_batches_are_listed(manager, sent):
    manager.post(f"{sent}commit/")
    work()
    assert "june.csv" in told(manager, "/staff/imports/batches/")
    assert manager.get("/staff/imports/batches/9/").status_code == 404


def test_nothing_yet_is_told(manager):
    assert "Nothing was imported yet" in told(manager, "/staff/imports/")
    assert "The ledger is empty" in told(manager, "/staff/imports/batches/")


@pytest.mark.parametrize(
    ("role", "sees", "imports", "undoes"),
    [
        ("program_manager", 200, 200, 200),
        ("finance", 200, 200, 403),
        ("auditor", 200, 403, 403),
        ("support", 200, 403, 403),
    ],
)
def test_rights(client, sign_in, role, sees, imports, undoes):
    send(sign_in("program_manager"), ("june.csv", REPORT))
    client.logout()
    if role != "program_manager":
        sign_in(role)
    else:
        client.force_login(Person.objects.get(staff_role=role))
        session = client.session
        session[BOTH_FACTORS] = True
        session.save()
    pk = Upload.objects.get().pk
    assert client.get("/staff/imports/").status_code == sees
    assert client.get(f"/staff/imports/{pk}/").status_code == sees
    assert client.get("/staff/imports/send/").status_code == imports
    assert client.get(f"/staff/imports/{pk}/again/").status_code == imports
    assert client.get(f"/staff/imports/{pk}/undo/").status_code == undoes
    if imports == 403:
        assert client.post(f"/staff/imports/{pk}/commit/").status_code == 403
        assert client.post(f"/staff/imports/{pk}/drop/").status_code == 403
    assert Upload.objects.get().state == "reading"


def test_a_file_that_is_not_there_is_no_page(manager):
    for part in ("", "progress/", "again/", "undo/", "refused.csv"):
        assert manager.get(f"/staff/imports/9/{part}").status_code == 404
    assert manager.post("/staff/imports/9/commit/").status_code == 404


def test_files_beyond_the_limit_are_not_kept(manager, settings):
    settings.UPLOAD_LIMIT_BYTES = 1_000
    answer = send(manager, ("june.csv", "x" * 2_000))
    assert answer.status_code == 422
    assert "the most that may be sent" in answer.content.decode()
    assert Upload.objects.count() == 0


def test_who_is_not_signed_in_leaves_no_file_behind(client, tmp_path):
    before = set(tmp_path.iterdir())
    answer = send(client, ("june.csv", "x" * 100_000))
    assert answer["Location"].startswith("/sign-in/")
    assert set(tmp_path.iterdir()) == before


def test_nothing_to_send_is_told(manager):
    assert manager.post("/staff/imports/send/", {"source": "x"}).status_code == 422
    assert manager.post("/staff/imports/send/").status_code == 422


def test_a_hostile_name_and_hostile_cells_are_shown_as_text(manager):
    rows = HEADER + 'a,app,"<script>alert(1)</script>",Cloud,1.00,0.80,x\n'
    address = send(manager, ("<img src=x onerror=alert(1)>.csv", rows))["Location"]
    work()
    page = told(manager, address)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert Event.objects.filter(act="upload_received").count() == 1
