"""Grant a partner the credits of its tier for a program year, and no more."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from django.db import transaction

from assay.core.credits import Act
from assay.jobs.credits.move import locked_balance, move
from assay.store.models import CreditEntry


def grant_credits(
    partner_id: int,
    year_from: date,
    amount: int,
    *,
    why: str,
    at: datetime,
    claws_back: bool = False,
) -> CreditEntry | None:
    """Make what a partner was granted for a year `amount` minor units; None: nothing to do.

    What is missing is granted. What is too much stays, unless the program says that it is clawed
    back: then what is still available goes, never what is reserved or spent (B11).
    """
    with transaction.atomic():
        held = locked_balance(partner_id, year_from)
        if amount > held.granted:
            return move(partner_id, year_from, Act.GRANT, amount - held.granted, why=why, at=at)
        too_much = min(held.granted - amount, held.available) if claws_back else 0
        if too_much:
            return move(partner_id, year_from, Act.CLAW_BACK, too_much, why=why, at=at)
    return None


def entry_uid(*parts: object) -> uuid.UUID:
    """Return the uid of the one entry that is about these things."""
    return uuid.uuid5(uuid.NAMESPACE_URL, ":".join(("credits", *map(str, parts))))
