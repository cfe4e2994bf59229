"""Pages of security programs and of the program's rules."""

# ruff: noqa: F811 - fixtures are imported by the names that tests ask for

from __future__ import annotations

import io
from datetime import date, timedelta
from html import unescape

import pytest

from assay.jobs.security.apply import apply, renew
from assay.jobs.security.decide import approve
from assay.portal.access import BOTH_FACTORS
from assay.site import middleware
from assay.store.models import Award, Enrolment, Notice, RuleChange
from tests.jobs.security.conftest import AT, first_ledger, pdf, stand, told, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
HOME = "/portal/acme/security/"


@pytest.fixture
def at(monkeypatch):
    """Let every request come at the moment of the world."""

    class Clock:
        now = staticmethod(lambda _zone: AT)

    monkeypatch.setattr(middleware, "datetime", Clock)


@pytest.fixture
def sign_in(client, at):  # noqa: ARG001 - the moment
    def sign_in(person):
        client.force_login(person)
        if person.staff_role:
            session = client.session
            session[BOTH_FACTORS] = True
            session.save()
        return client

    return sign_in


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


def evidence(**fields):
    answers = io.BytesIO(b"%PDF-1.7\nmade up")
    answers.name = "answers.pdf"
    return {"answers": answers, "contact": "Ann", "reviewed_on": "2026-01-01"} | fields


def test_an_owner_applies_staff_ask_back_the_owner_mends_and_the_badge_shows(world, sign_in):
    client = sign_in(world["ann"])
    big = world["big"]
    apply = f"{HOME}apply/self_assessment/{big.slug}/"
    assert f'href="{apply}"' in text(client.get(HOME))
    wrong = client.post(apply, evidence(contact=""))
    assert (wrong.status_code, Enrolment.objects.filter(app=big).count()) == (422, 0)
    assert client.post(apply, evidence()).status_code == 302
    one = Enrolment.objects.get(app=big)
    staff = f"/staff/security/{one.pk}/"
    client = sign_in(world["sam"])
    assert "One application waits for you." in text(client.get("/staff/security/"))
    assert "answers.pdf" in text(client.get(staff))
    refused = client.post(f"{staff}ask-back/", {"reason": ""})
    assert (refused.status_code, "Say what is missing." in refused.content.decode()) == (422, True)
    client.post(f"{staff}ask-back/", {"reason": "Who is Ann?"})
    client = sign_in(world["ann"])
    assert "Who is Ann?" in text(client.get(f"{HOME}{one.pk}/"))
    client.post(f"{HOME}{one.pk}/answer/", {"contact": "Ann Made-Up", "reviewed_on": "2026-01-01"})
    client = sign_in(world["sam"])
    client.post(f"{staff}approve/", {"reason": ""})
    client.logout()
    shown = text(client.get(f"/apps/{big.slug}/"))
    assert "Security self-assessment" in shown
    client = sign_in(world["ann"])
    client.post(f"{HOME}{one.pk}/leave/", {"reason": "We pause."})
    client.logout()
    assert "Security self-assessment" not in text(client.get(f"/apps/{big.slug}/"))


def test_evidence_is_downloaded_by_its_partner_and_staff_alone(world, sign_in):
    client = sign_in(world["ann"])
    client.post(f"{HOME}apply/self_assessment/{world['big'].slug}/", evidence())
    one = Enrolment.objects.get(app=world["big"])
    file = one.files.get().pk
    mine, staffs = f"{HOME}{one.pk}/files/{file}/", f"/staff/security/{one.pk}/files/{file}/"
    answer = client.get(mine)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\nmade up"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="answers.pdf"'
    assert client.get(staffs).status_code == 404
    client = sign_in(world["otto"])
    assert client.get(mine).status_code == 404
    assert client.get(f"/portal/other/security/{one.pk}/files/{file}/").status_code == 404
    assert client.get(f"/portal/other/security/{one.pk}/").status_code == 404
    client = sign_in(world["sam"])
    assert b"".join(client.get(staffs).streaming_content) == b"%PDF-1.7\nmade up"


def test_a_viewer_sees_and_does_not_apply(world, sign_in):
    client = sign_in(world["view"])
    apply = f"{HOME}apply/self_assessment/{world['big'].slug}/"
    assert apply not in text(client.get(HOME))
    assert client.get(apply).status_code == 403


def test_while_a_renewal_waits_both_sides_read_that_it_stays_in_force(world, sign_in, pdf):
    shown = {"answers": pdf(), "contact": "Ann", "reviewed_on": date(2026, 1, 1)}
    long_ago = AT - timedelta(days=360)
    one = apply(world["big"].pk, "self_assessment", shown, by=world["ann"], at=long_ago)
    approve(one.pk, reason="", by=world["sam"], at=long_ago)
    renew(one.pk, shown, by=world["ann"], at=AT)
    client = sign_in(world["sam"])
    page = text(client.get(f"/staff/security/{one.pk}/"))
    assert "it stays in force until you decide." in page
    assert "Whose standing that would change, on today's evidence:" in unescape(page)
    assert "standing changes." in page
    client.post(f"/staff/security/{one.pk}/ask-back/", {"reason": "Who is Ann?"})
    page = text(client.get(f"/staff/security/{one.pk}/"))
    assert "If the partner does not answer before 1 Apr 2026, it ends on that day." in page
    client = sign_in(world["ann"])
    page = text(client.get(f"{HOME}{one.pk}/"))
    assert "Answer before 1 Apr 2026, and it stays in force until we decide." in page
    client.post(f"{HOME}{one.pk}/answer/", evidence())
    page = text(client.get(f"{HOME}{one.pk}/"))
    assert "it stays in force until we decide." in page
    assert "shows on the listing" in page


def test_an_award_below_the_minimum_is_on_the_partners_page_with_what_it_fails(world, sign_in):
    client = sign_in(world["sam"])
    form = "/staff/security/awards/bug_bounty/"
    said = {"app": "far", "key": "e1", "severity": "P1", "submitted_on": "2026-02-01"}
    unknown = client.post(form, said | {"app": "nothing"})
    assert "No app has this key." in unknown.content.decode()
    client.post(form, said | {"awarded": "1499.99"})
    assert Award.objects.get().below is True
    assert "$1,499.99 of at least $1,500" in text(client.get("/staff/security/"))
    client = sign_in(world["otto"])
    shown = text(client.get("/portal/other/security/"))
    assert "paid $1,499.99; the minimum of that day is $1,500." in shown
    assert "(R7), which Silver, Gold, Platinum ask." in shown


def test_the_rules_change_after_a_preview_with_a_reason(
    world, sign_in, django_capture_on_commit_callbacks
):
    client = sign_in(world["sam"])
    assert "“Minimum bounty award”" not in text(client.get("/staff/program/"))
    page = "/staff/program/amounts/minimum_payout/"
    said = {"on": "2026-04-01", "P1": 2000, "P2": 900, "P3": 300, "P4": 100, "P5": 0}
    early = client.get(page, said | {"on": "2026-03-31"})
    assert (early.status_code, "Partners must hear of it earlier." in early.content.decode()) == (
        422,
        True,
    )
    shown = text(client.get(page, said))
    assert "otto@other.example" in shown
    assert "One person is told by name, and nobody else." in shown
    assert not RuleChange.objects.exists()
    assert client.post(page, said).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, said | {"reason": "More"}).status_code == 302
    assert "coming" in text(client.get("/staff/program/"))
    assert [one.person for one in Notice.objects.filter(kind="rules_change")] == [world["otto"]]
    assert "2026-04-01" in text(client.get("/program/"))
    assert date(2026, 4, 1).isoformat() in text(client.get("/program/2026-04-01/"))
