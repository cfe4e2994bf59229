"""Show a badge to anyone: of whom, for what, until when, whether it holds, and how to check it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from assay.core.badges import BadgeState
from assay.core.credentials import REVOCATION, SUSPENSION, Document, enveloped, moment_text
from assay.jobs.badges.addresses import badge_url, list_url, picture_url
from assay.jobs.badges.draw_badge import HOLDING, badge_state
from assay.jobs.programs.program_versions import program_labelled
from assay.store.queries.badges.badges import Shown, badge_of
from assay.words.badge_words import badge_name, criteria_words, description_words


@dataclass(frozen=True, kw_only=True)
class BadgePage:
    """What a badge's page shows. `last_on` is the last day on which it holds."""

    badge: Shown
    name: str
    state: BadgeState
    holds: bool
    last_on: date
    description: str
    criteria: str
    url: str
    picture: str
    issuer: str
    revocations: str
    suspensions: str

    def document(self, at: datetime) -> Document:
        """Return what the page says, for machines; `jwt` is the signed credential."""
        return {
            "id": self.url,
            "name": self.name,
            "given_to": self.badge.partner_name,
            "issuer": self.issuer,
            "state": self.state.value,
            "holds": self.holds,
            "as_of": moment_text(at),
            "since_on": self.badge.since_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "revoked_at": _moment(self.badge.revoked_at),
            "revoked_why": self.badge.revoked_why or None,
            "suspended_at": _moment(self.badge.suspended_at),
            "suspended_why": self.badge.suspended_why or None,
            "jwt": self.badge.token,
        }

    @property
    def envelope(self) -> Document:
        """The signed credential in a JSON document (VC 2.0, section 4.13)."""
        return enveloped(self.badge.token)


def badge_page(number: str, *, at: datetime) -> BadgePage | None:
    """Return the page of a badge as of a moment; None where there never was one."""
    badge = badge_of(number)
    return None if badge is None else page_of(badge, at=at)


def page_of(badge: Shown, *, at: datetime) -> BadgePage:
    """Return the page of a badge as of a moment."""
    program = program_labelled(settings.PROGRAM, badge.program)
    state = badge_state(badge, at=at)
    return BadgePage(
        badge=badge,
        name=badge_name(badge.words, badge.since_on),
        state=state,
        holds=state in HOLDING,
        last_on=badge.until_on - timedelta(days=1),
        description=description_words(program, badge.tier),
        criteria=criteria_words(program, badge.tier),
        url=badge_url(badge.number),
        picture=picture_url(badge.number, "svg"),
        issuer=badge.issuer,
        revocations=list_url(REVOCATION, badge.list_number),
        suspensions=list_url(SUSPENSION, badge.list_number),
    )


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment_text(moment)
