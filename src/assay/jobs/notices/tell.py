"""Tell people something: a notice each in the portal, and a mail to those who get one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from assay.core.notices.kind import Kind
from assay.jobs.notices.queue_mail import MOST_OF_A_SUBJECT, queue_mail
from assay.store.models import Notice, NoticeChoice, Partner, Person
from assay.words.letters import Letter, letter_html, letter_text


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
    """Tell people once for each occasion, in the transaction of what causes it.

    `people` are told; where none are named, those of the partner or of the program team whose
    role gets this kind. `occasion` is what happened, e.g. `app:KEY:7`: who has been told of it is
    not told again. `body` is plain text, paragraphs parted by empty lines; `link` is a path of
    the portal. A mail goes to each where the kind is required or wanted. Returns what is new.
    """
    told = _readers(kind, partner) if people is None else people
    occasion = f"{kind.key}:{occasion}"[:200]
    with transaction.atomic():
        readers = [person for person in told if person.is_active]
        chosen = dict(
            NoticeChoice.objects.filter(kind=kind.key, person__in=readers).values_list(
                "person", "by_mail"
            )
        )
        fresh = []
        for person in readers:
            notice, is_new = Notice.objects.get_or_create(
                person=person,
                occasion=occasion,
                defaults={
                    "partner": partner,
                    "kind": kind.key,
                    "subject": subject[:MOST_OF_A_SUBJECT],
                    "body": body,
                    "link": link,
                    "told_at": at,
                },
            )
            if not is_new:
                continue
            fresh.append(notice)
            if kind.required or chosen.get(person.pk, kind.by_mail):
                _mail(kind, notice, at)
    return tuple(fresh)


def _readers(kind: Kind, partner: Partner | None) -> list[Person]:
    """Return whose role gets this kind: members of the partner, or staff."""
    if kind.roles and partner is not None:
        seats = partner.memberships.filter(role__in=kind.roles).select_related("person")
        return [seat.person for seat in seats.order_by("pk")]
    return list(Person.objects.filter(staff_role__in=kind.staff).order_by("pk"))


def _mail(kind: Kind, notice: Notice, at: datetime) -> None:
    person = notice.person
    letter = Letter(
        sender=settings.SITE_TITLE,
        subject=notice.subject,
        body=notice.body,
        link=settings.BASE_URL + notice.link if notice.link else "",
        why=why_words(kind),
        choose=f"{settings.BASE_URL}/account/notices/choices/",
    )
    queue_mail(
        to=person.email,
        subject=letter.subject,
        text=letter_text(letter),
        html=letter_html(letter),
        at=at,
        notice=notice,
    )


def why_words(kind: Kind) -> str:
    """Say why somebody gets a mail of this kind."""
    if kind.required:
        return f"You get this mail whatever you choose. {kind.required}"
    return f"You get mail of this kind: “{kind.title}”."
