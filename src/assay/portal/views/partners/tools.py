"""Free tools: what is free for us, and our codes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import CLAIM_TOOLS, SEE_TOOLS, member_may
from assay.jobs.tools.claim_tool import claim_tool
from assay.jobs.tools.show_tools import Shown, shown_tools
from assay.portal.access import Asked, partner_page


@partner_page(SEE_TOOLS)
@require_safe
def show(request: Asked) -> HttpResponse:
    """Every free tool of the program, and how it stands here; codes for those who may claim."""
    seat = request.seat
    may_claim = member_may(seat.role, CLAIM_TOOLS) and not seat.viewing
    tools = shown_tools(seat.partner_id, request.now.date(), with_codes=may_claim)
    context: dict[str, Any] = {
        "tools": tools,
        "free": sum(tool.entitled for tool in tools),
        "may_claim": may_claim,
    }
    return render(request, "partners/tools/show.html", context)


@partner_page(CLAIM_TOOLS)
@require_POST
def claim(request: Asked, tool: str) -> HttpResponse:
    """Claim a tool for the partner."""
    seat = request.seat
    found = _tool(seat.partner_id, tool, request)
    try:
        grant = claim_tool(seat.partner_id, tool, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, f"{refused.issues[0].message.capitalize()}.")
        return redirect("tools", seat.slug)
    named = {"title": found.title}
    if grant is None:
        words = gettext("%(title)s is out of stock. You wait for the next, and will be told.")
        messages.warning(request, words % named)
    else:
        messages.success(request, gettext("%(title)s is yours; it stands below.") % named)
    return redirect("tools", seat.slug)


def _tool(partner_id: int, key: str, request: Asked) -> Shown:
    for tool in shown_tools(partner_id, request.now.date(), with_codes=False):
        if tool.key == key:
            return tool
    raise Http404
