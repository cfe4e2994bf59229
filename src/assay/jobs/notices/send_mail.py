"""Send what is in the outbox: each mail once, and none is lost.

A mail is taken under a lock (`sending`), handed over, and marked `sent`. What the server surely
did not take waits for the next try, later each time, or has `failed`. Where it is open whether
the server took it, because the sender died or the server went silent after the text, the mail is
`unsure`: it is never sent again by itself, a person decides (`resend_mail`), under the same
Message-ID.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.gateways.mail import Letter, MayBeTaken, NotTaken, hand_over
from assay.gateways.queue import defer
from assay.jobs.notices.queue_mail import SEND_MAIL
from assay.jobs.operations.events import record
from assay.store.models import Mail, Person

_WAITS = (1, 5, 15, 60, 240, 720, 1440)  # minutes until the next try
LONGEST_SENDING = timedelta(minutes=15)  # a server that answers at all has answered by then
_DIED = "The sender stopped after it had begun; the mail server may have taken the mail."
_MOST_AT_ONCE = 500


def send_mail(mail: int, *, at: datetime) -> Mail.State | None:
    """Send one mail if it waits and is due; returns what became of it, None if not its turn."""
    taken = _take(mail, at)
    if taken is None:
        return None
    letter = Letter(
        to=taken.to,
        subject=taken.subject,
        text=taken.text,
        html=taken.html,
        message_id=taken.message_id,
        made_at=taken.made_at,
    )
    try:
        hand_over(letter)
    except NotTaken as refusal:
        _not_taken(taken, refusal, at)
    except MayBeTaken as silence:
        _settle(taken, Mail.State.UNSURE, error=str(silence))
    else:
        _settle(taken, Mail.State.SENT, sent_at=at)
    return Mail.State(taken.state)


def send_due_mail(*, at: datetime) -> int:
    """Send all mail that is due and mark what a dead sender left; returns how many were tried.

    What is deferred mail by mail reaches the server at once; this finds what comes due later, and
    whatever the queue may have lost.
    """
    Mail.objects.filter(state=Mail.State.SENDING, taken_at__lte=at - LONGEST_SENDING).update(
        state=Mail.State.UNSURE, error=_DIED
    )
    due = Mail.objects.filter(state=Mail.State.WAITING, due_at__lte=at).order_by("due_at", "pk")
    found = list(due.values_list("pk", flat=True)[:_MOST_AT_ONCE])
    return sum(send_mail(mail, at=at) is not None for mail in found)


def resend_mail(mail: int, *, by: Person, at: datetime) -> None:
    """Let a mail that failed, or may have been sent, go out again; raises Refused for others."""
    with transaction.atomic():
        held = Mail.objects.select_for_update().get(pk=mail)
        if held.state not in (Mail.State.FAILED, Mail.State.UNSURE):
            raise Refused(
                Issue(
                    file="mail",
                    message=f"this mail is {held.state}",
                    hint="only mail that failed or may have been sent is sent again",
                )
            )
        was = held.state
        held.state, held.attempts, held.due_at = Mail.State.WAITING, 0, at
        held.save(update_fields=["state", "attempts", "due_at"])
        record(
            "mail_resent",
            f"{by} sent the mail “{held.subject}” to {held.to} again",
            at=at,
            by=by,
            partner=held.notice.partner if held.notice else None,
            target=f"mail:{held.pk}",
            was=was,
            error=held.error,
        )
        defer(SEND_MAIL, mail=held.pk)


def _take(mail: int, at: datetime) -> Mail | None:
    """Take a mail for this sender alone, committed before the server hears of it."""
    with transaction.atomic():
        held = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(pk=mail, state=Mail.State.WAITING, due_at__lte=at)
            .first()
        )
        if held is not None:
            held.state, held.taken_at = Mail.State.SENDING, at
            held.attempts += 1
            held.save(update_fields=["state", "taken_at", "attempts"])
        return held


def _not_taken(mail: Mail, refusal: NotTaken, at: datetime) -> None:
    if refusal.for_good or mail.attempts > len(_WAITS):
        _settle(mail, Mail.State.FAILED, error=refusal.words)
    else:
        wait = timedelta(minutes=_WAITS[mail.attempts - 1])
        _settle(mail, Mail.State.WAITING, error=refusal.words, due_at=at + wait)


def _settle(mail: Mail, state: Mail.State, *, error: str = "", **changed: datetime) -> None:
    """Write down what became of a mail that this sender took."""
    told = error[:1].upper() + error[1:]
    mail.state = state
    mine = Mail.objects.filter(pk=mail.pk, taken_at=mail.taken_at, attempts=mail.attempts)
    open_still = mine.filter(state__in=(Mail.State.SENDING, Mail.State.UNSURE))
    open_still.update(state=state, error=told, **changed)
