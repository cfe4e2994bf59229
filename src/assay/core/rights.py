"""Who may do what: the one table of rights, shown on a page and asked before every act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member is in a partner."""

    OWNER = "owner"
    FINANCE = "finance"
    SECURITY = "security"
    SUPPORT = "support"
    VIEWER = "viewer"


class StaffRole(StrEnum):
    """What a person is in the platform's program team."""

    PROGRAM_MANAGER = "program_manager"
    FINANCE = "finance"
    SECURITY = "security"
    SUPPORT = "support"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_WORDS: Mapping[str, str] = {
    Role.OWNER: "Everything, and who else is in the team",
    Role.FINANCE: "Sales row by row, and all that viewers see",
    Role.SECURITY: "Apps and their security, and all that viewers see",
    Role.SUPPORT: "Profile and support contacts, and all that viewers see",
    Role.VIEWER: "Sees standing, apps and notices; changes nothing",
}
STAFF_ROLE_WORDS: Mapping[str, str] = {
    StaffRole.PROGRAM_MANAGER: "Runs the program: imports, apps, claims, announcements",
    StaffRole.FINANCE: "Imports reports and settles what disagrees",
    StaffRole.SECURITY: "Approves apps and Data Center versions",
    StaffRole.SUPPORT: "Helps partners: claims, mail, announcements",
    StaffRole.AUDITOR: "Reads everything, the record too; changes nothing",
    StaffRole.ADMINISTRATOR: "Gives and takes staff roles, watches health and backups",
}


def role_title(role: str) -> str:
    """Return a role as people write it: `program_manager` is `Program manager`."""
    return role.replace("_", " ").capitalize()


@dataclass(frozen=True, kw_only=True)
class Right:
    """A thing that may be done: its key, what it is in words, and the roles that may do it."""

    key: str
    title: str
    roles: frozenset[Role] = frozenset()
    staff: frozenset[StaffRole] = frozenset()


_EVERYONE = frozenset(Role)
_OWNER = frozenset({Role.OWNER})
_ALL_STAFF = frozenset(StaffRole)
_MANAGER = frozenset({StaffRole.PROGRAM_MANAGER})
_ADMINISTRATOR = frozenset({StaffRole.ADMINISTRATOR})

SEE_PARTNER = Right(key="see_partner", title="See the home page and the profile", roles=_EVERYONE)
SEE_STANDING = Right(key="see_standing", title="See the standing and decisions", roles=_EVERYONE)
SEE_SALES = Right(
    key="see_sales", title="See sales row by row", roles=frozenset({Role.OWNER, Role.FINANCE})
)
SEE_ANALYTICS = Right(
    key="see_analytics",
    title="See how apps do against their category",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
)
SEE_APPS = Right(key="see_apps", title="See apps and listings", roles=_EVERYONE)
EDIT_APPS = Right(
    key="edit_apps",
    title="Draft, submit and retire apps",
    roles=frozenset({Role.OWNER, Role.SECURITY}),
)
EDIT_PROFILE = Right(
    key="edit_profile",
    title="Change the profile and support contacts",
    roles=frozenset({Role.OWNER, Role.SUPPORT}),
)
ANNOUNCE_MOVES = Right(
    key="announce_moves",
    title="Consent to being announced when the partner moves up",
    roles=_OWNER,
)
ACCEPT_AGREEMENT = Right(key="accept_agreement", title="Accept the partner agreement", roles=_OWNER)
SEE_NOTICES = Right(key="see_notices", title="Read notices", roles=_EVERYONE)
READ_CONTENT = Right(
    key="read_content", title="Read what the program publishes, and sign up", roles=_EVERYONE
)
SEE_TEAM = Right(key="see_team", title="See who has access", roles=_EVERYONE)
MANAGE_TEAM = Right(
    key="manage_team", title="Invite members, change roles, take access away", roles=_OWNER
)
TRANSFER = Right(key="transfer", title="Make others owners, or hand ownership over", roles=_OWNER)

ASK_BENEFITS = Right(
    key="ask_benefits",
    title="Ask for benefits in rounds",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
)
SEE_BENEFITS = Right(
    key="see_benefits", title="See benefits and the statement of credits", roles=_EVERYONE
)
SPEND_CREDITS = Right(
    key="spend_credits",
    title="Order for credits",
    roles=frozenset({Role.OWNER, Role.FINANCE}),
)

SEE_TOOLS = Right(
    key="see_tools", title="See which tools are free for the partner", roles=_EVERYONE
)
ANSWER_RISK = Right(
    key="answer_risk",
    title="Answer when the tier is at risk",
    roles=_EVERYONE - {Role.VIEWER},
)
APPEAL = Right(key="appeal", title="Appeal a decision of a review, with evidence", roles=_OWNER)
CLAIM_TOOLS = Right(
    key="claim_tools",
    title="Claim free tools and read their codes",
    roles=frozenset({Role.OWNER, Role.SECURITY}),
)

SEE_ESCALATIONS = Right(
    key="see_escalations", title="See escalations and how long each answer took", roles=_EVERYONE
)
ANSWER_ESCALATIONS = Right(
    key="answer_escalations",
    title="Answer escalations and dispute a response time",
    roles=frozenset({Role.OWNER, Role.SUPPORT}),
)

APPLY_SECURITY = Right(
    key="apply_security",
    title="Apply for security programs, renew and leave them",
    roles=frozenset({Role.OWNER, Role.SECURITY}),
)

SEE_STAFF = Right(
    key="see_staff", title="See every partner, import, notice and rating", staff=_ALL_STAFF
)
VIEW_AS = Right(
    key="view_as",
    title="View the portal as a partner sees it (recorded, changes nothing)",
    staff=_ALL_STAFF,
)
DECIDE_APPS = Right(
    key="decide_apps",
    title="Approve apps or send them back",
    staff=_MANAGER | {StaffRole.SECURITY},
)
DECIDE_SECURITY = Right(
    key="decide_security",
    title="Decide on applications for security programs, enter awards, end enrolments",
    staff=_MANAGER | {StaffRole.SECURITY},
)
CHANGE_RULES = Right(
    key="change_rules",
    title="Raise minimum payouts and end security programs, with notice ahead",
    staff=_MANAGER | {StaffRole.SECURITY},
)
DECIDE_CLAIMS = Right(
    key="decide_claims",
    title="Give a partner known from facts to those who claim it",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
DECIDE_ACCESS = Right(
    key="decide_access",
    title="Decide who gets access to the portal, and keep the lists of mail domains",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
LOAD_TOOLS = Right(
    key="load_tools",
    title="Load codes and seats of free tools, and read those to end at the vendor",
    staff=_MANAGER | {StaffRole.SECURITY},
)
IMPORT_FACTS = Right(
    key="import_facts",
    title="Import reports and settle disagreements",
    staff=_MANAGER | {StaffRole.FINANCE},
)
UNDO_IMPORT = Right(
    key="undo_import", title="Undo an import by a batch that restates", staff=_MANAGER
)
SEND_NOTICES = Right(
    key="send_notices",
    title="Resend mail that failed",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
READ_RATINGS = Right(
    key="read_ratings",
    title="Mark what readers say of pages as read",
    staff=_ALL_STAFF - {StaffRole.AUDITOR},
)
PUBLISH_CONTENT = Right(
    key="publish_content",
    title="Write and publish announcements and what partners read in the portal",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
NOTE_AGREEMENTS = Right(
    key="note_agreements",
    title="Note what was agreed with a partner at risk",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
DECIDE_REQUESTS = Right(
    key="decide_requests", title="Open rounds of benefits and decide requests", staff=_MANAGER
)
MANAGE_PARTNERS = Right(
    key="manage_partners",
    title="Be the technical partner manager of partners",
    staff=_MANAGER | {StaffRole.SUPPORT, StaffRole.SECURITY},
)
ASSIGN_MANAGERS = Right(
    key="assign_managers", title="Assign technical partner managers", staff=_MANAGER
)
DECIDE_CREDITS = Right(
    key="decide_credits",
    title="Approve and refuse orders for credits, and correct them",
    staff=_MANAGER | {StaffRole.FINANCE},
)
OPEN_ESCALATIONS = Right(
    key="open_escalations",
    title="Open escalations, write in them, close them; make tokens that open them",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
DECIDE_DISPUTES = Right(
    key="decide_disputes",
    title="Decide disputes on a response time, of escalations that others opened",
    staff=_MANAGER | {StaffRole.SUPPORT},
)
RUN_REVIEWS = Right(
    key="run_reviews",
    title="Run the review calendar; open reviews, ask to close them and for waivers",
    staff=_MANAGER,
)
CLOSE_REVIEWS = Right(
    key="close_reviews",
    title="As a second person, close reviews and decide waivers",
    staff=_MANAGER | {StaffRole.FINANCE},
)
DECIDE_APPEALS = Right(
    key="decide_appeals",
    title="Decide appeals and correct decisions on late facts, as one of two people",
    staff=_MANAGER | {StaffRole.FINANCE},
)
SEE_AUDIT = Right(
    key="see_audit",
    title="Read the record of who did what",
    staff=frozenset({StaffRole.AUDITOR, StaffRole.PROGRAM_MANAGER, StaffRole.ADMINISTRATOR}),
)
MANAGE_PEOPLE = Right(key="manage_people", title="Give and take staff roles", staff=_ADMINISTRATOR)
SEE_HEALTH = Right(
    key="see_health",
    title="See health, backups and metrics",
    staff=_ADMINISTRATOR | {StaffRole.AUDITOR},
)

RIGHTS: Mapping[str, Right] = {
    right.key: right
    for right in (
        SEE_PARTNER,
        SEE_STANDING,
        SEE_SALES,
        SEE_ANALYTICS,
        SEE_APPS,
        EDIT_APPS,
        EDIT_PROFILE,
        ANNOUNCE_MOVES,
        ACCEPT_AGREEMENT,
        SEE_NOTICES,
        READ_CONTENT,
        SEE_TEAM,
        MANAGE_TEAM,
        TRANSFER,
        SEE_TOOLS,
        CLAIM_TOOLS,
        ASK_BENEFITS,
        SEE_BENEFITS,
        SPEND_CREDITS,
        ANSWER_RISK,
        APPEAL,
        SEE_ESCALATIONS,
        ANSWER_ESCALATIONS,
        APPLY_SECURITY,
        SEE_STAFF,
        VIEW_AS,
        DECIDE_APPS,
        DECIDE_SECURITY,
        CHANGE_RULES,
        DECIDE_CLAIMS,
        DECIDE_ACCESS,
        LOAD_TOOLS,
        IMPORT_FACTS,
        UNDO_IMPORT,
        SEND_NOTICES,
        READ_RATINGS,
        PUBLISH_CONTENT,
        NOTE_AGREEMENTS,
        DECIDE_REQUESTS,
        MANAGE_PARTNERS,
        ASSIGN_MANAGERS,
        DECIDE_CREDITS,
        OPEN_ESCALATIONS,
        DECIDE_DISPUTES,
        RUN_REVIEWS,
        CLOSE_REVIEWS,
        DECIDE_APPEALS,
        SEE_AUDIT,
        MANAGE_PEOPLE,
        SEE_HEALTH,
    )
}


def member_may(role: str, right: Right) -> bool:
    """Tell whether a member with `role` has a right."""
    return role in right.roles


def staff_may(role: str, right: Right) -> bool:
    """Tell whether staff with `role` has a right; no role (the empty text) has none."""
    return role in right.staff
