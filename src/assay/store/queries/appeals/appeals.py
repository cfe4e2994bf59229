"""Appeals and corrections as members and staff see them, and what late facts would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from assay.store.models import Appeal, AppealFile, DecisionLetter, LateLook

_OPEN = (Appeal.State.OPEN, Appeal.State.PROPOSED)


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of evidence: its number, its name, its size in bytes."""

    number: int
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """One appeal or correction; people are named, "" where nobody did it yet.

    `computed` is the tier of the decision, `tier` the one to grant. `redecision_id` is what was
    computed on corrected facts, None where the case does not rest on it.
    """

    number: int
    partner: str
    slug: str
    decision_id: int
    review: int
    program: str
    reviewed_on: date
    computed: str
    by_staff: bool
    case: str
    stated_by: str
    stated_at: datetime
    state: str
    outcome: str
    tier: str
    redecision_id: int | None
    redecided_in: int | None  # the run that it is of
    reason: str
    proposed_by: str
    proposed_by_id: int | None
    proposed_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    since_on: date | None
    files: tuple[File, ...]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be decided."""
        return self.state in _OPEN


@dataclass(frozen=True, kw_only=True)
class Differing:
    """A decision that late facts would change: the tier decided, and the one they give."""

    partner: str
    decision_id: int
    tier: str
    tier_now: str


@dataclass(frozen=True, kw_only=True)
class Late:
    """The newest look at a closed review on later facts, and the decisions that would differ."""

    looked_at: datetime
    differing: tuple[Differing, ...]


def cases() -> tuple[Case, ...]:
    """Return every case, those that wait first, the oldest of these first."""
    found = [_case(row) for row in _rows()]
    waiting = sorted((one for one in found if one.is_open), key=lambda one: one.stated_at)
    return (*waiting, *(one for one in found if not one.is_open))


def case_of(number: int, partner_id: int | None = None) -> Case | None:
    """Return one case, of a partner where one is given; None where there is no such."""
    rows = _rows().filter(pk=number)
    if partner_id is not None:
        rows = rows.filter(decision__partner=partner_id)
    row = rows.first()
    return None if row is None else _case(row)


def cases_on(decision_id: int) -> tuple[Case, ...]:
    """Return the cases against a decision, or that a re-decision is of; the newest first."""
    rows = _rows().filter(decision=decision_id) | _rows().filter(redecision=decision_id)
    return tuple(_case(row) for row in rows)


def case_file(number: int, file: int, partner_id: int | None = None) -> AppealFile | None:
    """Return a file of a case, of a partner where one is given."""
    rows = AppealFile.objects.filter(pk=file, appeal=number)
    if partner_id is not None:
        rows = rows.filter(appeal__decision__partner=partner_id)
    return rows.first()


def appeal_until(decision_id: int) -> date | None:
    """Return the last day on which a decision may be appealed; None where it may not."""
    letters = DecisionLetter.objects.filter(decision=decision_id, appeal_until__isnull=False)
    return letters.values_list("appeal_until", flat=True).first()


def late_of(review: int) -> Late | None:
    """Return what late facts say of a closed review; None where nobody has looked yet."""
    look = LateLook.objects.filter(review=review).select_related("found").first()
    if look is None:
        return None
    if look.found is None:
        return Late(looked_at=look.looked_at, differing=())
    decided = dict(look.review.decisions.values_list("partner", "pk"))
    tiers = dict(look.review.decisions.values_list("partner", "tier"))
    rows = look.found.decisions.select_related("partner").defer("explanation")
    return Late(
        looked_at=look.looked_at,
        differing=tuple(
            Differing(
                partner=str(row.partner),
                decision_id=decided[row.partner_id],
                tier=tiers[row.partner_id],
                tier_now=row.tier,
            )
            for row in rows.order_by("partner__name", "pk")
        ),
    )


def _rows() -> QuerySet[Appeal]:
    return Appeal.objects.select_related(
        *("decision__partner", "decision__review", "stated_by", "proposed_by", "decided_by"),
        *("grant", "redecision"),
    ).prefetch_related("files")


def _case(row: Appeal) -> Case:
    return Case(
        number=row.pk,
        partner=str(row.decision.partner),
        slug=row.decision.partner.slug,
        decision_id=row.decision_id,
        review=row.decision.review_id,
        program=row.decision.review.program,
        reviewed_on=row.decision.review.on,
        computed=row.decision.tier,
        by_staff=row.by_staff,
        case=row.case,
        stated_by=str(row.stated_by),
        stated_at=row.stated_at,
        state=row.state,
        outcome=row.outcome,
        tier=row.tier,
        redecision_id=row.redecision_id,
        redecided_in=row.redecision.review_id if row.redecision else None,
        reason=row.reason,
        proposed_by=str(row.proposed_by or ""),
        proposed_by_id=row.proposed_by_id,
        proposed_at=row.proposed_at,
        decided_by=str(row.decided_by or ""),
        decided_at=row.decided_at,
        since_on=row.grant.since_on if row.grant else None,
        files=tuple(File(number=f.pk, name=f.name, size=f.size) for f in row.files.all()),
    )
