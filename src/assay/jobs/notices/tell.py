"""Tell people something: a notice each in the portal, and a mail to those who get one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from assay.core.notices.kind import Kind
from assay.jobs.notices.queue_mail import MOST_OF_A_SUBJECT, Draft, queue_mails
from assay.store.models import Membership, Notice, NoticeChoice, Partner, Person
from assay.words.letters import Letter, letter_html, letter_text


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is told, and to whom: `people`, or where none are named whose role gets the kind.

    `occasion` is what happened, e.g. `app:KEY:7`: who has been told of it is not told again.
    `body` is plain text, paragraphs parted by empty lines; `link` is a path of the portal.
    """

    occasion: str
    subject: str
    body: str
    link: str = ""
    partner: Partner | None = None
    people: Sequence[Person] | None = None


def tell(  # noqa: PLR0913 - what, when, to whom, in which words
    kind: Kind,
    *,
    occasion: str,
    subject: str,
    body: str,
    link: str = "",
    at: datetime,
    partner: Partner | None = None,
    people: Iterable[Person] | None = None,
) -> tuple[Notice, ...]:
    """Tell one message, as `tell_all` does."""
    message = Message(
        occasion=occasion,
        subject=subject,
        body=body,
        link=link,
        partner=partner,
        people=None if people is None else tuple(people),
    )
    return tell_all(kind, [message], at=at)


def tell_all(kind: Kind, messages: Sequence[Message], *, at: datetime) -> tuple[Notice, ...]:
    """Tell people once for each occasion, in the transaction of what causes it.

    Those are told whom a message names; where it names none, those of its partner or of the
    program team whose role gets this kind. A mail goes to each where the kind is required or
    wanted. Returns what is new; how many statements it takes does not depend on how many they are.
    """
    with transaction.atomic():
        fresh = _keep(_wanted(kind, messages, at=at))
        queue_mails([_draft(kind, notice) for notice in _mailed(kind, fresh)], at=at)
    return tuple(fresh)


def _wanted(kind: Kind, messages: Sequence[Message], *, at: datetime) -> list[Notice]:
    """Return the notices that there should be, each person and occasion once."""
    by_role = _by_role(kind, messages)
    wanted: dict[tuple[int, str], Notice] = {}
    for message in messages:
        told = by_role[_partner_of(message)] if message.people is None else message.people
        occasion = f"{kind.key}:{message.occasion}"[:200]
        for person in told:
            if person.is_active:
                wanted.setdefault(
                    (person.pk, occasion),
                    Notice(
                        person=person,
                        occasion=occasion,
                        partner=message.partner,
                        kind=kind.key,
                        subject=message.subject[:MOST_OF_A_SUBJECT],
                        body=message.body,
                        link=message.link,
                        told_at=at,
                    ),
                )
    return list(wanted.values())


def _by_role(kind: Kind, messages: Sequence[Message]) -> Mapping[int | None, list[Person]]:
    """Return whose role gets this kind: members by partner, or staff where that is nobody's."""
    partners = {_partner_of(message) for message in messages if message.people is None}
    theirs = {partner for partner in partners if partner is not None and kind.roles}
    told: dict[int | None, list[Person]] = defaultdict(list)
    seats = Membership.objects.filter(partner__in=theirs, role__in=kind.roles)
    for seat in seats.select_related("person").order_by("pk"):
        told[seat.partner_id].append(seat.person)
    if partners - theirs:
        staff = list(Person.objects.filter(staff_role__in=kind.staff).order_by("pk"))
        told |= dict.fromkeys(partners - theirs, staff)
    return told


def _partner_of(message: Message) -> int | None:
    return message.partner.pk if message.partner else None


def _keep(wanted: Sequence[Notice]) -> list[Notice]:
    """Keep the notices whose person was not told of their occasion yet, and return them.

    Where others tell the same at the same moment, theirs are looked at and the rest is kept. All
    keep theirs in one order, so that any number of them wait and none deadlocks.
    """
    told = Notice.objects.filter(
        person__in={notice.person_id for notice in wanted},
        occasion__in={notice.occasion for notice in wanted},
    )
    while True:
        known = set(told.values_list("person", "occasion"))
        fresh = [one for one in wanted if _once(one) not in known]
        try:
            with transaction.atomic():
                Notice.objects.bulk_create(sorted(fresh, key=_once))
        except IntegrityError:
            if set(told.values_list("person", "occasion")) == known:
                raise  # nobody told the same: something else is wrong
        else:
            return fresh


def _once(notice: Notice) -> tuple[int, str]:
    return notice.person_id, notice.occasion


def _mailed(kind: Kind, notices: Sequence[Notice]) -> Sequence[Notice]:
    """Return the notices that a mail goes out with."""
    if kind.required or not notices:
        return notices
    people = {notice.person_id for notice in notices}
    choices = NoticeChoice.objects.filter(kind=kind.key, person__in=people)
    chosen = dict(choices.values_list("person", "by_mail"))
    return [one for one in notices if chosen.get(one.person_id, kind.by_mail)]


def _draft(kind: Kind, notice: Notice) -> Draft:
    letter = Letter(
        sender=settings.SITE_TITLE,
        subject=notice.subject,
        body=notice.body,
        link=settings.BASE_URL + notice.link if notice.link else "",
        why=why_words(kind),
        choose=f"{settings.BASE_URL}/account/notices/choices/",
    )
    return Draft(
        to=notice.person.email,
        subject=letter.subject,
        text=letter_text(letter),
        html=letter_html(letter),
        notice=notice,
    )


def why_words(kind: Kind) -> str:
    """Say why somebody gets a mail of this kind."""
    if kind.required:
        return f"You get this mail whatever you choose. {kind.required}"
    return f"You get mail of this kind: “{kind.title}”."
