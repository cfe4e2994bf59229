"""What people enter becomes facts: in the ledger once, and counted by a review."""

from __future__ import annotations

from datetime import date

import pytest

from assay.core.issues import Refused
from assay.engine.duck import Session
from assay.gateways.installation import Installation
from assay.jobs.apps.decide_app import approve_app, retire_app
from assay.jobs.apps.edit_app import begin_app, propose, submit
from assay.jobs.imports import state_facts as statements
from assay.jobs.imports.state_facts import append_statement, say, state_facts
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.ledger.ledger import Ledger
from assay.store.models import Decision, Review, Statement
from tests.people_of_partners import AT, LATER, content, partner, person, seat

PROGRAM = "atlassian-marketplace@2024-06-13"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)
    return settings.INSTALLATION


@pytest.fixture
def acme():
    return partner()


@pytest.fixture
def ann(acme):
    return seat(acme, person("ann@acme.example"))


@pytest.fixture
def sam():
    return person("sam@demo.example", staff="program_manager")


def held(installation, table, tmp_path):
    program = program_of(PROGRAM)
    facts = Source(ledger=installation.ledger).open(program, scratch=tmp_path)
    with Session.open(facts, program.vocabulary, scratch=tmp_path) as session:
        return session.rows(f"SELECT * FROM {table} ORDER BY ALL").to_pylist()


def listed(acme, ann, sam, at=AT, **fields):
    app = begin_app(acme.pk, "example.linker", content(**fields), by=ann, at=at)
    submit(app.pk, by=ann, at=at)
    return approve_app(app.pk, reason="", by=sam, at=at)


def test_an_approved_app_is_in_the_ledger_with_its_listing(acme, ann, sam, installation, tmp_path):
    listed(acme, ann, sam)
    assert state_facts(at=AT) == 1
    assert held(installation, "apps", tmp_path) == [
        {"app_id": "example.linker", "partner_id": "P1", "name": "Linker", "public": True}
    ]
    assert held(installation, "listings", tmp_path) == [
        {
            "app_id": "example.linker",
            "hosting": "cloud",
            "listed_on": date(2026, 7, 1),
            "payment": "platform",
            "retired_on": None,
            "approved_on": None,
        }
    ]


def test_a_batch_says_who_said_what_and_when(acme, ann, sam, installation):
    listed(acme, ann, sam)
    state_facts(at=LATER)
    ledger = Ledger.open(installation.ledger, vocabulary=program_of(PROGRAM).vocabulary)
    [batch] = ledger.describe()["batches"]
    assert batch["source"] == "portal"
    assert batch["imported_at"] == "2026-07-01T09:00:00+00:00"
    assert batch["options"] == {
        "vocabulary": "marketplace-1",
        "currency": "USD",
        "partner": "P1",
        "by": "sam@demo.example",
        "why": "app listed: example.linker",
    }


def test_nothing_is_stated_twice(acme, ann, sam, installation, tmp_path):
    listed(acme, ann, sam)
    assert (state_facts(at=AT), state_facts(at=AT)) == (1, 0)
    assert len(held(installation, "apps", tmp_path)) == 1


def test_a_crash_after_the_append_is_healed_without_a_second_batch(acme, ann, sam, installation):
    listed(acme, ann, sam)
    statement = Statement.objects.get()
    assert append_statement(statement) == 1  # and the process dies before the row knows
    assert state_facts(at=LATER) == 1
    assert Statement.objects.get().batch == 1
    ledger = Ledger.open(installation.ledger, vocabulary=program_of(PROGRAM).vocabulary)
    assert len(ledger.describe()["batches"]) == 1


def test_what_the_ledger_refuses_waits_and_is_told(acme, ann, sam, installation):
    listed(acme, ann, sam)
    installation.folder.mkdir(exist_ok=True)
    installation.ledger.write_text("a file where the ledger should be")
    assert state_facts(at=AT) == 0
    assert "the ledger cannot be read or written" in Statement.objects.get().error
    installation.ledger.unlink()
    assert state_facts(at=AT) == 1
    assert Statement.objects.get().error == ""


def test_an_act_that_is_undone_states_nothing(acme, ann, sam):
    with pytest.raises(Refused):
        approve_app(begin_app(acme.pk, "k", content(), by=ann, at=AT).pk, reason="", by=sam, at=AT)
    assert Statement.objects.count() == 0


def test_another_payment_model_ends_the_listing_and_begins_one(
    acme, ann, sam, installation, tmp_path
):
    app = listed(acme, ann, sam)
    propose(app.pk, content(hostings={"cloud": "partner"}), by=ann, at=LATER)
    submit(app.pk, by=ann, at=LATER)
    approve_app(app.pk, reason="", by=sam, at=LATER)
    state_facts(at=LATER)
    assert [
        (row["listed_on"], row["payment"], row["retired_on"])
        for row in held(installation, "listings", tmp_path)
    ] == [
        (date(2026, 7, 1), "platform", date(2026, 7, 9)),
        (date(2026, 7, 9), "partner", None),
    ]


def test_a_retired_app_ends_every_listing(acme, ann, sam, installation, tmp_path):
    app = listed(acme, ann, sam, hostings={"cloud": "free", "server": "platform"})
    retire_app(app.pk, by=ann, at=LATER)
    state_facts(at=LATER)
    assert [row["retired_on"] for row in held(installation, "listings", tmp_path)] == [
        date(2026, 7, 9),
        date(2026, 7, 9),
    ]


def outcome(requirement):
    explained = Decision.objects.latest("pk").explanation
    return (
        explained.split(f'"requirement":"{requirement}"')[1].split('"outcome":"')[1].split('"')[0]
    )


def test_a_review_counts_what_was_entered(acme, ann, sam, installation):
    rows = {"partners": [{"partner_id": "P1", "name": "Acme Links", "time_zone": "Europe/Berlin"}]}
    say(acme, rows, why="partner active", at=AT, by=ann)
    app = listed(acme, ann, sam, hostings={"cloud": "partner"})
    state_facts(at=AT)
    source = Source(ledger=installation.ledger)
    record_review(PROGRAM, source, on=date(2026, 8, 1), kind=Review.Kind.STANDING, at=AT)
    assert outcome("paid_apps_are_pva") == "not_met"
    propose(app.pk, content(hostings={"cloud": "platform"}), by=ann, at=LATER)
    submit(app.pk, by=ann, at=LATER)
    approve_app(app.pk, reason="", by=sam, at=LATER)
    state_facts(at=LATER)
    record_review(PROGRAM, source, on=date(2026, 8, 2), kind=Review.Kind.STANDING, at=LATER)
    assert outcome("paid_apps_are_pva") == "met"


def test_the_worker_knows_the_task():
    from procrastinate.contrib.django import app  # noqa: PLC0415 - after Django is set up

    assert statements.STATE_FACTS in app.tasks
