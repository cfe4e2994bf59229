"""Countries, kinds of hosting and ways of payment in the reader's words; pictures' addresses."""

from __future__ import annotations

from typing import Any

from babel import Locale
from django import template
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

register = template.Library()

_HOSTING = {
    "cloud": gettext_lazy("Cloud"),
    "data_center": gettext_lazy("Data Center"),
    "server": gettext_lazy("Server"),
}
_PAYMENT = {
    "free": gettext_lazy("Free"),
    "platform": gettext_lazy("Paid, through the marketplace"),
    "partner": gettext_lazy("Paid, directly to the partner"),
}


def country_name(code: str, locale: str) -> str:
    """Return the name of a country by its ISO code, the code where the locale has no name."""
    return str(Locale.parse(locale).territories.get(code, code))


@register.simple_tag(takes_context=True)
def country(context: dict[str, Any], code: str) -> str:
    """Write a country in the reader's language; nothing for none."""
    return country_name(code, context["reader"].locale) if code else ""


@register.simple_tag
def picture(name: str) -> str:
    """Return the address of a picture."""
    return reverse("picture", args=[name])


@register.filter
def hosting(value: str) -> str:
    """Write a kind of hosting."""
    return str(_HOSTING.get(value, value))


@register.filter
def payment(value: str) -> str:
    """Write how a listing is paid."""
    return str(_PAYMENT.get(value, value)) or gettext("Not told")
