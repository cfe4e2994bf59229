"""Forms of a partner's profile, one a step of its path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from assay.core.profiles import Profile, ProfileStep
from assay.documents.places import countries, zones_of
from assay.portal.forms.fields import Address, Line, PictureField, Text
from assay.portal.reader import Reader

MOST_OF_A_DESCRIPTION = 8000
_MARKDOWN = _(
    "You can use Markdown: **bold**, - lists, ## headings, [links](https://…). At most 8,000 "
    "characters; no HTML and no pictures."
)


class StepForm(forms.Form):
    """A step's form: it starts from what is kept, and gives what is said."""

    def __init__(self, *arguments: Any, profile: Profile, reader: Reader, **options: Any) -> None:
        names = self.base_fields
        options["initial"] = {n: getattr(profile, n, "") for n in names if n != "logo"}
        super().__init__(*arguments, **options)
        self.profile, self.reader = profile, reader
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices that depend on the profile or the reader."""

    def said(self) -> dict[str, str]:
        """Return what is said, by the profile's fields."""
        return dict(self.cleaned_data)


class NamesForm(StepForm):
    """Who the partner is."""

    name = Line(
        label=_("Public name"),
        max_length=120,
        help_text=_("What customers see on your listing, such as Acme Links."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    legal_name = Line(
        label=_("Legal name"),
        max_length=200,
        help_text=_("As registered. It is shown to the program team, not in public."),
    )


class AddressForm(StepForm):
    """Where the partner is."""

    street = Line(
        label=_("Street and number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = Line(
        label=_("Postal code"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = Line(
        label=_("City"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        help_text=_("Customers see the country; the rest of the address only the program team."),
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def prepare(self) -> None:
        """Name the countries in the reader's language."""
        self.fields["country"].choices = country_choices(self.reader.locale)  # type: ignore[attr-defined]


class TimeZoneForm(StepForm):
    """When the partner's day is."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_(
            "Weekends and response times count in this zone: choose the one your support works in."
        ),
    )

    def prepare(self) -> None:
        """Offer the zones of the country, the one with most people first."""
        profile = self.profile
        zones = list(zones_of(profile.country))
        if profile.time_zone and profile.time_zone not in zones:
            zones.append(profile.time_zone)
        choices = [(zone, zone_title(zone)) for zone in zones]
        if not profile.time_zone and len(zones) > 1:
            choices.insert(0, ("", _("Choose the zone of your support")))  # type: ignore[arg-type]
        self.fields["time_zone"].choices = choices  # type: ignore[attr-defined]
        if len(zones) == 1:
            self.initial["time_zone"] = zones[0]


class SupportForm(StepForm):
    """How customers reach the partner."""

    website = Address(label=_("Website"), help_text=_("Begins with https://."))
    support_email = forms.EmailField(
        label=_("Support address"),
        max_length=254,
        help_text=_("Public. Customers write to it."),
    )
    support_url = Address(label=_("Support portal"), required=False)
    support_phone = Line(
        label=_("Support phone"),
        max_length=40,
        required=False,
        validators=[
            RegexValidator(r"\A[+0-9()/. -]{5,40}\Z", _("Write digits, with + and the country."))
        ],
    )
    support_hours = Line(
        label=_("Support hours"),
        max_length=120,
        help_text=_("In your time zone, such as: Monday to Friday, 9:00 to 17:00."),
    )


class PresentationForm(StepForm):
    """What the partner shows."""

    logo = PictureField(
        label=_("Logo"),
        required=False,
        help_text=_(
            "PNG, JPEG or WebP, at least 32 × 32 pixels and at most 2 MB. We draw it anew, at most "
            "512 pixels wide and high."
        ),
    )
    description = Text(
        label=_("Description"), max_length=MOST_OF_A_DESCRIPTION, help_text=_MARKDOWN
    )

    def said(self) -> dict[str, str]:
        """Return the description; the logo goes its own way."""
        return {"description": self.cleaned_data["description"]}


class AgreementForm(forms.Form):
    """Whether the partner accepts the agreement, in the version that was shown."""

    version = forms.CharField(max_length=20, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("I may act for this partner, and accept the agreement for it."),
        error_messages={"required": _("Tick the box to accept the agreement.")},
    )


STEP_FORMS: Mapping[ProfileStep, type[StepForm]] = {
    ProfileStep.NAMES: NamesForm,
    ProfileStep.ADDRESS: AddressForm,
    ProfileStep.TIME_ZONE: TimeZoneForm,
    ProfileStep.SUPPORT: SupportForm,
    ProfileStep.PRESENTATION: PresentationForm,
}


def country_choices(locale: str) -> list[tuple[str, str]]:
    """Return every country with its name in a locale, by name, after an empty choice."""
    names = Locale.parse(locale).territories
    found = sorted(((code, str(names.get(code, code))) for code in countries()), key=lambda c: c[1])
    return [("", str(_("Choose a country"))), *found]


def zone_title(zone: str) -> str:
    """Write a time zone as people read it: the city first."""
    region, _slash, city = zone.partition("/")
    return f"{city.replace('_', ' ').replace('/', ', ')} ({region})" if city else zone
