"""Records of appeals and corrections: linked to the review's record, replayed, found changed.

P3 (Cent) is Silver by a cent of cloud sales; a cloud sale of $1.00 that comes late makes it Gold.
"""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.canonical import canonical, sha256
from assay.core.case_records import KIND
from assay.core.issues import Refused
from assay.core.record_seals import KIND as SEAL
from assay.core.record_seals import seal_of
from assay.core.records import findings_digest
from assay.core.signatures import new_key, opened, signed
from assay.gateways.keys import Keys
from assay.jobs.appeals.decide_appeal import ON_FACTS, Proposal, confirm, propose
from assay.jobs.appeals.look_again import look_again
from assay.jobs.appeals.state_appeal import open_correction
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.records.export_record import export_record, record_text
from assay.jobs.records.keep_case import case_document
from assay.jobs.records.replay_review import replay_review
from assay.jobs.records.verify_file import verify_file
from assay.store.models import CaseRecord, Decision, Person, Review
from tests.few_partners import PROGRAM
from tests.jobs.records.reviewed import CLOSED_AT, closed, imported, staff

pytestmark = pytest.mark.django_db
LATER = CLOSED_AT + timedelta(days=3)
EXPORTED_AT = CLOSED_AT + timedelta(days=4)
LATE = (
    "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,vendor_amount,"
    "currency\nt90,P3,a3,cloud,2025-06-30,new,1,,USD\n"
)


@pytest.fixture(scope="module")
def with_cases(lasting, tmp_path_factory):
    """The installation, the review, and two cases: one on corrected facts, one refused."""
    folder = imported(tmp_path_factory.mktemp("installation")).folder
    installation, review = closed(folder, lasting)
    late = folder / "transactions.csv"
    late.write_text(LATE, encoding="utf-8")
    order = Order.under(PROGRAM, source="late", partner_id=None, as_of=None)
    import_reports(installation.ledger, [late], order, imported_at=LATER)
    look_again(review.pk, installation.ledger, at=LATER)
    one, two = (Person.objects.get(email=f"{name}@staff.example") for name in ("one", "two"))
    three = staff("three")
    for key, proposal in (
        ("P3", Proposal(tier=ON_FACTS, reason="A sale of a dollar came late.")),
        ("P5", Proposal(tier="", reason="It was answered in 48 hours, not less.")),
    ):
        decision = Decision.objects.get(review=review, partner__key=key)
        case = open_correction(decision.pk, "Look at it again.", by=three, at=LATER)
        propose(case.pk, proposal, by=one, at=LATER)
        confirm(case.pk, by=two, at=LATER)
    return installation, review


@pytest.fixture
def corrected(with_cases):
    installation, review = with_cases
    return installation, Review.objects.get(pk=review.pk)


def documents(installation, review):
    lines = record_text(installation, review.pk, at=EXPORTED_AT).decode().splitlines()
    return [json.loads(opened(line, kind=KIND, file="f").payload) for line in lines[1:-1]]


def test_a_case_is_on_record_beside_the_review(corrected):
    _, review = corrected
    granted, refused = documents(*corrected)
    assert granted["record"] == review.record.digest
    assert (granted["partner"], granted["decision"]["tier"]) == ("P3", "silver")
    anew = granted["redecision"]
    assert (anew["tier"], anew["digest"]) == ("gold", findings_digest(anew["findings"]))
    assert anew["facts"]["batch"] == 8  # the late one; the review was decided after the seventh
    sales = [one for one in anew["findings"] if one["requirement"] == "annual_gross_sales"]
    assert [(one["tier"], one["outcome"]) for one in sales] == [
        ("silver", "met"),
        ("gold", "met"),
        ("platinum", "not_met"),
    ]
    # 500,000.00 and 124,999.99 of it cloud, and a dollar of cloud
    assert sales[0]["measured"] == {"cloud_sales": "125000.99", "gross_sales": "500001.00"}
    assert granted["grant"] == {
        "tier": "gold",
        "cause": "appeal",
        "since_on": "2025-07-23",
        "until_on": None,
        "override": None,
    }
    people = [granted[act]["by"]["email"] for act in ("stated", "proposed", "decided")]
    assert people == ["three@staff.example", "one@staff.example", "two@staff.example"]
    assert (refused["outcome"], refused["grant"], refused["redecision"]) == ("refuse", None, None)


def test_the_same_case_gives_the_same_bytes_and_is_never_changed(corrected):
    installation, _ = corrected
    record = CaseRecord.objects.select_related("appeal__decision").first()
    content = canonical(case_document(record.appeal))
    assert sha256(content) == record.digest
    assert signed(content, Keys.of(installation).current(), kind=KIND) == record.text
    for act in (lambda: CaseRecord.objects.update(text=""), record.delete):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act()


def replayed(corrected):
    done = replay_review(corrected[0], corrected[1].pk)
    return done.decisions, done.cases, None if done.difference is None else str(done.difference)


def test_a_replay_decides_again_what_corrected_facts_decided(corrected):
    assert replayed(corrected) == (5, 2, None)


def past_triggers(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def rewritten(corrected, change):
    """Put a record in the first case's place that says something else, signed by the right key."""
    installation, _ = corrected
    told = documents(*corrected)[0]
    change(told)
    content = canonical(told)
    text = signed(content, Keys.of(installation).current(), kind=KIND)
    past_triggers(
        "UPDATE store_caserecord SET text = %s, digest = %s WHERE appeal_id = %s",
        *(text, sha256(content), told["case"]),
    )


def test_a_replay_says_the_first_difference_of_a_redecision(corrected):
    def change(told):
        anew = told["redecision"]
        anew["findings"][4]["measured"]["gross_sales"] = "500002.00"
        anew["digest"] = findings_digest(anew["findings"])

    rewritten(corrected, change)
    _, _, words = replayed(corrected)
    assert words.startswith("P3, annual_gross_sales for silver: recorded ")
    assert '"gross_sales":"500001.00"' in words.partition(", computed ")[2]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM store_caserecord", "recorded none, computed granted is shown"),
        (
            "UPDATE store_appeal SET reason = 'Other'",
            "recorded grant, computed grant is shown",
        ),
        (
            (
                "UPDATE store_decision SET tier = 'platinum' WHERE tier = 'gold' AND id IN "
                "(SELECT redecision_id FROM store_appeal)"
            ),
            "recorded another decision, computed the one that is shown",
        ),
        (
            "UPDATE store_grant SET tier = 'platinum' WHERE cause = 'appeal'",
            "'tier': 'platinum', 'cause': 'appeal'",
        ),
    ],
)
def test_a_replay_notes_what_is_shown_of_a_case_otherwise_than_recorded(
    corrected, statement, words
):
    past_triggers(statement)
    assert words in replayed(corrected)[2]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"record": "0" * 64}, "it is of another review's record"),
        ({"partner": "P1"}, "P1: the decision is not the one on record"),
        ({"grant": None}, "P3: what was granted is not what was decided"),
        ({"format": "other/2"}, "its format is 'other/2'"),
        ({"redecision": 1}, "it is no record of a case"),
    ],
)
def test_a_signed_case_that_does_not_go_together_is_refused(corrected, tmp_path, change, words):
    rewritten(corrected, lambda told: told.update(change))
    file = tmp_path / "changed.jws"
    file.write_bytes(record_text(corrected[0], corrected[1].pk, at=EXPORTED_AT))
    with pytest.raises(Refused, match=words):
        verify_file(file)
    with pytest.raises(Refused, match=words):
        replayed(corrected)


def exported(corrected, tmp_path):
    file = tmp_path / "record.jws"
    export_record(corrected[0], corrected[1].pk, file, at=EXPORTED_AT)
    return file


def test_an_export_has_the_cases_and_is_verified_without_the_installation(corrected, tmp_path):
    file = exported(corrected, tmp_path)
    words = verify_file(file).words
    assert words.endswith(
        "closed 2025-07-20 by Two <two@staff.example>; cases decided since: 2; "
        "exported 2025-07-24 09:00 UTC with all cases until then"
    )
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(Keys.of(corrected[0]).jwks()))
    done = CliRunner().invoke(app, ["verify", str(file), "--keys", str(keys)])
    assert (done.exit_code, "cases decided since: 2" in done.stdout) == (0, True)


def test_any_flipped_byte_of_an_exported_case_is_found(corrected, tmp_path):
    file = exported(corrected, tmp_path)
    content = file.read_bytes()
    begins = content.index(b"\n")
    anywhere = random.Random(7).sample(range(begins, len(content)), 300)  # noqa: S311 - places
    for place in [*range(begins, begins + 40), *anywhere, *range(len(content) - 90, len(content))]:
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(Refused):
            verify_file(file)


OTHER = ": the seal signs other lines"
NO_SEAL = "is the last line and no seal: lines are missing or were put in"
CHANGED = {  # which lines stand in the file: (r)eview, cases (a) and (b), (s)eal, (x) another
    "abs": f"line 1: is missing{OTHER}",
    "rbs": f"line 2: is missing{OTHER}",
    "ras": f"line 3: is missing{OTHER}",
    "rs": f"line 2: is missing{OTHER}",
    "rab": f"line 3: {NO_SEAL}",
    "r": f"line 1: {NO_SEAL}",
    "": f"line 1: {NO_SEAL}",
    "rbas": f"line 2: stands in another place{OTHER}",
    "arbs": f"line 1: stands in another place{OTHER}",
    "raabs": f"line 3: stands in another place{OTHER}",
    "rasb": f"line 4: {NO_SEAL}",
    "rabss": f"line 4: was put in{OTHER}",
    "rxabs": f"line 2: was put in{OTHER}",
    "rxbs": f"line 2: was changed{OTHER}",
    "rabx": f"line 4: {NO_SEAL}",
    "rabsx": f"line 5: {NO_SEAL}",
}


def test_a_line_removed_moved_changed_or_put_in_is_told_by_its_place(corrected, tmp_path):
    file = exported(corrected, tmp_path)
    content = file.read_bytes()
    lines = dict(zip("rabsx", [*content.splitlines(keepends=True), b"\n"], strict=True))
    said = {}
    for stands in CHANGED:
        file.write_bytes(b"".join(lines[one] for one in stands))
        said[stands] = refusal(file)
    file.write_bytes(content[:-1])
    said["cut"] = refusal(file)
    hint = " — take the file anew from where it was exported"
    cut = "line 4: has no end: the file is cut off"
    wanted = {**CHANGED, "cut": cut}
    assert said == {stands: f"{file}, {words}{hint}" for stands, words in wanted.items()}


def refusal(file):
    with pytest.raises(Refused) as refused:
        verify_file(file)
    return str(refused.value)


def test_lines_under_a_seal_of_another_are_found_with_the_keys(corrected, tmp_path):
    file = exported(corrected, tmp_path)
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(Keys.of(corrected[0]).jwks()))
    review, one, *_ = file.read_bytes().splitlines()
    told = canonical(seal_of([review, one], at=EXPORTED_AT))
    seal = signed(told, new_key(), kind=SEAL).encode()
    file.write_bytes(b"\n".join([review, one, seal, b""]))
    assert len(verify_file(file).key_ids) == 2
    with pytest.raises(Refused, match="none of the keys given"):
        verify_file(file, keys=keys)


@pytest.mark.parametrize(
    "payload", [b"1", b"{}", b"[]", b'{"exported_at":1,"format":"","lines":1}']
)
def test_a_seal_that_signs_no_lines_is_refused(corrected, tmp_path, payload):
    file = exported(corrected, tmp_path)
    review = file.read_bytes().split(b"\n")[0]
    seal = signed(payload, new_key(), kind=SEAL).encode()
    file.write_bytes(b"\n".join([review, seal, b""]))
    with pytest.raises(Refused, match="line 2: is no seal of a record"):
        verify_file(file)
