"""What follows the closed review of 2024, in steps that may be killed: see `killed_year`.

Badges are numbered and placed by lot; of them and of what events say of them, how many there are
is compared.
"""

from __future__ import annotations

from assay.jobs.appeals.decide_appeal import Proposal, confirm, propose
from assay.jobs.appeals.state_appeal import state_appeal
from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.letters.advancements import draft_advancements
from assay.jobs.letters.write_letters import write_newest_letters
from assay.store.models import Appeal, Decision, Partner, Person, Review
from tests.jobs.reviews.killed_year import Year, calendar, close
from tests.three_years import at, seat_owners, seat_staff

BY_LOT = ("store_badge", "store_event", "store_link")


def person(email: str) -> Person:
    """Return somebody of the play."""
    return Person.objects.get(email=email)


def two_years() -> None:
    """Play two years, so that somebody has moved up; all consent to being announced."""
    seat_staff()
    for year in (2023, 2024):
        calendar(year, 6, 30)
        calendar(year, 7, 1)
        seat_owners(at(year, 7, 1))
        calendar(year, 7, 15)
        close(year)
    write_newest_letters(at=at(2024, 7, 16))
    Partner.objects.update(announce_moves=True)


def announce() -> None:
    """Draft the announcement of who moved up: Birch, from Marketplace Partner to Silver."""
    review = Review.objects.get(kind="review", state="closed", on__year=2024)
    draft_advancements(review.pk, at=at(2024, 7, 16))


def appeal() -> None:
    """Willow appeals, Ann proposes, Ben confirms: each does again what was not done."""
    willow = Decision.objects.get(
        review__kind="review",
        review__state="closed",
        review__on__year=2024,
        partner__key="willow",
    )
    case = willow.appeals.first() or state_appeal(
        willow.pk,
        "We answered in time",
        by=person("owner@willow.example"),
        at=at(2024, 7, 17),
        partner_id=willow.partner_id,
    )
    if case.state == Appeal.State.OPEN:
        proposal = Proposal(tier="silver", reason="You did")
        case = propose(case.pk, proposal, by=person("ann@staff.example"), at=at(2024, 7, 18))
    if case.state == Appeal.State.PROPOSED:
        confirm(case.pk, by=person("ben@staff.example"), at=at(2024, 7, 19))


class Follow(Year):
    """Where it is played."""

    base = "killed_follow"
    first = staticmethod(two_years)
    steps = (
        announce,
        lambda: issue_badges(at=at(2024, 7, 16)),
        appeal,
        lambda: write_newest_letters(at=at(2024, 7, 20)),
        lambda: issue_badges(at=at(2024, 7, 21)),
    )

    def differs(self, left: dict, wanted: dict) -> list[str]:
        """Name the tables that are not as they should be."""
        return [
            name
            for name in super().differs(left, wanted)
            if name not in BY_LOT or left[name][0] != wanted[name][0]
        ]
