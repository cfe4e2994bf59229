"""Mails about an account: one table of letters, by the name under which allauth asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop as _

from assay.words.letters import Letter


@dataclass(frozen=True, kw_only=True)
class Account:
    """One letter: its words, in which `{email}` and the like stand for what is known, its link.

    `link` is the name under which the address is handed over, or "" for none; `alarm`: it tells
    of a change, and what to do where the reader did not make it.
    """

    subject: str
    body: str
    link: str = ""
    link_words: str = ""
    alarm: bool = True


_NOT_YOU = _(
    "If this was not you, somebody else may have your password: set a new one at once, and sign "
    "out every other session of your account."
)
_WHY = _("You get this mail whatever you choose: it is about the safety of your account.")

_CONFIRM = Account(
    subject=_("Confirm your address"),
    body=_(
        "Somebody, and we hope it was you, gave {email} as an address at {site}. Confirm that it "
        "is yours; the link works for three days.\n\nIf it was not you, do nothing: without "
        "your confirmation the address is not used."
    ),
    link="activate_url",
    link_words=_("Confirm this address"),
    alarm=False,
)

LETTERS: Mapping[str, Account] = {
    "account/email/email_confirmation": _CONFIRM,
    "account/email/email_confirmation_signup": _CONFIRM,
    "account/email/password_reset_key": Account(
        subject=_("Set a new password"),
        body=_(
            "Somebody asked for a new password for the account of {email}. If it was you, choose "
            "one with this link; it works once.\n\nIf it was not you, do nothing: your password "
            "stays as it is."
        ),
        link="password_reset_url",
        link_words=_("Choose a new password"),
        alarm=False,
    ),
    "account/email/account_already_exists": Account(
        subject=_("You have an account already"),
        body=_(
            "Somebody, perhaps you, tried to sign up with {email}. This address has an account "
            "already, so nothing was made. Sign in with it; if you do not know the password any "
            "more, set a new one.\n\nIf it was not you, there is nothing to do."
        ),
        link="forgot_url",
        link_words=_("Set a new password"),
        alarm=False,
    ),
    "account/email/unknown_account": Account(
        subject=_("There is no account with this address"),
        body=_(
            "Somebody asked for a new password for {email}, but no account has this address. "
            "Perhaps you signed up with another one.\n\nIf it was not you, there is nothing to do."
        ),
        link="sign_up_url",
        link_words=_("Sign up"),
        alarm=False,
    ),
    "account/email/email_changed": Account(
        subject=_("Your address was changed"),
        body=_("The first address of your account was {from_email}; it is now {to_email}."),
    ),
    "account/email/email_deleted": Account(
        subject=_("An address was removed"),
        body=_("{deleted_email} was removed from your account."),
    ),
    "account/email/password_changed": Account(
        subject=_("Your password was changed"),
        body=_("The password of your account was changed."),
    ),
    "account/email/password_set": Account(
        subject=_("Your account has a password now"),
        body=_("A password was set for your account; with it one can sign in."),
    ),
    "account/email/password_reset": Account(
        subject=_("Your password was changed"),
        body=_("A new password was set for your account with a link that we sent you."),
    ),
    "mfa/email/totp_activated": Account(
        subject=_("An authenticator app was added"),
        body=_("From now on, signing in with your password asks for a code of the app as well."),
    ),
    "mfa/email/totp_deactivated": Account(
        subject=_("The authenticator app was removed"),
        body=_("Signing in does not ask for a code of an app any more."),
    ),
    "mfa/email/webauthn_added": Account(
        subject=_("A passkey was added"),
        body=_("A passkey or security key was added to your account."),
    ),
    "mfa/email/webauthn_removed": Account(
        subject=_("A passkey was removed"),
        body=_("A passkey or security key was removed from your account."),
    ),
    "mfa/email/recovery_codes_generated": Account(
        subject=_("New recovery codes were made"),
        body=_("Your account has new recovery codes; those from before do not work any more."),
    ),
    "socialaccount/email/account_connected": Account(
        subject=_("Another way to sign in was added"),
        body=_("You can now sign in to your account with {provider.name}."),
    ),
    "socialaccount/email/account_disconnected": Account(
        subject=_("A way to sign in was removed"),
        body=_("You cannot sign in to your account with {provider.name} any more."),
    ),
}


def account_letter(name: str, known: Mapping[str, Any]) -> Letter:
    """Write the letter that allauth asks for by `name`, from what is `known` about the occasion.

    Links begin with the installation's own address, whatever host the request named.
    """
    account = LETTERS[name]
    told = {
        **known,
        "site": settings.SITE_TITLE,
        "sign_up_url": settings.BASE_URL + reverse("account_signup"),
        "forgot_url": settings.BASE_URL + reverse("account_reset_password"),
    }
    body = account.body.format_map(told)
    if account.alarm:
        body = f"{body}\n\n{_NOT_YOU}"
    return Letter(
        sender=settings.SITE_TITLE,
        subject=account.subject,
        body=body,
        link=str(told[account.link]) if account.link else "",
        link_words=account.link_words,
        why=_WHY if account.alarm else "",
    )
