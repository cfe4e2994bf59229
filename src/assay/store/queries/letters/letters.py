"""Decision letters as they were kept, and which grants have none yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assay.store.models import DecisionLetter, Grant

_NOT_THE_MAIN = (Grant.Cause.GRACE, Grant.Cause.APPEAL)


@dataclass(frozen=True, kw_only=True)
class KeptLetter:
    """One letter; `text` is its JSON, `appeal_until` the last day to appeal, None: it is final."""

    number: int
    decision_id: int
    text: str
    cause: str
    tier: str
    reviewed_on: date
    made_at: datetime
    appeal_until: date | None


def letter_of(partner_id: int, number: int) -> KeptLetter | None:
    """Return one letter of a partner, None where it has no such."""
    found = DecisionLetter.objects.filter(partner=partner_id, pk=number)
    row = found.select_related("grant").first()
    return None if row is None else _kept(row)


def letters_on(decision_id: int) -> tuple[KeptLetter, ...]:
    """Return the letters on a decision, the newest first; those after an appeal too."""
    rows = DecisionLetter.objects.filter(decision=decision_id).select_related("grant")
    return tuple(_kept(row) for row in rows)


def grants_without_letter(review: int) -> tuple[int, ...]:
    """Return what a closed review gave each partner that has had no letter of it, in order.

    Of a decision's grants that is the first that no grace gives; a granted appeal is one more.
    """
    given = Grant.objects.filter(decision__review=review).exclude(cause__in=_NOT_THE_MAIN)
    main = given.order_by("partner_id", "pk").distinct("partner_id").values("pk")
    appealed = Grant.objects.filter(cause=Grant.Cause.APPEAL, appeal__decision__review=review)
    due = Grant.objects.filter(pk__in=main) | Grant.objects.filter(pk__in=appealed.values("pk"))
    return tuple(due.filter(letter=None).order_by("pk").values_list("pk", flat=True))


def _kept(row: DecisionLetter) -> KeptLetter:
    return KeptLetter(
        number=row.pk,
        decision_id=row.decision_id,
        text=row.text,
        cause=row.grant.cause,
        tier=row.grant.tier,
        reviewed_on=row.grant.reviewed_on,
        made_at=row.made_at,
        appeal_until=row.appeal_until,
    )
