"""Forms of accounts: allauth's, in the product's words and without placeholders."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as apps
from allauth.mfa.webauthn import forms as passkeys
from allauth.socialaccount import forms as providers
from babel import Locale
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assay.portal.forms.fields import time_zones

MOST_OF_A_NAME = 120
PASSWORD_HINT = _("At least 12 characters. A few words that nobody would guess are good.")
LOCALES = (
    "cs_CZ",
    "da_DK",
    "de_AT",
    "de_CH",
    "de_DE",
    "en_AU",
    "en_CA",
    "en_GB",
    "en_IN",
    "en_US",
    "es_ES",
    "es_MX",
    "fi_FI",
    "fr_CA",
    "fr_CH",
    "fr_FR",
    "he_IL",
    "hi_IN",
    "hu_HU",
    "it_IT",
    "ja_JP",
    "ko_KR",
    "nb_NO",
    "nl_NL",
    "pl_PL",
    "pt_BR",
    "pt_PT",
    "ro_RO",
    "sv_SE",
    "tr_TR",
    "uk_UA",
    "vi_VN",
    "zh_Hans_CN",
    "zh_Hant_TW",
)


def printable(value: str) -> None:
    """Refuse line breaks and other characters that no name has."""
    if not value.isprintable():
        raise ValidationError(_("A name has no line breaks or control characters."))


def name_field() -> forms.CharField:
    """Return the field for what others call a person."""
    return forms.CharField(
        label=_("Name"),
        max_length=MOST_OF_A_NAME,
        validators=[printable],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class Plain:
    """A form whose labels say it all: no placeholders, one field for a new password."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: dict[str, forms.Field] = self.fields  # type: ignore[attr-defined]
        fields.pop("password2", None)
        for name, field in fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in ("password", "oldpassword"):
                field.help_text = ""
            if name == "password1":
                field.help_text = PASSWORD_HINT
            if name == "code":
                field.widget.attrs.update({"inputmode": "numeric", "autofocus": True})


class SignIn(Plain, account.LoginForm):
    """Address and password."""


class SignUp(Plain, account.SignupForm):
    """Name, address, password."""

    name = name_field()
    field_order = ("name", "email", "password1")


class SignUpByProvider(Plain, providers.SignupForm):
    """What an identity provider did not tell."""


class AddAddress(Plain, account.AddEmailForm):
    """One more address."""


class ChangePassword(Plain, account.ChangePasswordForm):
    """The password as it is, and the new one."""


class SetPassword(Plain, account.SetPasswordForm):
    """The first password of an account."""


class AskForPassword(Plain, account.ResetPasswordForm):
    """Where to send the link to a new password."""


class NewPassword(Plain, account.ResetPasswordKeyForm):
    """A new password, by the link that was sent."""


class ConfirmByPassword(Plain, account.ReauthenticateForm):
    """The password once more."""


class GiveCode(Plain, factors.AuthenticateForm):
    """A code of the app, or a recovery code."""


class ConfirmByCode(Plain, factors.ReauthenticateForm):
    """A code once more."""


class SetUpApp(Plain, apps.ActivateTOTPForm):
    """The first code of an app."""


class AddPasskey(Plain, passkeys.AddWebAuthnForm):
    """The name of a passkey, and whether it alone signs in."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["name"].max_length = 100
        self.fields["name"].widget.attrs["maxlength"] = 100
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].help_text = _(
            "Your device then asks for a fingerprint, your face or a PIN."
        )
        self.fields["passwordless"].initial = True

    def clean_name(self) -> str:
        """Refuse a name that is too long for a list."""
        name: str = super().clean_name()
        return name[:100]


class RenamePasskey(Plain, passkeys.EditWebAuthnForm):
    """Another name for a passkey."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["name"].validators.append(printable)
        self.fields["name"].widget.attrs["maxlength"] = 100

    def clean_name(self) -> str:
        """Refuse a name that is too long for a list."""
        name = str(self.cleaned_data["name"])
        if len(name) > 100:  # noqa: PLR2004 - as the field says
            raise ValidationError(_("At most 100 characters."))
        return name


@lru_cache(maxsize=1)
def _locales() -> list[tuple[str, Any]]:
    found = ((key, Locale.parse(key)) for key in LOCALES)
    named = [(key, str(locale.get_display_name()).capitalize()) for key, locale in found]
    return [("", _("As the browser asks")), *sorted(named, key=lambda one: one[1])]


class AccountForm(forms.Form):
    """How a person is called, and how figures and times are written for them."""

    name = name_field()
    locale = forms.ChoiceField(label=_("Numbers and days as in"), choices=_locales, required=False)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, required=False)
