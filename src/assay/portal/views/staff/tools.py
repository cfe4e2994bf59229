"""Free tools: what is in stock, who has which, what is to be ended at its vendor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import django_tables2
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import LOAD_TOOLS, SEE_STAFF, staff_may
from assay.jobs.tools.entitled import tools_on
from assay.jobs.tools.load_keys import Loaded, load_keys
from assay.jobs.tools.show_tools import Ending, codes_to_end
from assay.jobs.tools.take_back import end_at_vendor
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.tools import LoadForm
from assay.portal.lists import Filters, List, Moment, list_page
from assay.store.models import ToolKey
from assay.store.queries.tools.tools import GrantLine, grant_lines, stock_of

MOST_FAULTS = 20


class Grants(List):
    """Who has and had which code or seat."""

    partner = django_tables2.Column(
        verbose_name=_("Partner"),
        linkify=("staff_partner", {"slug": django_tables2.A("partner_slug")}),
    )
    tool = django_tables2.Column(verbose_name=_("Tool"))
    kind = django_tables2.Column(verbose_name=_("As"))
    ending = django_tables2.Column(verbose_name=_("Ends in"))
    by = django_tables2.Column(verbose_name=_("Claimed by"))
    given_at = Moment(verbose_name=_("Given"))
    taken_back_at = Moment(verbose_name=_("Taken back"))

    caption = _("Who has which")
    empty_title = _("Nothing is given yet")
    empty_hint = _("Load codes or seats; owners and security members of partners claim them.")

    def render_tool(self, value: str) -> str:
        """Say the tool's title."""
        return _title(value, self.request.now.date())


class GrantFilters(Filters):
    """Which are shown."""

    q = forms.CharField(label=_("Partner"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("held", _("Held")), ("taken", _("Taken back"))],
    )

    def narrow(self, rows: tuple[GrantLine, ...]) -> tuple[GrantLine, ...]:
        """Keep those of a partner, in one state."""
        word, state = self.cleaned_data["q"].strip().lower(), self.cleaned_data["state"]
        return tuple(
            row
            for row in rows
            if word in row.partner.lower()
            and (not state or (state == "held") == (row.taken_back_at is None))
        )


class ToEnd(List):
    """Codes that are to be ended at their vendors."""

    code = django_tables2.Column(
        verbose_name=_("Code"), attrs={"td": {"class": "wrap code"}}, orderable=False
    )
    title = django_tables2.Column(verbose_name=_("Tool"))
    partner = django_tables2.Column(verbose_name=_("Was given to"))
    since = Moment(verbose_name=_("Since"))
    done = django_tables2.Column(
        accessor="number", verbose_name=_("Acts"), orderable=False, exclude_from_export=True
    )

    caption = _("Codes to end")
    empty_title = _("Nothing is to be ended")
    empty_hint = _("A code comes here when its partner is not entitled to it any more.")

    def render_done(self, record: Ending) -> str:
        """Offer to note that it was done."""
        cells = {"one": record, "csrf_token": get_token(self.request)}
        return render_to_string("staff/tools/ended.html", cells)


@staff_page(SEE_STAFF)
@require_safe
def tools(request: Asked) -> HttpResponseBase:
    """The stock of each tool, and who has which."""
    told = tools_on(request.now.date())
    stock = [(told[one.tool].title, one) for one in stock_of(tuple(told))]
    context = {
        "stock": stock,
        "to_end": sum(one.to_revoke for _title, one in stock),
        "may_load": staff_may(request.user.staff_role, LOAD_TOOLS),
    }
    return list_page(
        request,
        Grants,
        grant_lines(),
        "staff/tools/stock.html",
        context,
        filters=GrantFilters,
        file="free-tools",
    )


@staff_page(LOAD_TOOLS)
@require_http_methods(["GET", "HEAD", "POST"])
def load(request: Asked) -> HttpResponse:
    """Load codes or seats; what became of them is counted, and none is shown again."""
    choices = [(key, tool.title) for key, tool in tools_on(request.now.date()).items()]
    form = LoadForm(choices, request.POST or None, request.FILES or None)
    loaded: Loaded | None = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        kind = ToolKey.Kind(told["kind"])
        try:
            loaded = load_keys(told["tool"], kind, told["text"], by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            form = LoadForm(choices, initial={"tool": told["tool"], "kind": told["kind"]})
    context = {"form": form, "loaded": loaded, "faults": _faults(loaded)}
    status = 422 if form.errors else 200
    return render(request, "staff/tools/load.html", context, status=status)


@staff_page(LOAD_TOOLS)
@sensitive
@require_safe
def to_end(request: Asked) -> HttpResponseBase:
    """The codes to end at their vendors, in full."""
    rows = codes_to_end(request.now.date())
    context = {"count": len(rows)}
    return list_page(request, ToEnd, rows, "staff/tools/to_end.html", context, file="to-end")


@staff_page(LOAD_TOOLS)
@require_POST
def ended(request: Asked, number: int) -> HttpResponse:
    """Note that a code was ended at its vendor."""
    end_at_vendor(number, by=request.user, at=request.now)
    messages.success(request, gettext("Noted."))
    return redirect("staff_tools_to_end")


def _faults(loaded: Loaded | None) -> list[tuple[int, str]]:
    return [] if loaded is None else list(loaded.refused.items())[:MOST_FAULTS]


def _title(key: str, on: date) -> str:
    told: Mapping[str, object] = tools_on(on)
    return getattr(told.get(key), "title", key)
