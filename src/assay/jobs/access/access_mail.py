"""Mails to those who ask for access; each has a link of its own to the request."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.store.models import AccessLink, AccessRequest
from assay.words.letters import Letter, letter_html, letter_text

_WHY = "You get this mail because somebody, we hope you, asked for access with this address."


def mail_asker(
    request: AccessRequest, *, subject: str, body: str, link_words: str, at: datetime
) -> None:
    """Write to the asker, with a fresh link to the request."""
    secret = fresh_secret()
    AccessLink.objects.create(request=request, digest=digest_of(secret), made_at=at)
    link = f"{settings.BASE_URL}/access/{secret}/"
    mail_address(request.email, subject, body, link=link, link_words=link_words, at=at)


def mail_address(
    email: str, subject: str, body: str, *, link: str, link_words: str, at: datetime
) -> None:
    """Write to an address of somebody who need not have an account."""
    letter = Letter(
        sender=settings.SITE_TITLE,
        subject=subject,
        body=body,
        link=link,
        link_words=link_words,
        why=_WHY,
    )
    queue_mail(
        to=email,
        subject=letter.subject,
        text=letter_text(letter),
        html=letter_html(letter),
        at=at,
    )
