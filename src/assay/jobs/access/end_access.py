"""Access ends when its conditions end: told at once, told again a week before, ended on the day.

Looked at are the members of partners that have held a tier. A partner that never has is on its
way to its first app: its members have access without the conditions (S2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from assay.core.notices.people import ACCESS_ENDS, MEMBER_LEFT, OWNER_LOST
from assay.core.rights import Role, role_title
from assay.jobs.access.judge_address import has_private_address
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.seats import locked_partner, withdraw_invitations_by
from assay.store.models import AccessEnding, Membership, Partner
from assay.store.queries.access.conditions import has_held_a_tier, has_paid_app
from assay.store.queries.access.domains import own_domains
from assay.words.dates import day_words

WARNED_BEFORE = timedelta(days=7)
_State, _Condition = AccessEnding.State, AccessEnding.Condition
WORDS: Mapping[AccessEnding.Condition, str] = {
    _Condition.PAID_APP: "{partner} has no app any more that is paid via the platform.",
    _Condition.ADDRESS: "none of the confirmed addresses of your account is at a private domain.",
}
REMEDIES: Mapping[AccessEnding.Condition, str] = {
    _Condition.PAID_APP: "It stays if an app of {partner} is listed and paid via the platform by "
    "then.",
    _Condition.ADDRESS: "It stays if you add your address at work to your account, and confirm "
    "it, by then.",
}


def end_access(*, after_days: int, at: datetime) -> None:
    """Look at every partner's members once: begin, warn of, cancel and carry out endings.

    Run again on the same day, nothing happens a second time. Each partner is a transaction.
    """
    own = own_domains()
    of_members = Membership.objects.values_list("partner", flat=True)
    of_endings = AccessEnding.objects.filter(state=_State.OPEN).values_list("partner", flat=True)
    for partner_id in sorted({*of_members, *of_endings}):
        with transaction.atomic():
            _tend(locked_partner(partner_id), own, after_days, at)


def _tend(partner: Partner, own: dict[str, bool], after_days: int, at: datetime) -> None:
    open_ones = {
        ending.person_id: ending
        for ending in partner.access_endings.filter(state=_State.OPEN).select_related("person")
    }
    looked_at = has_held_a_tier(partner.pk)
    paid = not looked_at or has_paid_app(partner.pk)
    for member in partner.memberships.select_related("person").order_by("pk"):
        ending = open_ones.pop(member.person_id, None)
        private = not looked_at or has_private_address(member.person, own)
        if paid and private:
            if ending is not None:
                _cancel(ending, at)
            continue
        lacking = _Condition.ADDRESS if paid else _Condition.PAID_APP
        if ending is None:
            _begin(member, lacking, after_days, at)
        else:
            _go_on(ending, member, lacking, at)
    for ending in open_ones.values():  # they are no members any more
        _settle(ending, _State.CANCELLED, at)


def _begin(
    member: Membership, lacking: AccessEnding.Condition, after_days: int, at: datetime
) -> None:
    ends_on = _day(at) + timedelta(days=after_days)
    ending = AccessEnding.objects.create(
        partner=member.partner,
        person=member.person,
        condition=lacking,
        noticed_at=at,
        ends_on=ends_on,
    )
    words = f"The access of {member.person} is to end on {day_words(ends_on)}"
    _recorded(ending, "access_ending", words, at)
    _tell(
        ending, "noticed", f"Your access to {member.partner} is to end on {day_words(ends_on)}", at
    )


def _go_on(
    ending: AccessEnding, member: Membership, lacking: AccessEnding.Condition, at: datetime
) -> None:
    """Bring an ending on its way: end the access on its day, warn once in the week before."""
    if ending.condition != lacking:
        ending.condition = lacking
        ending.save(update_fields=["condition"])
    today = _day(at)
    if today >= ending.ends_on:
        _end(ending, member, at)
    elif _is_to_warn(ending, today):
        ending.warned_at = at
        ending.save(update_fields=["warned_at"])
        subject = f"Your access to {ending.partner} ends in a week, on {day_words(ending.ends_on)}"
        if ending.ends_on - today < WARNED_BEFORE:
            subject = f"Your access to {ending.partner} ends on {day_words(ending.ends_on)}"
        _tell(ending, "warned", subject, at)


def _is_to_warn(ending: AccessEnding, today: date) -> bool:
    """Tell whether the second notice is due; one that was noticed so late has had its notice."""
    begins = ending.ends_on - WARNED_BEFORE
    return ending.warned_at is None and today >= begins > _day(ending.noticed_at)


def _end(ending: AccessEnding, member: Membership, at: datetime) -> None:
    """Take the access away, an owner's too, and tell who has to know."""
    partner, person = ending.partner, ending.person
    Membership.objects.filter(pk=member.pk).delete()
    withdraw_invitations_by(partner, person, at=at)
    _settle(ending, _State.ENDED, at)
    title = role_title(member.role).lower()
    words = f"The access of {person}, who was {title}, ended: a condition does not hold"
    _recorded(ending, "access_ended", words, at)
    tell(
        ACCESS_ENDS,
        occasion=f"ending:{ending.pk}:ended",
        subject=f"Your access to {partner} has ended",
        body=f"The reason: {_words(ending)}\n\nOnce the conditions hold again, ask for it anew.",
        link="/access/",
        at=at,
        partner=partner,
        people=[person],
    )
    tell(
        MEMBER_LEFT,
        occasion=f"ending:{ending.pk}",
        subject=f"The access of {person} to {partner} has ended",
        body="A condition of access does not hold any more: an app paid via the platform, and an "
        "address at a private domain.",
        link=f"/portal/{partner.slug}/team/",
        at=at,
        partner=partner,
    )
    if member.role == Role.OWNER:
        left = Membership.objects.filter(partner=partner, role=Role.OWNER).count()
        tell(
            OWNER_LOST,
            occasion=f"ending:{ending.pk}",
            subject=f"{person}, an owner of {partner}, has no access any more",
            body=f"The reason: {_of_partner(ending)}\n\nOwners left: {left}.",
            link=f"/staff/partners/{partner.slug}/",
            at=at,
        )


def _cancel(ending: AccessEnding, at: datetime) -> None:
    _settle(ending, _State.CANCELLED, at)
    _recorded(ending, "access_stays", f"The access of {ending.person} stays", at)
    _tell(ending, "stays", f"Your access to {ending.partner} stays", at)


def _settle(ending: AccessEnding, state: AccessEnding.State, at: datetime) -> None:
    ending.state, ending.settled_at = state, at
    ending.save(update_fields=["state", "settled_at"])


def _tell(ending: AccessEnding, step: str, subject: str, at: datetime) -> None:
    body = f"The reason: {_words(ending)}\n\n{_told(REMEDIES, ending)}"
    if step == "stays":
        body = "The conditions of access hold again; there is nothing to do."
    tell(
        ACCESS_ENDS,
        occasion=f"ending:{ending.pk}:{step}",
        subject=subject,
        body=body,
        link="/account/",
        at=at,
        partner=ending.partner,
        people=[ending.person],
    )


def _words(ending: AccessEnding) -> str:
    return _told(WORDS, ending)


def _of_partner(ending: AccessEnding) -> str:
    if ending.condition == _Condition.ADDRESS:
        return "no address of theirs is at a private domain."
    return _words(ending)


def _told(words: Mapping[AccessEnding.Condition, str], ending: AccessEnding) -> str:
    return words[_Condition(ending.condition)].format(partner=ending.partner)


def _recorded(ending: AccessEnding, act: str, words: str, at: datetime) -> None:
    record(
        act,
        words,
        at=at,
        partner=ending.partner,
        target=f"person:{ending.person_id}",
        condition=ending.condition,
    )


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
