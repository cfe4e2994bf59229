"""The weekly digest: what is new and not read, one mail a person and week."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assay.core.notices.content import DIGEST
from assay.core.rights import Role
from assay.jobs.content.read_posts import mark_post_read
from assay.jobs.content.send_digests import send_digests, week_end
from assay.jobs.notices.read_notices import choose_mail
from assay.store.models import Mail, Membership, Notice, Partner
from tests.posts import AT, for_tiers, make_member, make_partners, make_person, person, posted

pytestmark = pytest.mark.django_db
BEFORE = AT - timedelta(days=2)


@pytest.fixture
def partners():
    return make_partners()


def mailed():
    return sorted(Mail.objects.values_list("to", flat=True))


@pytest.mark.usefixtures("partners")
def test_one_mail_a_person_and_week_with_what_is_theirs_and_not_read():
    read = posted(title="Read", at=BEFORE)
    posted(title="For owners of Gold", audience=for_tiers("gold", roles=("owner",)), at=BEFORE)
    for name in ("none", "partner", "silver", "platinum"):
        for role in ("owner", "viewer"):
            mark_post_read(read.pk, person=person(f"{name}-{role}").pk, at=AT)
    mark_post_read(read.pk, person=person("gold-owner").pk, at=AT)
    assert [send_digests(at=AT), send_digests(at=AT + timedelta(minutes=15))] == [2, 0]
    owner, viewer = Mail.objects.order_by("to")
    assert (owner.to, owner.subject) == (
        "gold-owner@demo.example",
        "New for you: For owners of Gold",
    )
    assert "Update: For owners of Gold" in owner.text
    assert "/portal/gold-co/resources/for-owners-of-gold/" in owner.text
    assert (viewer.to, viewer.subject) == ("gold-viewer@demo.example", "New for you: Read")
    assert "Gold:" not in viewer.text


@pytest.mark.usefixtures("partners")
def test_nobody_is_written_to_where_nothing_is_new():
    posted(at=AT - timedelta(days=8))  # told of a week ago
    posted(at=AT)  # next week's
    assert send_digests(at=AT) == 0
    assert not Notice.objects.exists()


@pytest.mark.usefixtures("partners")
def test_a_person_in_two_partners_gets_one_mail():
    both = person("gold-owner")
    other = Partner.objects.get(slug="silver-co")
    Membership.objects.create(partner=other, person=both, role=Role.VIEWER, since=AT)
    posted(title="For Silver", audience=for_tiers("silver"), at=BEFORE)
    posted(title="For Gold", audience=for_tiers("gold"), at=BEFORE)
    send_digests(at=AT)
    mail = Mail.objects.get(to=both.email)
    assert "/portal/silver-co/resources/for-silver/" in mail.text
    assert "/portal/gold-co/resources/for-gold/" in mail.text


@pytest.mark.usefixtures("partners")
def test_who_switched_it_off_gets_no_mail():
    posted(audience=for_tiers("gold"), at=BEFORE)
    choose_mail(person("gold-owner"), wanted=[], among=[DIGEST.key], at=BEFORE)
    assert send_digests(at=AT) == 2
    assert mailed() == ["gold-viewer@demo.example"]


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("", datetime(2026, 7, 6, 9, tzinfo=UTC)),
        ("Europe/Stockholm", datetime(2026, 7, 6, 7, tzinfo=UTC)),
        ("Asia/Kathmandu", datetime(2026, 7, 6, 3, 15, tzinfo=UTC)),
        ("Pacific/Apia", datetime(2026, 7, 5, 20, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2026, 7, 6, 16, tzinfo=UTC)),
    ],
)
def test_it_is_due_on_monday_at_nine_in_the_readers_zone(partners, zone, due):
    make_member(partners["gold"], "reader", Role.FINANCE, time_zone=zone)
    posted(audience=for_tiers("gold", roles=("finance",)), at=BEFORE)
    sent = [send_digests(at=due - timedelta(seconds=1)), send_digests(at=due)]
    assert sent == [0, 1]


def test_a_worker_that_was_down_for_less_than_a_day_sends_it_late(partners):
    make_member(partners["gold"], "reader", Role.FINANCE)
    posted(audience=for_tiers("gold", roles=("finance",)), at=BEFORE)
    assert send_digests(at=AT + timedelta(days=1)) == 0
    assert send_digests(at=AT + timedelta(hours=23)) == 1


def test_the_week_ends_at_the_same_hour_over_a_change_of_the_clock():
    ends = week_end("Europe/Berlin", datetime(2026, 10, 28, tzinfo=UTC))
    assert ends.astimezone(UTC) == datetime(2026, 10, 26, 8, tzinfo=UTC)


def test_who_is_in_no_partner_gets_none():
    make_person("nobody")
    posted(at=BEFORE)
    assert send_digests(at=AT) == 0
