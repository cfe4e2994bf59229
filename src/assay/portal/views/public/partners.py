"""Partners and their apps: who can help me, is this one right for me, is this app safe to use?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.program import Program
from assay.jobs.badges.profile_badge import profile_badge
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, public_page
from assay.portal.days import today
from assay.portal.lists import Figure, Filters, List, list_page
from assay.portal.shown_security import shown_badges
from assay.portal.templatetags.marks import tier as tier_mark
from assay.portal.templatetags.places import country_name
from assay.portal.views.public.caching import revalidated
from assay.store.queries.public.public import (
    NO_TIER,
    apps_of,
    countries_and_products,
    directory,
    matching,
    newest_review,
    public_app,
    public_partner,
)
from assay.words.standing import tier_title


class Directory(List):
    """Every public partner."""

    name = django_tables2.Column(verbose_name=gettext_lazy("Partner"), order_by=("name", "slug"))
    tier = django_tables2.Column(
        verbose_name=gettext_lazy("Tier"), order_by=("rank", "-name", "-slug")
    )
    country = django_tables2.Column(verbose_name=gettext_lazy("Country"), orderable=False)
    apps_listed = Figure(verbose_name=gettext_lazy("Apps"), order_by=("apps_listed", "name"))
    products = django_tables2.Column(verbose_name=gettext_lazy("For"), orderable=False)
    caption = gettext_lazy("Partners")
    empty_title = gettext_lazy("No partner is public yet")
    empty_hint = gettext_lazy(
        "Partners show here once a review has given them a tier, or once their first app is listed."
    )

    class Meta:
        """The highest tier first."""

        order_by = "-tier"

    def render_name(self, value: str, record: dict[str, Any]) -> SafeString:
        """Lead to the partner's page."""
        return format_html(
            '<a href="{}">{}</a>', reverse("public_partner", args=[record["slug"]]), value
        )

    def value_name(self, value: str) -> str:
        """Give the name alone to a file."""
        return value

    def render_tier(self, value: str) -> str:
        """Draw the tier with the mark of the review's year."""
        if value == NO_TIER:
            return gettext("No tier yet")
        return tier_mark(value, self.request.marked_on)

    def value_tier(self, value: str) -> str:
        """Give the tier's title to a file."""
        return "" if value == NO_TIER else tier_title(value, program_of(settings.PROGRAM))

    def render_country(self, value: str) -> str:
        """Write the country in the reader's language."""
        return country_name(value, self.request.reader.locale)

    def render_products(self, value: Iterable[str]) -> str:
        """Write the products that the partner's apps are for."""
        return ", ".join(value)


class DirectoryWithoutProducts(Directory):
    """The same, where no app says what it is for."""

    products = None


@public_page
@require_safe
@revalidated
def partners(request: Asked) -> HttpResponseBase:
    """The directory: searched, filtered, sorted, paged, shared by its address."""
    program = program_of(settings.PROGRAM)
    tiers = tuple(program.tiers)
    review, day = newest_review(), today(request)
    request.marked_on = review.on if review else day  # type: ignore[attr-defined]
    countries, products = countries_and_products(day, tiers)
    named = sorted((country_name(code, request.reader.locale), code) for code in countries)
    return list_page(
        request,
        Directory if products else DirectoryWithoutProducts,
        directory(day, tiers),
        "public/partners.html",
        {"review": review},
        filters=_filters(program, products, [(code, name) for name, code in named]),
        file="partners",
    )


@public_page
@require_safe
@revalidated
def partner(request: Asked, slug: str) -> HttpResponse:
    """One partner: its tier, its apps, how to reach it."""
    found = public_partner(slug, today(request), tuple(program_of(settings.PROGRAM).tiers))
    if found is None:
        raise Http404
    return render(
        request,
        "public/partner.html",
        {
            "partner": found,
            "apps": [(app, shown_badges(app.badges)) for app in apps_of(slug, today(request))],
            "has_tier": found.tier != NO_TIER,
            "tier_title": tier_title(found.tier, program_of(settings.PROGRAM)),
            "badge": profile_badge(slug, on=today(request)),
        },
    )


@public_page
@require_safe
@revalidated
def app(request: Asked, slug: str) -> HttpResponse:
    """One app: how it runs, what is attested of it, and whose it is."""
    found = public_app(slug, today(request), tuple(program_of(settings.PROGRAM).tiers))
    if found is None:
        raise Http404
    shown, owner = found
    return render(
        request,
        "public/app.html",
        {
            "app": shown,
            "attested": shown_badges(shown.badges),
            "partner": owner,
            "has_tier": owner.tier != NO_TIER,
            "badge": profile_badge(owner.slug, on=today(request)),
        },
    )


def _filters(
    program: Program, products: Iterable[str], countries: Iterable[tuple[str, str]]
) -> type[Filters]:
    """Return the form that narrows the directory, with what there is to choose from."""
    tiers = [(tier.name, tier.title) for tier in reversed([*program.tiers.values()])]
    told = tuple(products)

    class Narrowed(Filters):
        """Search, tier, product and country."""

        q = forms.CharField(label=gettext("Partner or app"), max_length=100, required=False)
        tier = forms.ChoiceField(
            label=gettext("Tier"), choices=[("", gettext("Any")), *tiers], required=False
        )
        product = forms.ChoiceField(
            label=gettext("For"),
            choices=[("", gettext("Any product")), *((name, name) for name in told)],
            required=False,
        )
        country = forms.ChoiceField(
            label=gettext("Country"),
            choices=[("", gettext("Any country")), *countries],
            required=False,
        )

        def narrow(self, rows: Any) -> Any:
            """Return the partners that pass."""
            asked = self.cleaned_data
            return matching(
                rows,
                text=asked["q"].strip(),
                tier=asked["tier"],
                product=asked.get("product", ""),
                country=asked["country"],
            )

    if not told:
        del Narrowed.base_fields["product"]
    return Narrowed
