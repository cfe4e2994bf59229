"""Claim a free tool for a partner: a code or seat from the stock, or a place among the waiting."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import TOOLS_OUT
from assay.core.rights import CLAIM_TOOLS
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.seats import locked_partner, require
from assay.jobs.tools.entitled import tools_of, tools_on
from assay.jobs.tools.stock import give, next_free
from assay.store.models import Partner, Person, ToolGrant, ToolWait


def claim_tool(partner_id: int, tool: str, *, by: Person, at: datetime) -> ToolGrant | None:
    """Claim a tool; None where the stock is out: the partner then waits for the next.

    Claimed again, it is the same one. Raises Refused for who may not, and for what the partner
    is not entitled to.
    """
    with transaction.atomic():
        partner = locked_partner(partner_id)
        require(partner, by, CLAIM_TOOLS)
        if tool not in tools_of(partner_id, at.date()):
            raise Refused(
                Issue(
                    file="tools",
                    value=tool,
                    message="this is not free for your partner",
                    hint="the page says which tier it comes with",
                )
            )
        held = ToolGrant.objects.filter(tool=tool, partner=partner, taken_back_at=None).first()
        if held is not None:
            return held
        key = next_free(tool)
        if key is not None:
            return give(partner, key, to=by, at=at)
        _wait(partner, tool, by, at)
        return None


def _wait(partner: Partner, tool: str, by: Person, at: datetime) -> None:
    """Put a partner among those who wait, once, and tell staff once a day that the stock is out."""
    _, is_new = ToolWait.objects.get_or_create(
        tool=tool, partner=partner, defaults={"by": by, "since": at}
    )
    if not is_new:
        return
    title = tools_on(at.date())[tool].title
    record(
        "tool_waited_for",
        f"{by} asked for {title}, which is out of stock",
        at=at,
        by=by,
        partner=partner,
        target=f"stock:{tool}",
    )
    tell(
        TOOLS_OUT,
        occasion=f"{tool}:{at.date()}",
        subject=f"{title}: the stock is out",
        body=f"{partner} asked for it and waits. Load codes or seats, and those who wait get "
        "theirs at once, the longest waiting first.",
        link="/staff/tools/",
        at=at,
    )
