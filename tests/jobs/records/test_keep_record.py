"""The record of a review: what it holds, and that it is found changed, replayed and read."""

from __future__ import annotations

import json
import random
import shutil

import pytest
from django.db import DatabaseError, connection, transaction

from assay.core.canonical import canonical, sha256
from assay.core.issues import Refused
from assay.core.record_seals import KIND as SEAL
from assay.core.record_seals import seal_of
from assay.core.records import KIND, findings_digest
from assay.core.signatures import new_key, opened, signed
from assay.documents.programs import program_file
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.records.export_record import record_text
from assay.jobs.records.keep_record import review_document
from assay.jobs.records.read_record import read_record
from assay.jobs.records.replay_review import replay_review
from assay.jobs.records.verify_file import verify_file
from assay.store.models import Decision, Review, ReviewRecord
from tests.few_partners import PROGRAM
from tests.jobs.records.reviewed import AT, CLOSED_AT, closed, imported

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("installation")).folder


@pytest.fixture(scope="module")
def reviewed(folder, lasting):
    return closed(folder, lasting)


@pytest.fixture
def kept(reviewed, settings, tmp_path):
    """A copy of the installation, whose keys may change, the closed review, its record as kept."""
    installation, review = reviewed
    settings.INSTALLATION = Installation.at(tmp_path / "installation")
    shutil.copytree(installation.folder, settings.INSTALLATION.folder)
    record = ReviewRecord.objects.select_related("review").get(review=review)
    return settings.INSTALLATION, record.review, record


def document(record):
    return read_record(record.text, file="record").document


def test_the_record_holds_what_the_review_rests_on(kept):
    _, review, record = kept
    told = document(record)
    file = program_file(PROGRAM)
    assert told["program"]["text"].encode() == file.read_bytes()
    assert told["program"]["digest"] == review.program_digest
    assert (told["on"], told["cut_off"]) == ("2025-07-01", "2025-07-01")
    assert told["facts"] == {
        "digest": review.facts_digest,
        "known_at": "2025-07-02T09:00:00.000000+00:00",
        "batch": 7,
    }
    assert told["closed"]["at"] == "2025-07-20T09:00:00.000000+00:00"
    assert told["closed"]["by"]["email"] == "two@staff.example"
    assert told["opened"]["by"]["email"] == "one@staff.example"
    assert told["counts"]["computed"] == told["counts"]["granted"]
    assert told["counts"]["computed"] == {
        "none": 1,
        "partner": 2,
        "silver": 1,
        "gold": 1,
        "platinum": 0,
    }


def test_a_finding_says_what_it_was_judged_on(kept):
    acme = document(kept[2])["decisions"][0]
    assert (acme["partner"], acme["name"], acme["tier"]) == ("P1", "Acme", "gold")
    assert acme["findings"][4] == {
        "tier": "silver",
        "requirement": "annual_gross_sales",
        "clause": "R5",
        "outcome": "met",
        "measured": {"cloud_sales": "200000.00", "gross_sales": "541200.00"},
    }
    assert acme["grants"] == [
        {
            "tier": "gold",
            "cause": "review",
            "since_on": "2025-07-20",
            "until_on": None,
            "override": None,
        }
    ]


def test_the_same_review_gives_the_same_bytes(kept):
    installation, review, record = kept
    content = canonical(review_document(Review.objects.get(pk=review.pk)))
    assert sha256(content) == record.digest
    assert signed(content, Keys.of(installation).current(), kind=KIND) == record.text


def test_the_record_is_not_changed_or_removed(kept):
    for act in (lambda: ReviewRecord.objects.update(text=""), kept[2].delete):
        with pytest.raises(DatabaseError, match="pgtrigger"), transaction.atomic():
            act()


def test_a_program_that_was_changed_since_cannot_be_put_on_record(kept, settings, tmp_path):
    _, review, _ = kept
    changed = tmp_path / "changed"
    shutil.copytree(program_file(PROGRAM).parent, changed)
    settings.PROGRAM = str(changed)
    review.program, review.program_digest = "gone@1", "0" * 64
    with pytest.raises(Refused, match="not there any more as the review was computed"):
        review_document(review)


def replayed(kept):
    done = replay_review(kept[0], kept[1].pk)
    return (
        done.decisions,
        done.findings,
        None if done.difference is None else str(done.difference),
    )


def test_a_replay_gives_the_recorded_bytes(kept):
    assert replayed(kept) == (5, 105, None)


def test_a_replay_after_the_keys_changed_is_the_same(kept):
    Keys.of(kept[0]).rotate()
    assert replayed(kept) == (5, 105, None)


def rewritten(kept, change):
    """Put a record in its place that says something else, signed by the right key."""
    installation, _, record = kept
    told = document(record)
    change(told)
    content = canonical(told)
    text = signed(content, Keys.of(installation).current(), kind=KIND)
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE store_reviewrecord SET text = %s, digest = %s", [text, sha256(content)]
        )


class past_triggers:  # noqa: N801 - reads as what it does
    def __enter__(self):
        self.cursor = connection.cursor()
        self.cursor.execute("SET LOCAL session_replication_role = replica")
        return self.cursor

    def __exit__(self, *_):
        self.cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_replay_says_the_first_difference_of_a_finding(kept):
    def change(told):
        found = told["decisions"][2]
        found["findings"][4]["measured"]["gross_sales"] = "500000.01"
        found["digest"] = findings_digest(found["findings"])

    rewritten(kept, change)
    _, _, words = replayed(kept)
    assert words.startswith("P3, annual_gross_sales for silver: recorded ")
    assert '"gross_sales":"500000.01"' in words.partition(", computed ")[0]
    assert '"gross_sales":"500000.00"' in words.partition(", computed ")[2]


def test_a_replay_notes_what_is_shown_otherwise_than_recorded(kept):
    with past_triggers() as cursor:
        cursor.execute("UPDATE store_decision SET tier = 'platinum' WHERE tier = 'gold'")
    assert replayed(kept)[2] == "P1: recorded gold, computed platinum is shown"


def test_a_replay_notes_an_explanation_that_was_changed(kept):
    first = Decision.objects.get(review=kept[1], partner__key="P5")
    with past_triggers() as cursor:
        cursor.execute(
            "UPDATE store_decision SET explanation = explanation || ' ' WHERE id = %s", [first.pk]
        )
    assert replayed(kept)[2] == "P5: recorded another explanation, computed the one that is shown"


def test_a_record_by_another_key_is_refused(kept):
    told = document(kept[2])
    text = signed(canonical(told), new_key(), kind=KIND)
    with past_triggers() as cursor:
        cursor.execute("UPDATE store_reviewrecord SET text = %s", [text])
    with pytest.raises(Refused, match="signed by another's key"):
        replayed(kept)


def test_a_review_without_a_record_is_refused(kept):
    with pytest.raises(Refused, match="has no record"):
        replay_review(kept[0], 0)


def exported(kept, tmp_path):
    file = tmp_path / "record.jws"
    file.write_bytes(record_text(kept[0], kept[1].pk, at=CLOSED_AT))
    return file


def keys_file(installation, tmp_path):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(Keys.of(installation).jwks()))
    return file


def test_an_exported_record_is_verified_without_the_installation(kept, tmp_path):
    file = exported(kept, tmp_path)
    done = verify_file(file, keys=keys_file(kept[0], tmp_path))
    assert done.words == (
        f"review {kept[1].pk} of 2025-07-01 by {PROGRAM}: 5 decisions, 105 findings; "
        "closed 2025-07-20 by Two <two@staff.example>; "
        "exported 2025-07-20 09:00 UTC with all cases until then"
    )
    assert (done.key_ids, done.known) == ((Keys.of(kept[0]).public()[0]["kid"],), True)
    assert verify_file(file).known is None


def test_keys_that_did_not_sign_it_are_told(kept, tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(Keys(tmp_path / "other").jwks()))
    with pytest.raises(Refused, match="none of the keys given"):
        verify_file(exported(kept, tmp_path), keys=tmp_path / "keys.json")


def test_any_flipped_byte_of_a_record_is_found(kept, tmp_path):
    file = exported(kept, tmp_path)
    content = file.read_bytes()
    anywhere = random.Random(7).sample(range(len(content)), 200)  # noqa: S311 - places in a file
    for place in [*range(600), *anywhere, *range(len(content) - 90, len(content))]:
        file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(Refused):
            verify_file(file)


def test_a_record_that_was_cut_or_grew_is_found(kept, tmp_path):
    file = exported(kept, tmp_path)
    content = file.read_bytes()
    for changed in (content[:-1], content[:-2] + b"\n", content + b"\n", b""):
        file.write_bytes(changed)
        with pytest.raises(Refused):
            verify_file(file)


SMALL = {
    "format": "assay-review-record/1",
    "review": 1,
    "on": "2025-07-01",
    "effective_on": "2025-07-20",
    "closed": {"at": "2025-07-20T09:00:00.000000+00:00", "by": None},
    "program": {"label": "p@1", "text": "a", "vocabulary": "b", "digest": sha256(b"a\0b")},
    "tiers": ["none", "gold"],
    "counts": {"computed": {"none": 0, "gold": 0}, "granted": {"none": 0, "gold": 0}},
    "decisions": [],
}


def small(tmp_path, **changes):
    file = tmp_path / "small.jws"
    line = signed(canonical({**SMALL, **changes}), new_key(), kind=KIND)
    told = canonical(seal_of([line.encode()], at=CLOSED_AT))
    file.write_text(f"{line}\n{signed(told, new_key(), kind=SEAL)}\n")
    return file


@pytest.mark.django_db(databases=[])
def test_every_flipped_byte_of_a_small_record_is_found(tmp_path):
    file = small(tmp_path)
    assert verify_file(file).words.startswith("review 1 of 2025-07-01 by p@1: 0 decisions")
    content = file.read_bytes()
    for place in range(len(content)):
        for flip in (1, 128):
            file.write_bytes(
                content[:place] + bytes([content[place] ^ flip]) + content[place + 1 :]
            )
            with pytest.raises(Refused) as refused:
                verify_file(file)
            assert str(refused.value)


ONE = {"partner": "P", "tier": "gold", "findings": [], "digest": sha256(b"[]"), "grants": []}


@pytest.mark.django_db(databases=[])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "other/2"}, "its format is 'other/2'"),
        ({"program": {**SMALL["program"], "text": "c"}}, "the program's text is not the one"),
        ({"counts": {"computed": {}, "granted": {}}}, "the counts are not those"),
        ({"decisions": [ONE]}, "the counts are not those"),
        ({"decisions": [ONE, ONE]}, "partners are not in order, or stand there twice"),
        ({"decisions": [{**ONE, "digest": "0"}]}, "P: the findings are not those"),
        ({"decisions": [{**ONE, "tier": "lead"}]}, "it is no record of a review"),
        ({"decisions": 1}, "it is no record of a review"),
    ],
)
def test_a_signed_record_that_does_not_go_together_is_refused(tmp_path, changes, words):
    with pytest.raises(Refused, match=words.replace("(", "\\(")):
        verify_file(small(tmp_path, **changes))


def test_what_is_signed_is_in_the_one_spelling(kept):
    payload = opened(kept[2].text, kind=KIND, file="f").payload
    assert payload == canonical(json.loads(payload))


def test_a_batch_of_the_same_moment_that_came_later_changes_nothing(kept, tmp_path):
    """An import may begin before a review is opened and be committed after it."""
    installation, _, _ = kept
    copy = Installation.at(tmp_path / "copy")
    shutil.copytree(installation.folder / "ledger", copy.folder / "ledger")
    shutil.copytree(installation.folder / "keys", copy.folder / "keys")
    late = tmp_path / "transactions.csv"
    late.write_text(
        "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,vendor_amount,"
        "currency\nlate,P3,a3,cloud,2025-01-01,new,1000.00,850.00,USD\n"
    )
    order = Order.under(PROGRAM, source="late", partner_id=None, as_of=None)
    import_reports(copy.ledger, [late], order, imported_at=AT)
    assert replayed((copy, kept[1])) == (5, 105, None)
