"""What people were told, and what they choose to be mailed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from assay.core.notices import KINDS, kinds_for
from assay.core.notices.kind import Kind
from assay.store.models import Membership, Notice, NoticeChoice, Person


@dataclass(frozen=True, kw_only=True)
class Told:
    """One notice as its reader sees it; `mail` is what became of the mail, "" where none was."""

    id: int
    topic: str
    title: str
    why: str
    subject: str
    body: str
    link: str
    partner: str
    told_at: datetime
    read_at: datetime | None
    mail: str
    mailed_at: datetime | None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body."""
        return tuple(part.strip() for part in self.body.split("\n\n") if part.strip())


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A kind of notice, and whether it reaches a person by mail too."""

    kind: Kind
    by_mail: bool


def notices_of(
    person: Person, *, partner: int | None = None, of_all: bool = False
) -> QuerySet[Notice]:
    """Return a person's notices, newest first; of one partner where it is named.

    `of_all`: those told to every member of that partner, for staff who view as it.
    """
    rows = Notice.objects.select_related("partner", "person")
    if of_all:
        return rows.filter(partner=partner)
    mine = rows.filter(person=person)
    return mine if partner is None else mine.filter(partner=partner)


def notice_of(
    person: Person, notice: int, *, partner: int | None = None, of_all: bool = False
) -> Told | None:
    """Return one notice of those, None where it is not among them."""
    found = (
        notices_of(person, partner=partner, of_all=of_all)
        .select_related("mail")
        .filter(pk=notice)
        .first()
    )
    return None if found is None else _told(found)


def _told(notice: Notice) -> Told:
    kind = KINDS.get(notice.kind)
    mail = getattr(notice, "mail", None)
    return Told(
        id=notice.pk,
        topic=kind.topic if kind else "",
        title=kind.title if kind else notice.kind,
        why=kind.required if kind else "",
        subject=notice.subject,
        body=notice.body,
        link=notice.link,
        partner=notice.partner.name if notice.partner else "",
        told_at=notice.told_at,
        read_at=notice.read_at,
        mail=mail.state if mail else "",
        mailed_at=mail.sent_at if mail else None,
    )


def choices_of(person: Person) -> tuple[Choice, ...]:
    """Return every kind that can reach a person, with what holds for them now."""
    roles = frozenset(Membership.objects.filter(person=person).values_list("role", flat=True))
    chosen = dict(NoticeChoice.objects.filter(person=person).values_list("kind", "by_mail"))
    return tuple(
        Choice(kind=kind, by_mail=bool(kind.required) or chosen.get(kind.key, kind.by_mail))
        for kind in kinds_for(roles, person.staff_role)
    )


def unread_of(person: Person, *, partner: int | None = None) -> int:
    """Return how many notices a person has not read."""
    return notices_of(person, partner=partner).filter(read_at=None).count()
