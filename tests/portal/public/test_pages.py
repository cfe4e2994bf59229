"""The public pages: what they say, that they are whole, and how they are kept."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.conf import settings

from assay.documents.programs import program_folder
from assay.store.models import Partner
from tests.announcements import draft, publish
from tests.portal.public.pages import Page
from tests.public_marketplace import AT, enrol, make_app, make_partner, make_review

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def market():
    acme = make_partner(
        "Acme Demo",
        country="SE",
        website="https://acme.example/",
        support_email="help@acme.example",
        support_hours="9 to 17",
        description="# We\n\n### draw <b>lines</b>",
    )
    app = make_app(acme, "Links", tagline="Draws links", products=["Jira"])
    enrol(app, "bug_bounty", date(2025, 6, 19))
    known = make_partner("Known Demo", "known")
    make_review(date(2025, 7, 1), {acme: "gold", known: "none"})
    make_review(date(2026, 7, 1), {acme: "gold", known: "silver"})
    post = draft("News & more", "First.\n\n## Then\n\n[Go](/program/)", by=None, at=AT)
    publish(post.pk, by=None, at=AT)
    return acme


def page(client, address, **headers):
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    return Page(answer.content.decode())


PAGES = [
    "/",
    "/start/",
    "/colophon/",
    "/program/",
    "/program/2024-06-13/",
    "/partners/",
    "/partners/?q=zzz",
    "/partners/?tier=nonsense&page=99",
    "/partners/acme-demo/",
    "/partners/known-demo/",
    "/apps/links/",
    "/announcements/",
    "/announcements/news-more/",
]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.usefixtures("market")
def test_a_page_is_whole(client, address):
    assert page(client, address).faults == []


@pytest.mark.parametrize("address", ["/", "/start/", "/program/", "/partners/", "/announcements/"])
def test_an_empty_installation_has_whole_pages(client, address):
    assert page(client, address).faults == []


@pytest.mark.parametrize(
    "address",
    [
        "/partners/nobody/",
        "/apps/nothing/",
        "/announcements/nothing/",
        "/program/1999-01-01/",
        "/program/1999-01-01.json",
        "/program/..%2f..%2fetc/",
    ],
)
@pytest.mark.usefixtures("market")
def test_what_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_an_empty_directory_says_why(client):
    assert "No partner is public yet" in page(client, "/partners/").text


@pytest.mark.usefixtures("market")
def test_the_first_page_tells_the_tiers_and_how_many_hold_them(client):
    text = page(client, "/").text
    assert "At least $100,000 gross sales and at least 15 % of it cloud" in text
    assert "Gives 14 benefits, among them $50,000 a year" in text
    assert "Asks for at least 1 listing paid via the platform." in text
    assert [text.count(f"1 partner with the tier {tier}") for tier in ("Gold", "Silver")] == [1, 1]
    assert "News & more" in text


@pytest.mark.usefixtures("market")
def test_a_partner_shows_its_tier_apps_and_contacts(client):
    text = page(client, "/partners/acme-demo/").text
    assert "Gold since the review of 1 Jul 2025." in text
    assert "Sweden" in text
    assert "help@acme.example" in text
    assert "Draws links" in text
    assert "draw <b>lines</b>" in text  # as text, not as a tag


@pytest.mark.usefixtures("market")
def test_a_partner_that_nobody_claimed_shows_how_to(client):
    assert "Is this yours?" in page(client, "/partners/known-demo/").text


@pytest.mark.usefixtures("market")
def test_an_app_tells_what_is_attested_since_when(client):
    text = page(client, "/apps/links/").text
    assert "Paid bug bounty program Bug bounty Security researchers are paid" in text
    assert "Since 19 Jun 2025" in text
    assert "Cloud Paid, through the marketplace 1,234 19 Jun 2026 1 Mar 2024" in text


@pytest.mark.usefixtures("market")
def test_figures_and_countries_are_the_readers(client):
    assert "1.234" in page(client, "/apps/links/", accept_language="de-DE").text
    assert "Schweden" in page(client, "/partners/acme-demo/", accept_language="de-DE").text


@pytest.mark.usefixtures("market")
def test_the_directory_is_filtered_by_its_address_and_downloaded_so(client):
    text = page(client, "/partners/?tier=silver").text
    assert "Known Demo" in text
    assert "Acme Demo" not in text
    lines = b"".join(client.get("/partners/?tier=gold&download=csv")).decode().splitlines()
    assert lines == ["Partner,Tier,Country,Apps,For", "Acme Demo,Gold,Sweden,1,Jira"]


def test_the_program_page_tells_every_clause(client):
    text = page(client, "/program/").text
    clauses = [f"S{n}" for n in (2, 3)] + [f"R{n}" for n in range(1, 8)]
    clauses += [f"B{n}" for n in range(1, 15)] + ["V1", "V5", "V6"]
    assert [clause for clause in clauses if not re.search(rf"\b{clause}\b", text)] == []
    assert "1 Jul" in text
    assert "$1,500" in text


def test_the_document_for_machines_is_what_the_command_prints(client):
    answer = client.get("/program.json")
    command = [sys.executable, "-m", "assay", "program", "show", settings.PROGRAM, "--json"]
    printed = subprocess.run(command, capture_output=True, check=True).stdout
    assert answer.content == printed
    assert json.loads(printed)["version"] == "2024-06-13"
    assert answer["Content-Type"] == "application/json"
    assert client.get("/program/2024-06-13.json").content == printed


def test_other_versions_are_listed_with_what_changed(client, settings, tmp_path):
    text = (program_folder(settings.PROGRAM) / "program.yaml").read_text(encoding="utf-8")
    for version, bound in (("2024-06-13", "100000"), ("2027-01-01", "120000")):
        folder = tmp_path / version
        folder.mkdir()
        told = text.replace("version: 2024-06-13", f"version: {version}")
        (folder / "program.yaml").write_text(told.replace(">= 100000", f">= {bound}"))
    settings.PROGRAM = str(tmp_path / "2024-06-13")
    assert "2027-01-01 coming" in page(client, "/program/").text
    coming = page(client, "/program/2027-01-01/")
    assert coming.faults == []
    assert "This version is not in force yet" in coming.text
    assert (
        "Silver: at least $100,000 gross sales and at least 15 % of it cloud → "
        "at least $120,000 gross sales and at least 15 % of it cloud"
    ) in coming.text
    assert client.get("/program/2027-01-01.json").json()["version"] == "2027-01-01"


@pytest.mark.usefixtures("market")
def test_the_feed_is_atom_with_absolute_addresses(client):
    answer = client.get("/announcements/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own
    own, page_of_all = (f"{settings.BASE_URL}/announcements/{end}" for end in ("feed.atom", ""))
    assert root.find(f"{ATOM}id").text == page_of_all
    assert {(link.get("rel"), link.get("href")) for link in root.findall(f"{ATOM}link")} == {
        ("alternate", page_of_all),
        ("self", own),
    }
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}title").text == "News & more"
    assert entry.find(f"{ATOM}link").get("href") == f"{page_of_all}news-more/"
    assert entry.find(f"{ATOM}updated").text == "2026-07-02T09:00:00+00:00"
    assert f'href="{settings.BASE_URL}/program/"' in entry.find(f"{ATOM}summary").text
    needed = ("id", "title", "updated", "author")
    assert [name for name in needed if root.find(f"{ATOM}{name}") is None] == []


def test_robots_find_the_map_and_stay_out_of_what_is_private(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in lines
    assert "Disallow: /portal/" in lines
    assert "Disallow: /staff/" in lines


@pytest.mark.usefixtures("market")
def test_the_map_has_every_public_page(client):
    root = ET.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    found = {one.text.removeprefix(settings.BASE_URL) for one in root.iter() if one.text}
    assert found == {
        "/",
        "/start/",
        "/access/",
        "/program/",
        "/partners/",
        "/announcements/",
        "/colophon/",
        "/announcements/news-more/",
        "/partners/acme-demo/",
        "/partners/known-demo/",
        "/apps/links/",
    }
    assert {client.get(address).status_code for address in found} == {200}


@pytest.mark.usefixtures("market")
def test_a_page_that_has_not_changed_is_not_sent_again(client):
    client.get("/partners/")
    first = client.get("/partners/")
    again = client.get("/partners/", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("market")
def test_a_page_that_has_changed_is_sent_again(client):
    client.get("/partners/")
    first = client.get("/partners/")
    Partner.objects.filter(slug="acme-demo").update(name="Acme New")
    again = client.get("/partners/", headers={"if-none-match": first["ETag"]})
    assert b"Acme New" in again.content


@pytest.mark.usefixtures("market")
def test_what_is_kept_for_one_reader_is_not_taken_for_another(client, django_user_model):
    client.get("/")
    first = client.get("/")
    client.force_login(django_user_model.objects.create_user("a@b.example", joined_at=AT))
    assert client.get("/", headers={"if-none-match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/", 4),
        ("/program/", 1),
        ("/partners/", 5),
        ("/partners/acme-demo/", 7),
        ("/apps/links/", 8),
        ("/announcements/", 1),
    ],
)
@pytest.mark.usefixtures("market")
def test_a_page_asks_few_questions_however_many_partners_there_are(
    client, django_assert_max_num_queries, address, most
):
    for number in range(20):
        make_app(make_partner(f"Other {number}"), f"App {number}")
    with django_assert_max_num_queries(most):
        client.get(address)
