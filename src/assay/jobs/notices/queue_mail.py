"""Put a mail into the outbox, in the transaction of what causes it."""

from __future__ import annotations

import uuid
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction

from assay.gateways.queue import defer
from assay.store.models import Mail, Notice

SEND_MAIL = "send_mail"
MOST_OF_A_SUBJECT = 200


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
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    with transaction.atomic():
        mail = Mail.objects.create(
            notice=notice,
            to=to,
            subject=" ".join(subject.split())[:MOST_OF_A_SUBJECT],
            text=text,
            html=html,
            message_id=f"<{uuid.uuid4().hex}@{sender.rpartition('@')[2] or 'localhost'}>",
            made_at=at,
            due_at=at,
        )
        defer(SEND_MAIL, mail=mail.pk)
    return mail
