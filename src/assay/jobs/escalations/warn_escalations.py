"""Warn a partner when half, and when three quarters, of the time for an answer have passed.

Escalations of reports are warned of, too, where a standing counts them. They may come late: of one
whose time is over that is said.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.clock import weekday_time
from assay.core.notices.escalations import ESCALATION_WARNED
from assay.jobs.escalations.clocks import due_sentence, measured_year, targets
from assay.jobs.escalations.parts import locked, partner_page, title_of
from assay.jobs.notices.tell import tell
from assay.store.models import Escalation

_WORDS = {1: "Half of the time has passed", 2: "Three quarters of the time have passed"}
_OVER = "The time for an answer is over"


def warn_escalations(*, at: datetime) -> int:
    """Send the warnings that are due by `at`, each once; returns how many.

    Where both are due at once, because no worker ran, the later one is sent.
    """
    since, _ = measured_year(at)
    waiting = Escalation.objects.filter(answered_at=None, closed_at=None, warned__lt=2)
    waiting = waiting.filter(opened_at__gte=since).select_related("partner")
    asked = targets(at)
    done = 0
    for one in waiting:
        target = asked(one.partner_id)
        if target is None or not one.partner.time_zone or one.opened_at > at:
            continue
        quarters = 4 * weekday_time(one.opened_at, at, one.partner.time_zone) // target.allowed
        stage = 0 if quarters < 2 else 1 if quarters < 3 else 2  # noqa: PLR2004 - of four quarters
        if stage > one.warned:
            over = quarters >= 4  # noqa: PLR2004 - of four quarters
            done += _warn(one.pk, stage, _OVER if over else _WORDS[stage], at)
    return done


def _warn(escalation_id: int, stage: int, words: str, at: datetime) -> int:
    with transaction.atomic():
        escalation = locked(escalation_id)
        if escalation.answered_at is not None or escalation.warned >= stage:
            return 0
        escalation.warned = stage
        escalation.save(update_fields=["warned"])
        tell(
            ESCALATION_WARNED,
            occasion=f"{escalation.key}:{stage}",
            subject=f"{words}: {title_of(escalation)}",
            body=f"{words}, and nobody has answered yet.\n\n{due_sentence(escalation, at)}",
            link=partner_page(escalation),
            at=at,
            partner=escalation.partner,
        )
    return 1
