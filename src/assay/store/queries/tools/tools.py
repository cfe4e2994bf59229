"""Free tools, as a partner sees its own and as staff see the stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from assay.store.models import ToolGrant, ToolKey, ToolWait

_State = ToolKey.State


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a tool stands for a partner: its grant (None), or its place among the waiting (0)."""

    grant: ToolGrant | None
    place: int
    waits_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Stock:
    """How much there is of a tool; `waiting` is how many partners wait for it."""

    tool: str
    free: int = 0
    given: int = 0
    to_revoke: int = 0
    revoked: int = 0
    waiting: int = 0


@dataclass(frozen=True, kw_only=True)
class GrantLine:
    """A code or seat that a partner has or had; `ending` are its last characters."""

    tool: str
    partner: str
    partner_slug: str
    kind: str
    ending: str
    by: str
    given_at: datetime
    taken_back_at: datetime | None
    why: str


@dataclass(frozen=True, kw_only=True)
class ToEnd:
    """A code that is to be ended at its vendor, whose it was, and since when."""

    number: int
    tool: str
    partner: str
    since: datetime | None
    key: ToolKey


def standing_of_tool(partner_id: int, tool: str) -> Standing:
    """Return how a tool stands for a partner."""
    grants = ToolGrant.objects.filter(partner=partner_id, tool=tool, taken_back_at=None)
    wait = ToolWait.objects.filter(partner=partner_id, tool=tool).first()
    place = 0
    if wait is not None:
        before = Q(since__lt=wait.since) | Q(since=wait.since, pk__lt=wait.pk)
        place = ToolWait.objects.filter(before, tool=tool).count() + 1
    return Standing(
        grant=grants.select_related("key", "by").first(),
        place=place,
        waits_since=wait.since if wait else None,
    )


def stock_of(tools: tuple[str, ...]) -> tuple[Stock, ...]:
    """Return the stock of each tool."""
    counted = {
        (row["tool"], row["state"]): row["count"]
        for row in ToolKey.objects.order_by().values("tool", "state").annotate(count=Count("pk"))
    }
    waits = ToolWait.objects.order_by().values("tool").annotate(count=Count("pk"))
    waiting = {row["tool"]: row["count"] for row in waits}
    return tuple(
        Stock(
            tool=tool,
            free=counted.get((tool, _State.FREE), 0),
            given=counted.get((tool, _State.GIVEN), 0),
            to_revoke=counted.get((tool, _State.TO_REVOKE), 0),
            revoked=counted.get((tool, _State.REVOKED), 0),
            waiting=waiting.get(tool, 0),
        )
        for tool in tools
    )


def grant_lines() -> tuple[GrantLine, ...]:
    """Return who has and had which, the newest first."""
    return tuple(
        GrantLine(
            tool=row.tool,
            partner=row.partner.name,
            partner_slug=row.partner.slug,
            kind=row.key.kind,
            ending=row.key.ending,
            by=str(row.by),
            given_at=row.given_at,
            taken_back_at=row.taken_back_at,
            why=row.why,
        )
        for row in ToolGrant.objects.select_related("partner", "key", "by")
    )


def to_end() -> tuple[ToEnd, ...]:
    """Return the codes that are to be ended at their vendor, the longest waiting first."""
    keys = ToolKey.objects.filter(state=_State.TO_REVOKE)
    grants = ToolGrant.objects.filter(key__in=keys).select_related("key", "partner")
    return tuple(
        ToEnd(
            number=row.key.pk,
            tool=row.tool,
            partner=row.partner.name,
            since=row.taken_back_at,
            key=row.key,
        )
        for row in grants.order_by("taken_back_at", "pk")
    )
