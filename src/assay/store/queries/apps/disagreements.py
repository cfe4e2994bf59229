"""Where reports and people disagree, as staff settle it and partners see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from assay.core.disagreements import Kind, told
from assay.core.listings import hosting_title, payment_title
from assay.store.models import Disagreement

UNSETTLED = (Disagreement.State.OPEN, Disagreement.State.ASKED)


@dataclass(frozen=True, kw_only=True)
class DisagreementLine:
    """One thing that reports and people say differently, in words."""

    disagreement_id: int
    kind: Kind
    app: str
    app_key: str
    app_slug: str
    partner: str
    partner_slug: str
    hosting: str
    reported: str
    said: str
    words: str
    state: str
    found_at: datetime
    settled_at: datetime | None
    settled_by: str


def disagreements(
    *, state: str = "", kind: str = "", text: str = "", partner_id: int | None = None
) -> tuple[DisagreementLine, ...]:
    """Return what is disagreed on, newest first; without a `state`, what is not settled."""
    rows: QuerySet[Disagreement] = Disagreement.objects.select_related(
        "app__partner", "settled_by"
    ).exclude(state=Disagreement.State.GONE)
    rows = rows.filter(state=state) if state else rows.filter(state__in=UNSETTLED)
    if kind:
        rows = rows.filter(kind=kind)
    if partner_id is not None:
        rows = rows.filter(app__partner=partner_id)
    if text:
        rows = rows.filter(
            Q(app__name__icontains=text)
            | Q(app__key__icontains=text)
            | Q(app__partner__name__icontains=text)
        )
    return tuple(_line(row) for row in rows)


def disagreement(disagreement_id: int) -> DisagreementLine | None:
    """Return one disagreement; None where there is none."""
    row = (
        Disagreement.objects.select_related("app__partner", "settled_by")
        .filter(pk=disagreement_id)
        .first()
    )
    return None if row is None else _line(row)


def _line(row: Disagreement) -> DisagreementLine:
    about_payment = row.kind in (Kind.PAYMENT, Kind.NOT_HERE, Kind.NOT_THERE)

    def word(value: str) -> str:
        return payment_title(value) if value and about_payment else value

    return DisagreementLine(
        disagreement_id=row.pk,
        kind=Kind(row.kind),
        app=row.app.name,
        app_key=row.app.key,
        app_slug=row.app.slug,
        partner=row.app.partner.name,
        partner_slug=row.app.partner.slug,
        hosting=hosting_title(row.hosting) if row.hosting else "",
        reported=word(row.reported),
        said=word(row.said),
        words=told(row.kind, row.hosting, reported=row.reported, said=row.said),
        state=row.state,
        found_at=row.found_at,
        settled_at=row.settled_at,
        settled_by=str(row.settled_by) if row.settled_by else "",
    )


def unsettled_count() -> int:
    """Return how many things are disagreed on and not settled."""
    return Disagreement.objects.filter(state__in=UNSETTLED).count()
