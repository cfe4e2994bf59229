"""How people sign in: the product's own words, mails by the outbox, every act in the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import respond_429
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assay.gateways.seals import seal
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.operations.events import record
from assay.jobs.people.people import free_address
from assay.portal.access import SET_UP_FACTOR
from assay.portal.account_mail import account_letter
from assay.store.models import Person
from assay.words.letters import letter_html, letter_text

_CHANGES: Mapping[str, tuple[str, str]] = {
    "account/email/email_changed": ("address_changed", "changed the first address"),
    "account/email/email_deleted": ("address_removed", "removed an address"),
    "account/email/password_changed": ("password_changed", "changed the password"),
    "account/email/password_set": ("password_set", "set a password"),
    "account/email/password_reset": ("password_reset", "set a new password by mail"),
    "mfa/email/totp_activated": ("app_added", "added an authenticator app"),
    "mfa/email/totp_deactivated": ("app_removed", "removed the authenticator app"),
    "mfa/email/webauthn_added": ("passkey_added", "added a passkey"),
    "mfa/email/webauthn_removed": ("passkey_removed", "removed a passkey"),
    "mfa/email/recovery_codes_generated": ("codes_made", "made new recovery codes"),
    "socialaccount/email/account_connected": ("provider_added", "added a way to sign in"),
    "socialaccount/email/account_disconnected": ("provider_removed", "removed a way to sign in"),
}
SIGNED_IN_AT = "signed_in_at"
_FACTORS = "second factors"
_FACTOR_ADDED = ("mfa/email/totp_activated", "mfa/email/webauthn_added")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts know when they were made; their mails leave by the outbox."""

    error_messages = {  # noqa: RUF012 - as the class it replaces has it
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "cannot_remove_primary_email": _("Make another address the first one before."),
        "duplicate_email": _("Your account has this address already."),
        "email_password_mismatch": _("This address and this password do not go together."),
        "enter_current_password": _("This is not your password as it is now."),
        "incorrect_code": _("This code is not right. A code of an app holds for 30 seconds."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link was used before, or is too old."),
        "max_email_addresses": _("An account has at most %d addresses."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try again."),
        "unverified_primary_email": _("Confirm the address before you make it the first one."),
    }

    def new_user(self, request: HttpRequest) -> Person:
        """Return an account that is not saved yet."""
        return Person(joined_at=request.now)  # type: ignore[attr-defined]

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """Accounts have no user names."""

    def save_user(
        self,
        request: HttpRequest,
        user: Person,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002 - as the method it replaces
    ) -> Person:
        """Save what the sign-up form says, and nothing that it does not ask."""
        user.name = form.cleaned_data.get("name", "")
        saved: Person = super().save_user(request, user, form, commit)
        return saved

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer 429 to one guess too many, whether or not the account exists."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise ImmediateHttpResponse(respond_429(request)) from None

    def post_login(self, request: HttpRequest, user: Person, **about: Any) -> HttpResponse:
        """Record that somebody signed in, and when in this session."""
        request.session[SIGNED_IN_AT] = self.request.now.timestamp()
        record("signed_in", f"{user} signed in", at=self.request.now, by=user)
        answer: HttpResponse = super().post_login(request, user, **about)
        return answer

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Take an address for confirmed; who signed up with it and never confirmed it loses it."""
        free_address(email_address.email, but_for=email_address.user_id)
        return bool(super().confirm_email(request, email_address))

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Ask again who it is, but not within minutes of signing in."""
        if not super().is_reauthentication_required(app=app, **options):
            return False
        found = get_authentication_records(self.request, self.request.user)
        signed_in_at = self.request.session.get(SIGNED_IN_AT, 0.0)
        newest = max(signed_in_at, *(entry["at"] for entry in found), 0.0)
        asked = self.request.now.timestamp()
        return bool(asked - newest >= app_settings.REAUTHENTICATION_TIMEOUT)

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the address that confirms an address."""
        del request
        return (
            f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the address that sets a new password."""
        uid, _dash, token = key.partition("-")
        return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', args=[uid, token])}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go back to the account after a change of password."""
        del request
        return reverse("account")

    def send_mail(self, template_prefix: str, email: str, context: Mapping[str, Any]) -> None:
        """Put a letter about the account into the outbox."""
        letter = account_letter(template_prefix, {**context, "email": email})
        queue_mail(
            to=email,
            subject=letter.subject,
            text=letter_text(letter),
            html=letter_html(letter),
            at=self.request.now,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: Mapping[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Record a change of the account, and tell its person by mail."""
        if template_prefix in _FACTOR_ADDED:
            self.request.session[SET_UP_FACTOR] = True
        act, words = _CHANGES[template_prefix]
        record(act, f"{user} {words}", at=self.request.now, by=user)
        super().send_notification_mail(template_prefix, user, context, email)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Accounts that come by an identity provider."""

    def new_user(self, request: HttpRequest, sociallogin: Any) -> Person:
        """Return an account that is not saved yet."""
        del sociallogin
        return Person(joined_at=request.now)  # type: ignore[attr-defined]

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: Any) -> Person:
        """Take name and address from the provider."""
        person: Person = super().populate_user(request, sociallogin, data)
        name = data.get("name") or f"{data.get('first_name') or ''} {data.get('last_name') or ''}"
        person.name = str(name).strip()[:120]
        return person


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors, named and refused in the product's own words."""

    error_messages = {  # noqa: RUF012 - as the class it replaces has it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. A code of an app holds for 30 seconds."),
        "unverified_email": _("Confirm every address of your account first."),
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret of a second factor before it goes to the database."""
        return seal(_FACTORS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open what was sealed; the key lies in the installation's keys, not in the database."""
        return seal(_FACTORS).decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002
        """Name a new passkey."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Say to an authenticator who asks."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.SITE_TITLE}
