"""A partner's profile: the steps of its path, and which of them are done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProfileStep(StrEnum):
    """The steps of the path to a profile, in their order."""

    NAMES = "names"
    ADDRESS = "address"
    TIME_ZONE = "time-zone"
    SUPPORT = "support"
    PRESENTATION = "presentation"
    AGREEMENT = "agreement"

    @property
    def words(self) -> str:
        """The step in words."""
        return _TITLES[self]


_TITLES = {
    ProfileStep.NAMES: "Names",
    ProfileStep.ADDRESS: "Address",
    ProfileStep.TIME_ZONE: "Time zone",
    ProfileStep.SUPPORT: "Website and support",
    ProfileStep.PRESENTATION: "Logo and description",
    ProfileStep.AGREEMENT: "Agreement",
}


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a partner says of itself, as it is kept; what is not said is the empty text."""

    name: str = ""
    legal_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    time_zone: str = ""
    website: str = ""
    support_email: str = ""
    support_url: str = ""
    support_phone: str = ""
    support_hours: str = ""
    description: str = ""
    logo: str = ""
    agreement_version: str = ""


_NEEDED: dict[ProfileStep, tuple[str, ...]] = {
    ProfileStep.NAMES: ("name", "legal_name"),
    ProfileStep.ADDRESS: ("street", "city", "country"),
    ProfileStep.TIME_ZONE: ("time_zone",),
    ProfileStep.SUPPORT: ("website", "support_email", "support_hours"),
    ProfileStep.PRESENTATION: ("description",),
    ProfileStep.AGREEMENT: ("agreement_version",),
}


def open_steps(profile: Profile) -> tuple[ProfileStep, ...]:
    """Return the steps that still need something, in their order."""
    return tuple(
        step
        for step, needed in _NEEDED.items()
        if not all(getattr(profile, field) for field in needed)
    )


def domain_is_of_website(domain: str, host: str) -> bool:
    """Tell whether an address at `domain` belongs to the site at `host`, surely.

    They must be the same name, but for a leading `www.`: a subdomain and a look-alike in other
    letters are not enough. Names that are not plain ASCII are never compared, as there is more
    than one way to write them.
    """
    mail, site = domain.lower().rstrip("."), host.lower().rstrip(".").removeprefix("www.")
    plain = mail.isascii() and site.isascii() and "." in site
    return plain and mail == site
