"""Put mails into the outbox, in the transaction of what causes them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from assay.gateways.queue import defer_all
from assay.store.models import Mail, Notice

SEND_MAIL = "send_mail"
MOST_OF_A_SUBJECT = 200


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mail that is to be written, about a notice where there is one."""

    to: str
    subject: str
    text: str
    html: str = ""
    notice: Notice | None = None


def queue_mail(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    at: datetime,
    notice: Notice | None = None,
) -> Mail:
    """Write a mail to be sent at `at`, once; the worker sends it after the transaction."""
    draft = Draft(to=to, subject=subject, text=text, html=html, notice=notice)
    return queue_mails([draft], at=at)[0]


def queue_mails(drafts: Iterable[Draft], *, at: datetime) -> list[Mail]:
    """Write mails to be sent at `at`, each once; two statements, however many they are."""
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    host = sender.rpartition("@")[2] or "localhost"
    with transaction.atomic():
        mails = Mail.objects.bulk_create(
            Mail(
                notice=draft.notice,
                to=draft.to,
                subject=" ".join(draft.subject.split())[:MOST_OF_A_SUBJECT],
                text=draft.text,
                html=draft.html,
                message_id=f"<{uuid.uuid4().hex}@{host}>",
                made_at=at,
                due_at=at,
            )
            for draft in drafts
        )
        defer_all(SEND_MAIL, [{"mail": mail.pk} for mail in mails])
    return mails
