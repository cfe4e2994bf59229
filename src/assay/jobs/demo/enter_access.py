"""Enter into a demo who asks for access, which domains are allowed, and a stock of tools."""

from __future__ import annotations

from datetime import datetime, timedelta

from assay.core.tools import FREE_TOOLS
from assay.jobs.access.access_mail import mail_asker
from assay.jobs.access.decide import ask_back
from assay.jobs.access.keep_domain import keep_domain
from assay.jobs.demo.cast import Cast
from assay.jobs.tools.claim_tool import claim_tool
from assay.jobs.tools.load_keys import load_keys
from assay.store.models import AccessRequest, Partner, ToolKey

# Nobody has an address under .example, so a demo, all of which is there, allows it whole.
_DEMO_DOMAIN = "example"
_CODES = "\n".join(f"MADE-UP-{number:04}" for number in range(1, 13))
_WHY = "I am made up, and look after the made-up apps of this partner."


def enter_access(cast: Cast, *, at: datetime) -> None:
    """Enter two requests, one asked back; one tool in stock, the other out of it."""
    support, security = cast.people["staff-support"], cast.people["staff-security"]
    keep_domain(
        _DEMO_DOMAIN, allowed=True, reason="Everybody in a demo is there.", by=support, at=at
    )
    keep_domain("rival.example", allowed=False, reason="A made-up rival.", by=support, at=at)
    partner = cast.partners["owner-safe"]
    _request(partner, "asker-one", at - timedelta(days=3))
    asked = _request(cast.partners["owner-promoted"], "asker-two", at - timedelta(days=1))
    ask_back(asked.pk, "Which of the apps do you work on?", by=support, at=at)
    hosting, bounty = FREE_TOOLS[1], FREE_TOOLS[0]
    load_keys(hosting, ToolKey.Kind.CODE, _CODES, by=security, at=at)
    for tool in (hosting, bounty):
        claim_tool(partner.pk, tool, by=cast.people["owner-safe"], at=at)


def _request(partner: Partner, name: str, at: datetime) -> AccessRequest:
    """Enter a request whose address is shown, with the mail that it began with."""
    request = AccessRequest.objects.create(
        email=f"{name}@{partner.slug}.example",
        name=name.replace("-", " ").capitalize(),
        partner=partner,
        why=_WHY,
        state=AccessRequest.State.OPEN,
        asked_at=at,
        confirmed_at=at,
    )
    mail_asker(
        request,
        subject=f"You asked for access to {partner}",
        body="Your request is with the support team.",
        link_words="Follow your request",
        at=at,
    )
    return request
