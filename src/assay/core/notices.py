"""Kinds of notices: what people are told, who gets it, and whether they may choose.

To tell somebody, call `jobs.notices.tell.tell` with one of these kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assay.core.rights import (
    ANSWER_ESCALATIONS,
    APPLY_SECURITY,
    ASK_BENEFITS,
    CLAIM_TOOLS,
    CLOSE_REVIEWS,
    DECIDE_ACCESS,
    DECIDE_APPS,
    DECIDE_CLAIMS,
    DECIDE_CREDITS,
    DECIDE_DISPUTES,
    DECIDE_REQUESTS,
    DECIDE_SECURITY,
    IMPORT_FACTS,
    LOAD_TOOLS,
    OPEN_ESCALATIONS,
    RUN_REVIEWS,
    SPEND_CREDITS,
    Role,
    StaffRole,
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice; kinds of one `topic` stand together.

    `roles` are the members of a partner who get it, `staff` those of the program team; neither:
    it goes to the person concerned. `required` says why it cannot be switched off, "" where it
    can; then `by_mail` is what holds until a person chooses.
    """

    key: str
    topic: str
    title: str
    roles: frozenset[Role] = frozenset()
    staff: frozenset[StaffRole] = frozenset()
    required: str = ""
    by_mail: bool = True


_EVERYONE = frozenset(Role)
_OWNER = frozenset({Role.OWNER})
_FOR_APPS = frozenset({Role.OWNER, Role.SECURITY})
_ACCESS = "Who can see your partner's figures is a matter of security."

TIER_CREDITED = Kind(
    key="tier_credited",
    topic="Standing",
    title="A review changes your tier",
    roles=_EVERYONE,
    required="The tier decides what your partner may use and display.",
)
STANDING_FELL = Kind(
    key="standing_fell",
    topic="Standing",
    title="On today's evidence you would lose your tier, or fall further",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
    required="A tier must never be lost by surprise.",
)
TIER_AT_RISK = Kind(
    key="tier_at_risk",
    topic="Standing",
    title="Your tier may be lost at the coming review, with what would keep it",
    roles=frozenset({Role.OWNER, Role.FINANCE, Role.SECURITY, Role.SUPPORT}),
    required="A tier must never be lost by surprise.",
)
TIER_SAFE_AGAIN = Kind(
    key="tier_safe_again",
    topic="Standing",
    title="Your tier is no longer at risk",
    roles=frozenset({Role.OWNER, Role.FINANCE, Role.SECURITY, Role.SUPPORT}),
)
STANDING_ROSE = Kind(
    key="standing_rose",
    topic="Standing",
    title="On today's evidence you would hold a higher tier than before",
    roles=_EVERYONE,
)
APP_APPROVED = Kind(
    key="app_approved", topic="Apps", title="An app of yours is approved", roles=_FOR_APPS
)
APP_SENT_BACK = Kind(
    key="app_sent_back",
    topic="Apps",
    title="An app of yours is sent back, with the reasons",
    roles=_FOR_APPS,
    required="The app stays unlisted until somebody acts.",
)
ENROLMENT_APPLIED = Kind(
    key="enrolment_applied",
    topic="Security programs",
    title="An app applies for a security program",
    staff=DECIDE_SECURITY.staff,
    by_mail=False,
)
ENROLMENT_DECIDED = Kind(
    key="enrolment_decided",
    topic="Security programs",
    title="Your application for a security program is decided",
    roles=APPLY_SECURITY.roles,
)
ENROLMENT_ASKED_BACK = Kind(
    key="enrolment_asked_back",
    topic="Security programs",
    title="The program team asks you about your application for a security program",
    roles=APPLY_SECURITY.roles,
    required="The application waits until somebody answers.",
)
ENROLMENT_ENDS = Kind(
    key="enrolment_ends",
    topic="Security programs",
    title="An app's enrolment in a security program ends soon, or has ended",
    roles=APPLY_SECURITY.roles,
    required="A badge and a tier may hang on it.",
)
AWARD_BELOW = Kind(
    key="award_below",
    topic="Security programs",
    title="An award of yours is below the minimum",
    roles=APPLY_SECURITY.roles,
    required="A tier must never be lost by surprise.",
)
RULES_CHANGE = Kind(
    key="rules_change",
    topic="Program",
    title="A change of the rules changes your standing",
    roles=APPLY_SECURITY.roles,
    required="A tier must never be lost by surprise.",
)
ASKED = Kind(
    key="asked",
    topic="Apps",
    title="The program team asks which is right, your listing or a report",
    roles=_FOR_APPS,
)
MEMBER_JOINED = Kind(
    key="member_joined", topic="People", title="Somebody joins your partner", roles=_OWNER
)
MEMBER_LEFT = Kind(
    key="member_left",
    topic="People",
    title="Somebody leaves your partner, or is removed",
    roles=_OWNER,
)
OWNERSHIP_MOVED = Kind(
    key="ownership_moved",
    topic="People",
    title="Your partner gets another owner",
    roles=_OWNER,
    required=_ACCESS,
)
ACCESS_CHANGED = Kind(
    key="access_changed",
    topic="People",
    title="Your role in a partner or in the program team changes",
    required=_ACCESS,
)
CLAIM_DECIDED = Kind(
    key="claim_decided",
    topic="People",
    title="Your claim to a partner is granted or refused",
    required="You asked, and you cannot go on without the answer.",
)
ACCESS_ENDS = Kind(
    key="access_ends",
    topic="People",
    title="Your access to the portal is to end, or has ended",
    required=_ACCESS,
)
ACCESS_ASKED = Kind(
    key="access_asked",
    topic="People",
    title="Somebody asks for access to the portal, or answers",
    staff=DECIDE_ACCESS.staff,
)
OWNER_LOST = Kind(
    key="owner_lost",
    topic="People",
    title="An owner's access has ended",
    staff=DECIDE_ACCESS.staff,
    by_mail=False,
)
TOOL_GIVEN = Kind(
    key="tool_given",
    topic="Benefits",
    title="A free tool that you wait for is there",
    roles=CLAIM_TOOLS.roles,
)
TOOL_TAKEN_BACK = Kind(
    key="tool_taken_back",
    topic="Benefits",
    title="A free tool is taken back",
    roles=CLAIM_TOOLS.roles,
    required="What hangs on the tool stops working.",
)
TOOLS_TO_END = Kind(
    key="tools_to_end",
    topic="Benefits",
    title="Codes or seats are to be ended at their vendor",
    staff=LOAD_TOOLS.staff,
)
TOOLS_OUT = Kind(
    key="tools_out",
    topic="Benefits",
    title="A free tool is out of stock, and somebody waits",
    staff=LOAD_TOOLS.staff,
)
ANNOUNCED = Kind(
    key="announced",
    topic="Program",
    title="The program announces something",
    roles=_EVERYONE,
    by_mail=False,
)
POSTED = Kind(
    key="posted",
    topic="Content",
    title="Something new for you is published in the portal",
    roles=_EVERYONE,
    by_mail=False,
)
DIGEST = Kind(
    key="digest",
    topic="Content",
    title="Once a week, what is new in the portal and not read yet",
    roles=_EVERYONE,
)
SIGN_UP_MOVED = Kind(
    key="sign_up_moved",
    topic="Content",
    title="You waited for a place, and get one",
    roles=_EVERYONE,
)
SESSION_CHANGED = Kind(
    key="session_changed",
    topic="Content",
    title="What you signed up for takes place at another time, or not",
    roles=_EVERYONE,
)
SESSION_NEAR = Kind(
    key="session_near",
    topic="Content",
    title="A webinar that you signed up for is tomorrow",
    roles=_EVERYONE,
)
APP_SUBMITTED = Kind(
    key="app_submitted",
    topic="Apps",
    title="An app waits for approval",
    staff=DECIDE_APPS.staff,
    by_mail=False,
)
CLAIM_MADE = Kind(
    key="claim_made",
    topic="People",
    title="Somebody claims a partner",
    staff=DECIDE_CLAIMS.staff,
    by_mail=False,
)
IMPORT_FINISHED = Kind(
    key="import_finished",
    topic="Imports",
    title="A report you uploaded is read or imported",
    staff=IMPORT_FACTS.staff,
    by_mail=False,
)
BENEFITS_CHANGED = Kind(
    key="benefits_changed",
    topic="Benefits",
    title="What your tier gives begins, changes or ends",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
    required="A benefit must never end by surprise.",
)
BENEFIT_ASKED = Kind(
    key="benefit_asked",
    topic="Benefits",
    title="A partner asks for a benefit in a round",
    staff=DECIDE_REQUESTS.staff,
    by_mail=False,
)
BENEFIT_DECIDED = Kind(
    key="benefit_decided",
    topic="Benefits",
    title="What you asked for is granted, refused, or waits",
    roles=ASK_BENEFITS.roles,
)
MANAGER_ASSIGNED = Kind(
    key="manager_assigned",
    topic="Benefits",
    title="Your technical partner manager is named, or another one",
    roles=_EVERYONE,
)
MANAGES_PARTNER = Kind(
    key="manages_partner",
    topic="Benefits",
    title="You become, or stop being, the manager of a partner",
    required="Partners turn to you.",
)
CREDITS_ORDERED = Kind(
    key="credits_ordered",
    topic="Benefits",
    title="An order for credits waits for approval",
    staff=DECIDE_CREDITS.staff,
    by_mail=False,
)
CREDITS_DECIDED = Kind(
    key="credits_decided",
    topic="Benefits",
    title="An order for credits is approved or refused",
    roles=SPEND_CREDITS.roles,
)
_TIME_COUNTS = "The slowest response of a year counts for your tier."
ESCALATION_OPENED = Kind(
    key="escalation_opened",
    topic="Escalations",
    title="Platform support opens an escalation",
    roles=ANSWER_ESCALATIONS.roles,
    required=_TIME_COUNTS,
)
ESCALATION_WARNED = Kind(
    key="escalation_warned",
    topic="Escalations",
    title="Half, or three quarters, of the time for an answer has passed",
    roles=ANSWER_ESCALATIONS.roles,
    required=_TIME_COUNTS,
)
ESCALATION_REOPENED = Kind(
    key="escalation_reopened",
    topic="Escalations",
    title="Platform support writes in an escalation, closes it or reopens it",
    roles=ANSWER_ESCALATIONS.roles,
)
ESCALATION_ANSWERED = Kind(
    key="escalation_answered",
    topic="Escalations",
    title="A partner answers an escalation that you opened",
    staff=OPEN_ESCALATIONS.staff,
)
ESCALATION_DISPUTED = Kind(
    key="escalation_disputed",
    topic="Escalations",
    title="A partner disputes a response time",
    staff=DECIDE_DISPUTES.staff,
    by_mail=False,
)
DISPUTE_DECIDED = Kind(
    key="dispute_decided",
    topic="Escalations",
    title="A dispute on a response time is granted or refused",
    roles=ANSWER_ESCALATIONS.roles,
)

REVIEW_WAITS = Kind(
    key="review_waits",
    topic="Reviews",
    title="A review is opened, may be closed, or waits for a second person",
    staff=RUN_REVIEWS.staff | CLOSE_REVIEWS.staff,
)

# Every kind above, in the order in which it stands there.
KINDS: Mapping[str, Kind] = {
    kind.key: kind for kind in tuple(vars().values()) if isinstance(kind, Kind)
}
TOPICS = tuple(dict.fromkeys(kind.topic for kind in KINDS.values()))


def kinds_for(roles: frozenset[str], staff_role: str) -> tuple[Kind, ...]:
    """Return the kinds that can reach a person with these roles in partners and in the team."""
    return tuple(
        kind
        for kind in KINDS.values()
        if not (kind.roles or kind.staff) or kind.roles & roles or staff_role in kind.staff
    )
