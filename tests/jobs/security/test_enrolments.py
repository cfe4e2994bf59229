"""An app in a security program, from the application to its end."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from assay.core.issues import Refused
from assay.jobs.content.attach import attachments
from assay.jobs.security.apply import answer, apply, renew
from assay.jobs.security.decide import approve, ask_back, refuse
from assay.jobs.security.end import end_on, leave
from assay.jobs.security.evidence import SentFile
from assay.jobs.security.tend import tend_enrolments
from assay.store.models import Enrolment, Event, EvidenceFile, Notice
from assay.store.queries.security.badges import badges_of
from tests.jobs.security.conftest import AT

pytestmark = pytest.mark.django_db
BOUNTY = {"scope": "All of it", "page": "https://bounty.example/acme", "payouts": True}
DAY = timedelta(days=1)


def approval(pdf):
    return {
        "cluster": True,
        "performance": pdf(),
        "security": "In a vault.",
        "documentation": "https://docs.example/",
        "support": True,
    }


def assessment(pdf):
    return {"answers": pdf(), "contact": "Ann", "reviewed_on": date(2026, 1, 1)}


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return [(issue.column, issue.message) for issue in refused.value.issues]


def notices(person):
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


def test_an_app_takes_part_from_the_day_it_is_approved_and_the_standing_shows_it(world, stand):
    assert stand(AT)["P1"] == "partner"
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    done = Enrolment.objects.get(pk=one.pk)
    assert (done.state, done.valid_from, done.valid_until) == ("approved", date(2026, 3, 2), None)
    # Silver asks R3 too: the server app with 900 installs is not Data Center approved.
    assert stand(AT + DAY)["P1"] == "partner"
    assert Enrolment.objects.filter(program="bug_bounty", app=world["big"]).count() == 1
    assert notices(world["ann"]) == ["enrolment_decided"]
    assert notices(world["view"]) == []


def test_data_center_approval_comes_and_goes_as_dated_facts(world, stand, pdf):
    one = apply(world["node"].pk, "data_center_approval", approval(pdf), by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    two = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    approve(two.pk, reason="", by=world["sam"], at=AT)
    assert stand(AT + DAY)["P1"] == "silver"
    ends = date(2026, 4, 10)
    end_on(one.pk, ends, reason="It fails on a cluster.", by=world["sam"], at=AT + DAY)
    assert stand(AT + 2 * DAY)["P1"] == "silver"
    on_the_day = AT.replace(month=4, day=10)
    assert tend_enrolments(at=on_the_day) == 1
    assert tend_enrolments(at=on_the_day) == 0
    assert stand(on_the_day)["P1"] == "silver"  # it left on the day: gone at its end
    assert stand(on_the_day + DAY)["P1"] == "partner"
    assert Enrolment.objects.get(pk=one.pk).state == "ended"
    told = Notice.objects.filter(person=world["ann"], kind="enrolment_ends").order_by("pk")
    assert "you would then hold: Marketplace Partner. Now: Silver." in told[0].body
    assert [notice.subject for notice in told] == [
        "Node leaves “Data Center approval” on 10 April 2026",
        "Node takes no more part: Data Center approval",
    ]


def test_what_is_missing_is_told_at_once_and_nothing_is_kept(world):
    shown = {"scope": "", "page": "https://x.example/" + "y" * 400}
    told = refusal(lambda: apply(world["big"].pk, "bug_bounty", shown, by=world["ann"], at=AT))
    assert told == [
        ("scope", "fill it in"),
        ("page", "at most 300 characters"),
        ("payouts", "confirm it"),
    ]
    assert not Enrolment.objects.filter(app=world["big"]).exists()


def test_an_app_that_may_not_join_is_refused_with_the_condition(world, pdf):
    join = approval(pdf)
    told = refusal(
        lambda: apply(world["big"].pk, "data_center_approval", join, by=world["ann"], at=AT)
    )
    assert told == [(None, "this app may not join")]


def test_an_app_applies_once(world):
    apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    told = refusal(lambda: apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT))
    assert told == [(None, "the app is in this security program already, or has applied")]


def test_asked_back_it_is_mended_and_the_file_stays(world, pdf):
    one = apply(world["big"].pk, "self_assessment", assessment(pdf), by=world["ann"], at=AT)
    assert refusal(lambda: ask_back(one.pk, reason=" ", by=world["sam"], at=AT)) == [
        ("reason", "say what is missing")
    ]
    ask_back(one.pk, reason="Who is Ann?", by=world["sam"], at=AT)
    mended = {"contact": "Ann Made-Up", "reviewed_on": date(2026, 1, 1)}
    answer(one.pk, mended, by=world["ann"], at=AT + DAY)
    approve(one.pk, reason="", by=world["sam"], at=AT + DAY)
    done = Enrolment.objects.get(pk=one.pk)
    assert done.evidence["contact"] == "Ann Made-Up"
    assert done.valid_until == date(2027, 3, 3)
    kept = EvidenceFile.objects.get()
    assert (kept.pk, kept.name, kept.media_type) == (
        done.evidence["answers"],
        "answers.pdf",
        "application/pdf",
    )
    with attachments().open(kept.file) as file:
        assert file.read() == b"%PDF-1.7\nmade up"
    assert [step.act for step in done.steps.all()] == [
        "applied",
        "asked_back",
        "answered",
        "approved",
    ]
    assert Event.objects.filter(act__startswith="enrolment_").count() == 5  # and one reported


def test_a_file_that_is_not_what_it_says_is_refused(world):
    shown = {
        "answers": SentFile(io.BytesIO(b"MZ"), "answers.pdf"),
        "contact": "Ann",
        "reviewed_on": date(2026, 1, 1),
    }
    act = lambda: apply(world["big"].pk, "self_assessment", shown, by=world["ann"], at=AT)  # noqa: E731
    assert refusal(act) == [("answers", "is not what a file that ends in .pdf holds")]
    assert not Enrolment.objects.filter(app=world["big"]).exists()


def test_a_refused_app_can_apply_again(world):
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    refuse(one.pk, reason="Nothing is in scope.", by=world["sam"], at=AT)
    assert refusal(lambda: approve(one.pk, reason="", by=world["sam"], at=AT)) == [
        (None, "it does not wait for a decision any more")
    ]
    apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)


def test_it_is_warned_of_30_and_7_days_ahead_once_each_and_expires_on_the_day(world, pdf):
    one = apply(world["big"].pk, "self_assessment", assessment(pdf), by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    end = AT.replace(year=2027)

    def done(days):
        return [tend_enrolments(at=end - days * DAY) for _ in range(2)]

    assert [done(31), done(30), done(29), done(8), done(7), done(1)] == [
        [0, 0],
        [1, 0],
        [0, 0],
        [0, 0],
        [1, 0],
        [0, 0],
    ]
    assert done(0) == [1, 0]
    assert Enrolment.objects.get(pk=one.pk).state == "expired"
    subjects = Notice.objects.filter(person=world["ann"], kind="enrolment_ends").order_by("pk")
    assert [notice.subject for notice in subjects] == [
        "Big: “Security self-assessment” ends in 30 days",
        "Big: “Security self-assessment” ends in 7 days",
        "Big takes no more part: Security self-assessment",
    ]


def test_a_worker_that_slept_warns_once_and_not_twice(world, pdf):
    one = apply(world["big"].pk, "self_assessment", assessment(pdf), by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    at = AT.replace(year=2027) - 5 * DAY
    assert [tend_enrolments(at=at), tend_enrolments(at=at + DAY)] == [1, 0]
    assert Enrolment.objects.get(pk=one.pk).warned == [30, 7]


def test_a_renewal_adds_a_term_to_the_end_and_warns_anew(world, pdf):
    one = apply(world["big"].pk, "self_assessment", assessment(pdf), by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    early = lambda: renew(one.pk, assessment(pdf), by=world["ann"], at=AT)  # noqa: E731
    assert refusal(early) == [(None, "it cannot be renewed now")]
    at = AT.replace(year=2027) - 20 * DAY
    tend_enrolments(at=at)
    renew(one.pk, assessment(pdf), by=world["ann"], at=at)
    approve(one.pk, reason="", by=world["sam"], at=at)
    done = Enrolment.objects.get(pk=one.pk)
    assert (done.state, done.renewal, done.valid_until, done.warned) == (
        "approved",
        "",
        date(2028, 3, 2),
        [],
    )


def renewed_late(world, pdf):
    """Enrol Big until 2 March 2027, and ask for another year ten days before that."""
    one = apply(world["big"].pk, "self_assessment", assessment(pdf), by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    renew(one.pk, assessment(pdf), by=world["ann"], at=AT.replace(year=2027) - 10 * DAY)
    return one.pk


def badges(app, at):
    return [badge.program for badge in badges_of([app], at.date()).get(app.pk, ())]


def test_a_renewal_asked_for_in_time_holds_until_staff_decide_and_adds_a_term_then(world, pdf):
    one, late = renewed_late(world, pdf), AT.replace(year=2027) + 5 * DAY
    assert [tend_enrolments(at=late), badges(world["big"], late)] == [0, ["self_assessment"]]
    approve(one, reason="", by=world["sam"], at=late)
    done = Enrolment.objects.get(pk=one)
    assert (done.state, done.valid_until) == ("approved", date(2028, 3, 7))


def test_a_renewal_that_is_refused_late_ends_it_that_day_and_the_partner_is_told(world, pdf):
    one, late = renewed_late(world, pdf), AT.replace(year=2027) + 5 * DAY
    refuse(one, reason="Too thin.", by=world["sam"], at=late)
    done = Enrolment.objects.get(pk=one)
    assert (done.state, done.renewal, done.valid_until) == ("expired", "", date(2027, 3, 7))
    assert badges(world["big"], late) == []
    told = Notice.objects.filter(person=world["ann"]).order_by("-pk")
    over, refusal_told = (notice.body for notice in told[:2])
    assert over == "It expired on 7 March 2027; its badge is gone."
    assert refusal_told == (
        "We do not renew Big: it takes part until 7 March 2027. You can apply again.\n\n"
        "On today's evidence that changes nothing in your standing.\n\nToo thin."
    )


def test_a_renewal_that_is_refused_ahead_leaves_it_in_force_until_its_day(world, pdf):
    one = renewed_late(world, pdf)
    refuse(one, reason="Too thin.", by=world["sam"], at=AT.replace(year=2027) - 9 * DAY)
    done = Enrolment.objects.get(pk=one)
    assert (done.state, done.renewal, done.valid_until) == ("approved", "", date(2027, 3, 2))
    assert tend_enrolments(at=AT.replace(year=2027)) == 1
    assert Enrolment.objects.get(pk=one).state == "expired"


def test_what_staff_ask_about_a_renewal_can_be_answered_for_thirty_days(world, pdf):
    one, end = renewed_late(world, pdf), AT.replace(year=2027)
    ask_back(one, reason="Who is Ann?", by=world["sam"], at=end - DAY)
    assert [tend_enrolments(at=end + days * DAY) for days in (0, 28, 29, 30)] == [0, 0, 1, 0]
    done = Enrolment.objects.get(pk=one)
    assert (done.state, done.valid_until) == ("expired", date(2027, 3, 31))


def test_a_partner_leaves_at_once_and_the_fact_is_dated(world, stand):
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    stand(AT + DAY)
    leave(one.pk, reason="We pause.", by=world["ann"], at=AT + DAY)
    stand(AT + 2 * DAY)
    done = Enrolment.objects.get(app=world["big"])
    assert (done.state, done.valid_until, done.ending) == (
        "ended",
        date(2026, 3, 3),
        "We pause.",
    )


def test_staff_end_it_with_the_programs_notice_only(world):
    one = apply(world["big"].pk, "bug_bounty", BOUNTY, by=world["ann"], at=AT)
    approve(one.pk, reason="", by=world["sam"], at=AT)
    early = date(2026, 3, 31)
    act = lambda: end_on(one.pk, early, reason="Why not", by=world["sam"], at=AT)  # noqa: E731
    assert refusal(act) == [("on", "partners must hear of it earlier")]
    end_on(one.pk, date(2026, 4, 1), reason="Why not", by=world["sam"], at=AT)
