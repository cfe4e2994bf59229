"""Expire what is left of a program year's credits when the year is over."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from assay.core.credits import Act, Side
from assay.jobs.credits.move import locked_balance, move
from assay.jobs.operations.events import record
from assay.store.models import CreditSide, Partner


def expire_credits(before: date, *, why: str, at: datetime) -> int:
    """Expire what is available of the years that began before `before`; returns how many did.

    `before` is the first day of the running program year. What an order holds stays reserved
    until it is decided; released after that, it expires the next time.
    """
    left = CreditSide.objects.filter(side=Side.AVAILABLE, amount__gt=0, year_from__lt=before)
    expired = 0
    for partner_id, year_from in left.order_by("pk").values_list("partner_id", "year_from"):
        with transaction.atomic():
            available = locked_balance(partner_id, year_from).available
            if not available:
                continue
            move(partner_id, year_from, Act.EXPIRE, available, why=why, at=at)
            record(
                "credits_expired",
                f"Credits of the year from {year_from} expired",
                at=at,
                partner=Partner.objects.get(pk=partner_id),
                amount=available,
            )
            expired += 1
    return expired
