"""Reviews as they are listed, and their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.db.models import Count

from assay.store.models import CaseRecord, Decision, Review, ReviewRecord


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A review in a list; `counts` are partners by computed tier, the highest tier first."""

    id: int
    state: str
    on: date
    program: str
    effective_on: date | None
    counts: Mapping[str, int]
    record: bool

    @property
    def document(self) -> dict[str, object]:
        """The review as plain values."""
        effective_on = None if self.effective_on is None else self.effective_on.isoformat()
        return {**asdict(self), "on": self.on.isoformat(), "effective_on": effective_on}


def listed_reviews() -> tuple[Listed, ...]:
    """Return every review, the newest first; standings are none."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    rows = (
        Decision.objects.filter(review__kind=Review.Kind.REVIEW)
        .values("review", "rank", "tier")
        .annotate(partners=Count("pk"))
    )
    for row in rows.order_by("-rank"):
        counted[row["review"]][row["tier"]] = row["partners"]
    kept = set(ReviewRecord.objects.values_list("review", flat=True))
    return tuple(
        Listed(
            id=review.pk,
            state=review.state,
            on=review.on,
            program=review.program,
            effective_on=review.effective_on,
            counts=counted[review.pk],
            record=review.pk in kept,
        )
        for review in Review.objects.filter(kind=Review.Kind.REVIEW)
    )


def record_of(number: int) -> ReviewRecord | None:
    """Return the record of a review; None where it has none."""
    return ReviewRecord.objects.filter(review=number).first()


def case_records_of(number: int) -> tuple[CaseRecord, ...]:
    """Return the records of the cases decided on a review, in the order of their numbers."""
    rows = CaseRecord.objects.filter(appeal__decision__review=number)
    return tuple(rows.select_related("appeal__redecision", "appeal__grant").order_by("pk"))
