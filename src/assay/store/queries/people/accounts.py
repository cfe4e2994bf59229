"""An account as its person sees it: addresses, ways to sign in, sessions, partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession

from assay.store.models import Person
from assay.store.queries.people.seats import Seat, seats_of


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address of an account; the first one gets the mail."""

    email: str
    confirmed: bool
    first: bool


@dataclass(frozen=True, kw_only=True)
class Account:
    """All there is about an account; `codes_left` is None without recovery codes."""

    addresses: tuple[Address, ...]
    has_password: bool
    has_app: bool
    passkeys: int
    codes_left: int | None
    providers: int
    sessions: int
    seats: tuple[Seat, ...]
    last_sign_in_at: datetime | None

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in with the password asks for something more."""
        return self.has_app or self.passkeys > 0


def account_of(person: Person, *, session_key: str) -> Account:
    """Return a person's account; the session of `session_key` is counted among the sessions."""
    factors = {Authenticator.Type.TOTP: 0, Authenticator.Type.WEBAUTHN: 0}
    codes_left = None
    for factor in Authenticator.objects.filter(user=person):
        if factor.type == Authenticator.Type.RECOVERY_CODES:
            codes_left = len(factor.wrap().get_unused_codes())
        else:
            factors[factor.type] += 1
    others = UserSession.objects.filter(user=person).exclude(session_key=session_key)
    return Account(
        addresses=_addresses(person),
        has_password=person.has_usable_password(),
        has_app=factors[Authenticator.Type.TOTP] > 0,
        passkeys=factors[Authenticator.Type.WEBAUTHN],
        codes_left=codes_left,
        providers=SocialAccount.objects.filter(user=person).count(),
        sessions=sum(1 for one in others if one.exists()) + 1,
        seats=seats_of(person),
        last_sign_in_at=person.last_login,
    )


def _addresses(person: Person) -> tuple[Address, ...]:
    """Return the addresses, first the one that gets the mail."""
    found = EmailAddress.objects.filter(user=person).order_by("-primary", "email")
    return tuple(
        Address(email=one.email, confirmed=one.verified, first=one.primary) for one in found
    ) or (Address(email=person.email, confirmed=False, first=True),)
