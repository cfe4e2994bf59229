"""Show a partner its free tools, with its codes where the reader may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from assay.core.program import Benefit
from assay.jobs.programs.programs import program_on
from assay.jobs.tools.entitled import tools_of, tools_on
from assay.jobs.tools.stock import opened
from assay.store.queries.tools.tools import standing_of_tool, to_end


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A free tool as a partner sees it.

    `tiers` are the titles of those it comes with; `code` is "" for who may not see it; `place` is
    the place among those who wait, 0 for not waiting.
    """

    key: str
    title: str
    clause: str
    tiers: tuple[str, ...]
    entitled: bool
    kind: str
    code: str
    ending: str
    given_at: datetime | None
    by: str
    place: int
    waits_since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Ending:
    """A code to end at its vendor, open to read."""

    number: int
    title: str
    partner: str
    since: datetime | None
    code: str


def shown_tools(partner_id: int, on: date, *, with_codes: bool) -> tuple[Shown, ...]:
    """Return the free tools of the program in force, as they stand for a partner."""
    entitled = tools_of(partner_id, on)
    return tuple(
        _shown(partner_id, key, tool, on, entitled=key in entitled, with_codes=with_codes)
        for key, tool in tools_on(on).items()
    )


def codes_to_end(on: date) -> tuple[Ending, ...]:
    """Return the codes that staff are to end at their vendors, open."""
    tools = tools_on(on)
    return tuple(
        Ending(
            number=one.number,
            title=tools[one.tool].title if one.tool in tools else one.tool,
            partner=one.partner,
            since=one.since,
            code=opened(one.key),
        )
        for one in to_end()
    )


def _shown(
    partner_id: int, key: str, tool: Benefit, on: date, *, entitled: bool, with_codes: bool
) -> Shown:
    stands = standing_of_tool(partner_id, key)
    grant = stands.grant
    tiers = program_on(settings.PROGRAM, on).tiers
    return Shown(
        key=key,
        title=tool.title,
        clause=tool.clause,
        tiers=tuple(tier.title for name, tier in tiers.items() if name in tool.by_tier),
        entitled=entitled,
        kind=grant.key.kind if grant else "",
        code=opened(grant.key) if grant and with_codes else "",
        ending=grant.key.ending if grant else "",
        given_at=grant.given_at if grant else None,
        by=str(grant.by) if grant else "",
        place=stands.place,
        waits_since=stands.waits_since,
    )
