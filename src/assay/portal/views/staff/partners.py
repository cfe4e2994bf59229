"""Partners: who is at risk, who is rising, of whom are facts missing?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, to_locale
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assay.core.rights import SEE_STAFF
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, staff_page
from assay.portal.days import today
from assay.portal.lists import Figure, Filters, List, list_page
from assay.portal.templatetags.figures import money, number
from assay.portal.templatetags.marks import tier as tier_mark
from assay.portal.templatetags.places import country_name
from assay.store.models import Partner
from assay.store.queries.partners.staff_partners import (
    AT_RISK,
    MISSING,
    RISING,
    Compared,
    compared,
    countries,
    partners_counted,
    partners_placed,
    searched,
)
from assay.words.standing import NO_TIER, tier_title

STATES = {
    Partner.State.KNOWN: gettext_lazy("From reports"),
    Partner.State.DRAFT: gettext_lazy("Begun"),
    Partner.State.ACTIVE: gettext_lazy("Active"),
}
_EVERY = ("", gettext_lazy("All"))


class Partners(List):
    """A row a partner: both tiers, sales of the window, how they move, what is missing."""

    name = django_tables2.Column(verbose_name=gettext_lazy("Partner"))
    key = django_tables2.Column(verbose_name=gettext_lazy("Key"), visible=False)
    credited = django_tables2.Column(
        verbose_name=gettext_lazy("Credited"), order_by=("credited_rank", "name")
    )
    tier = django_tables2.Column(verbose_name=gettext_lazy("Performing"), order_by=("rank", "name"))
    sales = Figure(verbose_name=gettext_lazy("Gross sales"))
    trend = Figure(verbose_name=gettext_lazy("Trend"))
    unknown = Figure(verbose_name=gettext_lazy("Not known"))
    country = django_tables2.Column(verbose_name=gettext_lazy("Country"))
    state = django_tables2.Column(verbose_name=gettext_lazy("Profile"))
    caption = gettext_lazy("Partners")
    empty_title = gettext_lazy("No partners yet")
    empty_hint = gettext_lazy(
        "Partners come with the first report that names them, or when somebody creates a profile."
    )

    def render_name(self, value: str, record: dict[str, Any]) -> str:
        """Link the partner."""
        return format_html(
            '<a href="{}">{}</a>', reverse("staff_partner", args=[record["slug"]]), value
        )

    def value_name(self, value: str) -> str:
        """Return the name alone."""
        return value

    def render_credited(self, value: str) -> str:
        """Draw the tier that the last review credited."""
        return _mark(value, self.runs.review_on or date.max)

    def value_credited(self, value: str) -> str:
        """Return the tier's title."""
        return _title(value)

    def render_tier(self, value: str, record: dict[str, Any]) -> str:
        """Draw the tier of today's evidence, and say where it is another."""
        mark = _mark(value, self.runs.standing_on or date.max)
        rank, credited = record["rank"], record["credited_rank"]
        if credited is None or rank == credited:
            return mark
        if rank < credited:
            return format_html('{} <span class="risk">{}</span>', mark, _("at risk"))
        return format_html('{} <span class="pill">{}</span>', mark, _("rising"))

    def value_tier(self, value: str) -> str:
        """Return the tier's title."""
        return _title(value)

    def render_sales(self, value: Decimal, record: dict[str, Any]) -> str:
        """Write the amount; where a missing fact may raise it, say at least."""
        written = money(self.reading, value.quantize(Decimal(1)), self.currency)
        return f"≥ {written}" if record["sales_are_least"] else written

    def value_sales(self, value: Decimal) -> Decimal:
        """Return the amount itself."""
        return value

    def render_trend(self, value: Decimal) -> str:
        """Write by how much sales differ from those of the review."""
        percent = int(value.to_integral_value())
        sign = "+" if percent > 0 else "−" if percent < 0 else ""  # noqa: RUF001 - a true minus
        return f"{sign}{number(self.reading, abs(percent))} %"

    def value_trend(self, value: Decimal) -> Decimal:
        """Return percent, with a decimal."""
        return value.quantize(Decimal("0.1"))

    def render_unknown(self, value: int) -> str:
        """Say how many requirements are not known; nothing where all are."""
        return number(self.reading, value) if value else ""

    def value_unknown(self, value: int) -> int:
        """Return the count."""
        return value

    def render_state(self, value: str) -> str:
        """Say where the profile stands."""
        return str(STATES.get(Partner.State(value), value))

    @property
    def reading(self) -> dict[str, Any]:
        """Whom figures are written for."""
        return {"reader": self.request.reader}

    runs: Compared
    currency: str


@lru_cache(maxsize=64)
def _mark(tier: str, on: date) -> SafeString:
    """Draw a tier once for all rows that have it."""
    return tier_mark(tier, on)


def _title(tier: str) -> str:
    program = program_of(settings.PROGRAM)
    return tier_title(tier, program) if tier == NO_TIER or tier in program.tiers else tier


def _tiers() -> list[tuple[str, Any]]:
    program = program_of(settings.PROGRAM)
    held = [(name, program.tiers[name].title) for name in reversed(list(program.tiers))]
    return [_EVERY, *held, (NO_TIER, gettext_lazy("No tier"))]


def _countries() -> list[tuple[str, Any]]:
    locale = to_locale(get_language() or "en")
    named = ((code, country_name(code, locale)) for code in countries())
    return [_EVERY, *sorted(named, key=lambda country: country[1])]


class PartnerFilters(Filters):
    """Narrow partners; every filter is shared by the address."""

    q = forms.CharField(required=False, max_length=120, label=gettext_lazy("Name or key"))
    show = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Show"),
        choices=[
            _EVERY,
            ("at_risk", gettext_lazy("At risk: performs below its tier")),
            ("rising", gettext_lazy("Rising: performs above its tier")),
            ("missing", gettext_lazy("Facts are missing")),
        ],
    )
    credited = forms.ChoiceField(
        required=False, label=gettext_lazy("Credited tier"), choices=_tiers
    )
    tier = forms.ChoiceField(required=False, label=gettext_lazy("Performing tier"), choices=_tiers)
    country = forms.ChoiceField(required=False, label=gettext_lazy("Country"), choices=_countries)
    state = forms.ChoiceField(
        required=False, label=gettext_lazy("Profile"), choices=[_EVERY, *STATES.items()]
    )

    def narrow(self, rows: Any) -> Any:
        """Return the partners that pass."""
        asked = self.cleaned_data
        for name in ("credited", "tier", "country", "state"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        if asked["show"]:
            rows = rows.filter(
                {"at_risk": AT_RISK, "rising": RISING, "missing": MISSING}[asked["show"]]
            )
        return searched(rows, asked["q"]) if asked["q"] else rows


@staff_page(SEE_STAFF)
@require_safe
def partners(request: Asked) -> HttpResponseBase:
    """Every partner with its tiers and sales."""
    runs = compared(today(request))

    class Placed(Partners):
        """The list as of these runs."""

    Placed.runs, Placed.currency = runs, program_of(settings.PROGRAM).currency
    return list_page(
        request,
        Placed,
        partners_placed(runs),
        "staff/partners.html",
        {"runs": runs, "counts": partners_counted(runs)},
        filters=PartnerFilters,
        file="partners",
    )
