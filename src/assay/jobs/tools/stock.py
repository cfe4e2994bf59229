"""The stock of codes and seats: the next free one, to whom it goes, who waits.

A code or seat is given under its row's lock, which others skip: nobody waits, and none is given
twice.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import InvalidToken

from assay.core.notices.benefits import TOOL_GIVEN
from assay.gateways.seals import keyed_digest, seal
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.seats import locked_partner
from assay.jobs.tools.entitled import tools_of, tools_on
from assay.store.models import Partner, Person, ToolGrant, ToolKey, ToolWait

_PURPOSE = "free tools"


def sealed(code: str) -> str:
    """Seal a code as the database keeps it."""
    return seal(_PURPOSE).encrypt(code.encode()).decode()


def opened(key: ToolKey) -> str:
    """Return the code or seat that a row keeps sealed, or how it ends where the key is another."""
    try:
        return seal(_PURPOSE).decrypt(key.sealed.encode()).decode()
    except InvalidToken:
        return f"…{key.ending} (sealed with another installation's key)"


def digest_of_code(code: str) -> str:
    """Return what tells a code from every other, and says nothing of it."""
    return keyed_digest(_PURPOSE, code)


def next_free(tool: str) -> ToolKey | None:
    """Take the next free code or seat of a tool, locked; None where there is none."""
    return (
        ToolKey.objects.select_for_update(skip_locked=True)
        .filter(tool=tool, state=ToolKey.State.FREE)
        .order_by("pk")
        .first()
    )


def give(partner: Partner, key: ToolKey, *, to: Person, at: datetime) -> ToolGrant:
    """Give a locked code or seat to a locked partner."""
    key.state = ToolKey.State.GIVEN
    key.save(update_fields=["state"])
    grant = ToolGrant.objects.create(tool=key.tool, partner=partner, key=key, by=to, given_at=at)
    ToolWait.objects.filter(tool=key.tool, partner=partner).delete()
    record(
        "tool_given",
        f"{partner} got a {key.kind} of {key.tool.replace('_', ' ')} (…{key.ending})",
        at=at,
        by=to,
        partner=partner,
        target=f"tool:{key.pk}",
    )
    return grant


def serve_waiting(tool: str, *, at: datetime) -> int:
    """Give what is free to those who wait, the longest waiting first; returns how many got one.

    Who is not entitled any more does not wait any more.
    """
    served = 0
    for wait in ToolWait.objects.filter(tool=tool).select_related("by"):
        partner = locked_partner(wait.partner_id)
        if not ToolWait.objects.filter(pk=wait.pk).exists():  # served meanwhile
            continue
        if tool not in tools_of(partner.pk, at.date()):
            wait.delete()
            continue
        key = next_free(tool)
        if key is None:
            break
        give(partner, key, to=wait.by, at=at)
        served += 1
        title = tools_on(at.date())[tool].title
        tell(
            TOOL_GIVEN,
            occasion=f"key:{key.pk}:{wait.pk}",
            subject=f"{title}: there is one for {partner}",
            body="You waited for it. It is on the page of free tools, for owners and security "
            "members.",
            link=f"/portal/{partner.slug}/tools/",
            at=at,
            partner=partner,
        )
    return served
