"""The badge of each partner's tier."""

from assay.jobs.badges.issue_badges import issue_badges
from assay.store.models import Badge

_ADDRESSES = ("badge", "badge_svg", "badge_png")


def of_a_partner(world, whose, by):  # noqa: ARG001 - nobody does it: badges come by themselves
    issue_badges(at=whose.grants.first().made_at)
    number = Badge.objects.filter(partner=whose).first().number
    return {f"{name}.number": number for name in _ADDRESSES}


def values(world):  # noqa: ARG001 - the same for all
    return {"badge_status_list.purpose": "revocation", "badge_status_list.number": 1}
