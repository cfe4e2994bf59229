"""Take free tools back from partners that are not entitled to them any more.

A seat goes back to the stock; a code does not. Either is to be ended at its vendor, by staff.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.notices.benefits import TOOL_TAKEN_BACK, TOOLS_TO_END
from assay.core.rights import LOAD_TOOLS, staff_may
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.people.seats import locked_partner
from assay.jobs.tools.entitled import tools_of, tools_on
from assay.jobs.tools.stock import serve_waiting
from assay.store.models import Partner, Person, ToolGrant, ToolKey, ToolWait

_State = ToolKey.State
_WHY = "The partner does not hold a tier with it any more, or has no access any more."


def take_back_tools(*, at: datetime) -> int:
    """Take back what nobody is entitled to any more; returns how many. Each partner at a time.

    Partners and staff are told. Run again, there is nothing left to take back.
    """
    held = ToolGrant.objects.filter(taken_back_at=None).order_by()
    waits = ToolWait.objects.order_by().values_list("partner", flat=True)
    taken: list[ToolGrant] = []
    for partner_id in sorted({*held.values_list("partner", flat=True), *waits}):
        taken += _take_back_of(partner_id, at)
    with transaction.atomic():
        for tool in sorted({grant.tool for grant in taken}):
            serve_waiting(tool, at=at)
        if taken:
            _tell_staff(len(taken), at)
    return len(taken)


def end_at_vendor(number: int, *, by: Person, at: datetime) -> None:
    """Note that staff ended a code or seat at its vendor; noted before, nothing happens."""
    if not staff_may(by.staff_role, LOAD_TOOLS):
        raise Refused(Issue(file="tools", message="your role does not reach this"))
    with transaction.atomic():
        key = ToolKey.objects.select_for_update().filter(pk=number, state=_State.TO_REVOKE).first()
        if key is None:
            return
        key.state, key.revoked_at, key.revoked_by = _State.REVOKED, at, by
        key.save(update_fields=["state", "revoked_at", "revoked_by"])
        words = f"{by} ended a code of {key.tool.replace('_', ' ')} (…{key.ending}) at its vendor"
        record("tool_ended", words, at=at, by=by, target=f"tool:{key.pk}")


def _take_back_of(partner_id: int, at: datetime) -> list[ToolGrant]:
    with transaction.atomic():
        partner = locked_partner(partner_id)
        entitled = tools_of(partner_id, at.date())
        ToolWait.objects.filter(partner=partner).exclude(tool__in=entitled).delete()
        lost = list(
            ToolGrant.objects.filter(partner=partner, taken_back_at=None)
            .exclude(tool__in=entitled)
            .select_related("key")
        )
        for grant in lost:
            _take_back(partner, grant, at)
        return lost


def _take_back(partner: Partner, grant: ToolGrant, at: datetime) -> None:
    key = ToolKey.objects.select_for_update().get(pk=grant.key_id)
    key.state = _State.FREE if key.kind == ToolKey.Kind.SEAT else _State.TO_REVOKE
    key.save(update_fields=["state"])
    grant.taken_back_at, grant.why = at, _WHY
    grant.save(update_fields=["taken_back_at", "why"])
    benefit = tools_on(at.date()).get(grant.tool)
    title = benefit.title if benefit else grant.tool.replace("_", " ")
    record(
        "tool_taken_back",
        f"A {key.kind} of {title} (…{key.ending}) was taken back from {partner}",
        at=at,
        partner=partner,
        target=f"tool:{key.pk}",
        why=_WHY,
    )
    tell(
        TOOL_TAKEN_BACK,
        occasion=f"grant:{grant.pk}",
        subject=f"{title}: taken back from {partner}",
        body="It came with a tier that the partner does not hold any more. The vendor ends it "
        "within days: move what you keep there.",
        link=f"/portal/{partner.slug}/tools/",
        at=at,
        partner=partner,
    )


def _tell_staff(count: int, at: datetime) -> None:
    tell(
        TOOLS_TO_END,
        occasion=at.isoformat(),
        subject=f"Free tools taken back: {count}",
        body="End each of them at its vendor. Codes are on the list of what is to be ended; seats "
        "are in the stock again, so remove their former holder first.",
        link="/staff/tools/",
        at=at,
    )
