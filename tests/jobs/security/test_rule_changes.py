"""What hangs on the rules: seen before they change, and told to those whom it touches, by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings

from assay.core.issues import Refused
from assay.jobs.programs.program_versions import program_versions
from assay.jobs.programs.programs import own_versions, program_on
from assay.jobs.security.apply import apply
from assay.jobs.security.change_rules import change_rules, tend_rules, write_version
from assay.jobs.security.rule_changes import RuleChange, preview
from assay.jobs.security.tend import tend_enrolments
from assay.store.models import Enrolment, Event, Notice
from assay.store.models import RuleChange as Made
from tests.jobs.security.conftest import AT, PROGRAM
from tests.jobs.security.test_enrolments import BOUNTY, refusal

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ON = date(2026, 4, 1)  # the first day that the 30 days of notice allow
CELLS = {"P1": 2000, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
RAISED = RuleChange(on=ON, amounts="minimum_payout", cells=CELLS)
ENDED = RuleChange(on=ON, ends="bug_bounty")


def told(kind="rules_change"):
    rows = Notice.objects.filter(kind=kind).order_by("pk")
    return [(notice.person.email, notice.subject) for notice in rows.select_related("person")]


@pytest.fixture
def confirm(world, django_capture_on_commit_callbacks):
    """Make a change, as after its transaction."""

    def change(what, at=AT):
        with django_capture_on_commit_callbacks(execute=True):
            return change_rules(what, reason="Researchers are paid more.", by=world["sam"], at=at)

    return change


def test_a_raised_minimum_names_who_pays_less_now(world):
    assert world["far"].key == "far"
    shown = preview(RAISED, at=AT)
    assert shown.words == (
        "“Minimum bounty award” changes for what is submitted from 1 April 2026 on: "
        "P1 $1,500 → $2,000."
    )
    (one,) = shown.affected
    assert (one.name, one.before, one.after, one.falls) == (
        "Other",
        "Silver",
        "Marketplace Partner",
        True,
    )
    assert one.lost == ("Bug bounty awards meet the minimum payouts (R7): Silver, Gold, Platinum",)
    assert one.people == ("otto@other.example",)
    assert shown.basis == (
        "The review of 1 July 2026 is the first that looks at submissions under the new minimum; "
        "what is submitted before 1 April 2026 keeps its own. Those submissions do not exist yet, "
        "so this is computed as if the new minimum had been in force for the awards of the last "
        "twelve months: who goes on paying as then would fail."
    )
    assert not Made.objects.exists()
    assert own_versions("atlassian-marketplace") == {}


def test_a_raised_minimum_is_a_version_from_its_day_and_told_to_those_it_touches_only(
    stand, confirm
):
    confirm(RAISED)
    assert told() == [("otto@other.example", "Other: the rules change on 1 April 2026")]
    body = Notice.objects.get(kind="rules_change").body
    assert "Why: Researchers are paid more." in body
    assert (
        "What it means for Other: if you go on paying as you did, the review of 1 July 2026 would "
        "give you Marketplace Partner instead of Silver." in body
    )
    assert "as if the new minimum had been in force for the awards of the last twelve" in body
    assert "What to do before 1 April 2026: Raise each of these awards" in body
    assert [version.state for version in program_versions(PROGRAM, AT.date())] == [
        "coming",
        "in force",
    ]
    assert program_on(PROGRAM, ON - DAY).version == "2024-06-13"
    assert program_on(PROGRAM, ON).version == "2026-04-01"
    text = (
        settings.INSTALLATION.programs / "atlassian-marketplace/2026-04-01/program.yaml"
    ).read_text()
    assert "# The Marketplace Partner Program as its page of 13 June 2024 states it." in text
    # What was submitted before keeps its minimum: nobody falls on the day.
    assert stand(AT.replace(month=4, day=2))["P2"] == "silver"
    assert Event.objects.filter(act="rules_changed").count() == 1


def test_an_award_after_the_day_fails_where_the_old_minimum_would_do(told_facts, stand, confirm):
    confirm(RAISED)
    head = "submission_id,app_id,severity,submitted_on,awarded\n"
    at = AT.replace(month=4, day=3)
    told_facts(at=at, bounty_submissions=f"{head}s3,far,P1,2026-03-31,1500\n")
    assert stand(at)["P2"] == "silver"
    told_facts(at=at + DAY, bounty_submissions=f"{head}s4,far,P1,2026-04-01,1500\n")
    assert stand(at + DAY)["P2"] == "partner"


def test_an_ended_security_program_takes_its_enrolments_along_on_the_day(world, stand, confirm):
    waits = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    assert stand(AT)["P2"] == "silver"
    shown = preview(ENDED, at=AT)
    assert [(one.name, one.after) for one in shown.affected] == [("Other", "Marketplace Partner")]
    confirm(ENDED)
    assert told() == [("otto@other.example", "Other: the rules change on 1 April 2026")]
    held = Enrolment.objects.get(app=world["far"])
    assert (held.state, held.valid_until) == ("approved", ON)
    assert Enrolment.objects.get(pk=waits.pk).state == "refused"
    act = lambda: apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)  # noqa: E731
    assert refusal(act) == [(None, "this security program takes no more apps")]
    on_the_day = AT.replace(month=4, day=1)
    tend_enrolments(at=on_the_day)
    assert stand(on_the_day)["P2"] == "silver"
    assert stand(on_the_day + DAY)["P2"] == "partner"
    assert Enrolment.objects.get(app=world["far"]).state == "ended"


@pytest.mark.parametrize("change", [RAISED, ENDED])
def test_nobody_loses_a_tier_through_a_change_without_being_told_by_name(world, change, confirm):
    """Everybody with members whose tier the engine gives lower after the change has a notice."""
    shown = preview(change, at=AT)
    losers = {one.key for one in shown.affected if one.falls}
    assert losers == {"P2"}
    confirm(change)
    notices = Notice.objects.filter(kind="rules_change").select_related("partner", "person")
    assert {notice.partner.key for notice in notices} == losers
    assert all(str(notice.partner) in notice.subject for notice in notices)
    assert {notice.person for notice in notices} == {world["otto"]}
    assert set(Made.objects.get().told) == losers


def test_who_comes_to_be_touched_later_is_told_then_and_nobody_twice(told_facts, stand, confirm):
    confirm(RAISED)
    head = "submission_id,app_id,severity,submitted_on,awarded\n"
    told_facts(at=AT + DAY, bounty_submissions=f"{head}s5,big,P1,2026-03-01,1500\n")
    stand(AT + DAY)
    assert [tend_rules(at=AT + DAY), tend_rules(at=AT + 2 * DAY)] == [1, 0]
    assert [email for email, _ in told()] == ["otto@other.example", "ann@acme.example"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replace(RAISED, on=ON - DAY), [("on", "partners must hear of it earlier")]),
        (replace(ENDED, on=ON - DAY), [("on", "partners must hear of it earlier")]),
        (replace(RAISED, cells=CELLS | {"P1": 1500}), [(None, "nothing would change")]),
        (replace(RAISED, cells={"P1": 2000}), [(None, "give an amount for each")]),
        (replace(RAISED, amounts="nothing"), [(None, "there are no such amounts")]),
        (replace(ENDED, ends="nothing"), [(None, "there is no such security program any more")]),
    ],
)
def test_a_change_that_cannot_be_is_refused(world, change, said):
    assert world
    assert refusal(lambda: preview(change, at=AT)) == said


def test_a_change_needs_a_reason_and_a_day_after_every_version(world, confirm):
    with pytest.raises(Refused, match="say why"):
        change_rules(RAISED, reason=" ", by=world["sam"], at=AT)
    confirm(RAISED)
    assert refusal(lambda: preview(ENDED, at=AT)) == [
        ("on", "another version begins then or later")
    ]
    later = replace(ENDED, on=ON + 30 * DAY)
    confirm(later)
    newest = program_on(PROGRAM, date.max)
    assert newest.version == "2026-05-01"
    assert newest.amounts["minimum_payout"].on(ON)["P1"] == 2000
    assert newest.security_programs["bug_bounty"].until == date(2026, 5, 1)


def test_a_version_that_was_not_written_is_written_again(world, confirm):
    made = confirm(RAISED)
    folder = write_version(made)
    before = (folder / "program.yaml").read_bytes()
    (folder / "program.yaml").unlink()
    for case in (folder / "cases").iterdir():
        case.unlink()
    (folder / "cases").rmdir()
    folder.rmdir()
    assert world
    tend_rules(at=AT)
    assert (folder / "program.yaml").read_bytes() == before
    assert len(list((folder / "cases").iterdir())) > 0
