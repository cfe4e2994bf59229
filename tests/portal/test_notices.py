"""Notices: what was I told, when; what reaches me by mail."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from assay.core.notices.apps import APP_SENT_BACK
from assay.core.notices.people import MEMBER_JOINED
from assay.core.rights import Role
from assay.jobs.notices.tell import tell
from assay.portal.access import BOTH_FACTORS, VIEWING_AS
from assay.store.models import Membership, Notice, NoticeChoice, Partner, Person

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return Partner.objects.create(key="P1", slug="acme", name="Acme Demo", created_at=AT)


@pytest.fixture(autouse=True)
def owner(acme, client):
    person = Person.objects.create_user("ann@acme.example", joined_at=AT)
    Membership.objects.create(partner=acme, person=person, role=Role.OWNER, since=AT)
    client.force_login(person)
    return person


def say(partner, kind=MEMBER_JOINED, occasion="1"):
    (notice,) = tell(
        kind,
        occasion=occasion,
        subject="Bob joined",
        body="Bob joined.\n\nAs viewer.",
        link="/portal/acme/team/",
        at=AT,
        partner=partner,
    )
    return notice


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_list_of_nothing_says_what_will_come(client):
    assert "You have not been told anything yet" in page(client, "/portal/acme/notices/")


def test_opening_a_notice_is_reading_it(client, acme):
    notice = say(acme)
    assert "You have one notice that you have not read." in page(client, "/portal/acme/notices/")
    shown = page(client, f"/portal/acme/notices/{notice.pk}/")
    assert "<p>As viewer.</p>" in shown
    assert 'href="/portal/acme/team/"' in shown
    assert Notice.objects.get().read_at is not None
    assert "You have read everything." in page(client, "/portal/acme/notices/")


def test_a_notice_can_be_put_back(client, acme):
    notice = say(acme)
    page(client, f"/account/notices/{notice.pk}/")
    client.post(f"/account/notices/{notice.pk}/unread/")
    assert Notice.objects.get().read_at is None


def test_all_are_marked_as_read_at_once_of_this_partner_alone(client, owner, acme):
    other = Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    Membership.objects.create(partner=other, person=owner, role=Role.OWNER, since=AT)
    say(acme)
    say(other, occasion="2")
    client.post("/portal/acme/notices/read/")
    assert list(Notice.objects.filter(read_at=None).values_list("partner__slug", flat=True)) == [
        "other"
    ]
    client.post("/account/notices/read/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_side_counts_what_is_new_of_this_partner_and_the_top_of_all(client, owner, acme):
    other = Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    Membership.objects.create(partner=other, person=owner, role=Role.OWNER, since=AT)
    for occasion in "234":
        say(other, occasion=occasion)
    say(acme)
    shown = page(client, "/portal/acme/notices/")
    assert re.findall(r'<span class="count">(\d+)', shown) == ["4", "1"]
    assert "You have one notice that you have not read." in shown


def test_filters_narrow_by_topic_and_to_what_is_new(client, acme):
    say(acme)
    assert "Bob joined" in page(client, "/portal/acme/notices/?topic=People&unread=on")
    assert "Nothing passes these filters" in page(client, "/portal/acme/notices/?topic=Apps")


def test_notices_are_downloaded_as_they_are(client, acme):
    say(acme)
    answer = client.get("/portal/acme/notices/?download=csv")
    assert b"".join(answer.streaming_content).decode().splitlines() == [
        "Notice,About,Told",
        "Bob joined,People,2026-07-01T09:00:00+00:00",
    ]


def test_a_notice_of_somebody_else_does_not_exist(client, acme):
    notice = say(acme)
    other = Person.objects.create_user("eve@acme.example", joined_at=AT)
    Membership.objects.create(partner=acme, person=other, role=Role.VIEWER, since=AT)
    client.force_login(other)
    assert client.get(f"/portal/acme/notices/{notice.pk}/").status_code == 404
    assert client.get(f"/account/notices/{notice.pk}/").status_code == 404
    assert client.post(f"/account/notices/{notice.pk}/unread/").status_code == 404


def test_a_notice_of_another_partner_does_not_exist_here(client, owner):
    other = Partner.objects.create(key="P2", slug="other", name="Other Demo", created_at=AT)
    Membership.objects.create(partner=other, person=owner, role=Role.OWNER, since=AT)
    notice = say(other)
    assert client.get(f"/portal/acme/notices/{notice.pk}/").status_code == 404


def test_staff_who_view_as_the_partner_see_what_it_was_told_and_read_nothing_for_it(client, acme):
    notice = say(acme)
    client.force_login(
        Person.objects.create_user("s@demo.example", joined_at=AT, staff_role="support")
    )
    session = client.session
    session[BOTH_FACTORS], session[VIEWING_AS] = True, "acme"
    session.save()
    assert "ann@acme.example" in page(client, "/portal/acme/notices/")
    page(client, f"/portal/acme/notices/{notice.pk}/")
    assert Notice.objects.get().read_at is None


def test_choices_are_kept_and_required_kinds_say_why(client):
    shown = page(client, "/account/notices/choices/")
    assert f'value="{MEMBER_JOINED.key}" checked' in shown
    assert APP_SENT_BACK.required in shown
    assert f'value="{APP_SENT_BACK.key}"' not in shown
    client.post(
        "/account/notices/choices/", {"by_mail": ["app_approved", "no_such", "tier_credited"]}
    )
    kept = dict(NoticeChoice.objects.filter(by_mail=True).values_list("kind", "by_mail"))
    assert kept == {"app_approved": True}
    assert f'value="{MEMBER_JOINED.key}">' in page(client, "/account/notices/choices/")


def test_who_is_in_no_partner_is_offered_only_what_can_reach_them(client):
    client.force_login(Person.objects.create_user("new@acme.example", joined_at=AT))
    shown = page(client, "/account/notices/choices/")
    assert "Your claim to a partner is granted or refused" in shown
    assert "Somebody joins your partner" not in shown
