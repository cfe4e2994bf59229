"""What the program publishes for its partners: kinds of posts, and who may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assay.core.benefits import turn_of
from assay.core.program import Benefit, BenefitKind, Program

NO_TIER = "none"
MOST_OF_A_BODY = 40_000  # letters
MOST_FILES = 20  # attachments of a post
MOST_PLACES = 100_000


class PostKind(StrEnum):
    """What a post is; announcements are public, the rest is for partners."""

    ANNOUNCEMENT = "announcement"
    UPDATE = "update"
    COUNCIL_NOTE = "council_note"
    RESOURCE = "resource"
    WEBINAR = "webinar"
    ROADMAP = "roadmap"
    PROGRAM = "program"


KIND_TITLES: Mapping[str, str] = {
    PostKind.ANNOUNCEMENT: "Announcement",
    PostKind.UPDATE: "Update",
    PostKind.COUNCIL_NOTE: "Council note",
    PostKind.RESOURCE: "Resource",
    PostKind.WEBINAR: "Webinar",
    PostKind.ROADMAP: "Campaign roadmap",
    PostKind.PROGRAM: "Early access",
}
KIND_WORDS: Mapping[str, str] = {
    PostKind.ANNOUNCEMENT: "Public: on the announcements page, in its feed and in every portal",
    PostKind.UPDATE: "What is new for partners",
    PostKind.COUNCIL_NOTE: "What the council discussed and concluded",
    PostKind.RESOURCE: "Something to keep: files and links",
    PostKind.WEBINAR: "At a time, with sign-up, calendar file, and a recording afterwards",
    PostKind.ROADMAP: "A marketing campaign that partners can prepare for",
    PostKind.PROGRAM: "A program that some partners may join before others",
}
USUAL_BENEFITS: Mapping[str, str] = {  # who reads a kind unless staff say otherwise
    PostKind.UPDATE: "communications",
    PostKind.COUNCIL_NOTE: "communications",
    PostKind.WEBINAR: "communications",
    PostKind.ROADMAP: "campaign_roadmap",
    PostKind.PROGRAM: "early_access",
}
SIGN_UP_KINDS = frozenset({PostKind.WEBINAR, PostKind.ROADMAP, PostKind.PROGRAM})


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Who reads a post: those whose tier has `benefit`, or else whose tier is in `tiers`.

    No benefit and no tiers: every tier, those without one too. `roles` narrows it to members
    with one of these roles; none: every role. `public`: everybody, signed in or not.
    """

    benefit: str = ""
    tiers: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    public: bool = False


@dataclass(frozen=True, kw_only=True)
class Session:
    """When a webinar is (aware moments), the host's time zone, and where those with a seat join."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    join_link: str = ""


@dataclass(frozen=True, kw_only=True)
class PostContent:
    """What a post says; `places` is None where there is no limit."""

    kind: PostKind
    title: str
    body: str
    audience: Audience = field(default_factory=Audience)
    session: Session | None = None
    takes_sign_ups: bool = False
    places: int | None = None


def audience_benefits(program: Program) -> tuple[Benefit, ...]:
    """Return the benefits that can be an audience: those that a tier has or has not."""
    kinds = (BenefitKind.ACCESS, BenefitKind.LEVEL)
    return tuple(benefit for benefit in program.benefits.values() if benefit.kind in kinds)


def benefits_of(tier: str, program: Program) -> tuple[str, ...]:
    """Return the keys of the benefits that a tier has; "none" has none."""
    return tuple(b.key for b in program.benefits.values() if tier in b.by_tier)


def tiers_of(audience: Audience, program: Program) -> tuple[str, ...]:
    """Return which tiers an audience has, lowest first; a benefit unknown to it has none."""
    every = (NO_TIER, *program.tiers)
    if audience.benefit:
        benefit = program.benefits.get(audience.benefit)
        return () if benefit is None else tuple(t for t in every if t in benefit.by_tier)
    return tuple(t for t in every if t in audience.tiers) if audience.tiers else every


def admits(audience: Audience, tier: str, role: str, program: Program) -> bool:
    """Tell whether a member of a partner with this credited tier is in the audience.

    No role (the empty text) is that of staff who view as the partner: of any role.
    """
    right_role = not audience.roles or not role or role in audience.roles
    return right_role and tier in tiers_of(audience, program)


def precedence(audience: Audience, tier: str, program: Program) -> int:
    """Return in which turn a place that becomes free is offered, 0 first.

    Where the benefit has levels, a higher level goes first, and tiers with the same level have
    the same turn; otherwise everybody has.
    """
    benefit = program.benefits.get(audience.benefit)
    if benefit is None or benefit.kind is not BenefitKind.LEVEL:
        return 0
    return turn_of(benefit.by_tier.get(tier, ""), benefit, program.tiers)
