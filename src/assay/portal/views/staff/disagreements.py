"""Disagreements: what reports say against what people say, each with one act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from assay.core.disagreements import Kind
from assay.core.issues import Refused
from assay.core.rights import IMPORT_FACTS
from assay.jobs.apps.settle_disagreement import ask_partner, take_partners_word, take_reports_word
from assay.portal.access import Asked, staff_page
from assay.portal.forms.fields import Line
from assay.portal.lists import Filters, List, Moment, list_page
from assay.store.queries.apps.disagreements import (
    DisagreementLine,
    disagreement,
    disagreements,
    unsettled_count,
)

_STATES = (
    ("open", _("Open")),
    ("asked", _("The partner is asked")),
    ("report", _("The report’s word was taken")),
    ("partner", _("The partner’s word was taken")),
)
_ACTS: Mapping[str, tuple[Callable[..., object], Any]] = {
    "report": (take_reports_word, _("The report’s word is taken.")),
    "partner": (take_partners_word, _("The partner’s word is taken, and stated again.")),
    "ask": (ask_partner, _("The partner is asked.")),
}


class Disagreements(List):
    """What is disagreed on."""

    app = django_tables2.Column(
        verbose_name=_("App"), linkify=("staff_app", {"slug": django_tables2.A("app_slug")})
    )
    app_key = django_tables2.Column(verbose_name=_("Key"), visible=False)
    partner = django_tables2.Column(
        verbose_name=_("Partner"),
        linkify=("staff_partner", {"slug": django_tables2.A("partner_slug")}),
    )
    kind = django_tables2.Column(verbose_name=_("About"))
    hosting = django_tables2.Column(verbose_name=_("Hosting"))
    reported = django_tables2.Column(verbose_name=_("Reports say"))
    said = django_tables2.Column(verbose_name=_("The partner says"))
    found_at = Moment(verbose_name=_("Found"))
    state = django_tables2.Column(verbose_name=_("State"))
    acts = django_tables2.Column(
        verbose_name=_("Act"), empty_values=(), orderable=False, exclude_from_export=True
    )

    caption = _("Disagreements between reports and partners")
    empty_title = _("Reports and partners agree")
    empty_hint = _("After each import, what differs comes here.")

    def render_kind(self, value: Kind) -> str:
        """Say what it is about."""
        return value.words

    def value_kind(self, value: Kind) -> str:
        """Say what it is about."""
        return value.words

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(dict(_STATES).get(value, value))

    def render_acts(self, record: DisagreementLine) -> str:
        """Offer the acts on what is not settled."""
        return render_to_string("staff/settle.html", {"one": record}, self.request)


class DisagreementFilters(Filters):
    """What narrows the disagreements."""

    q = Line(label=_("App, key or partner"), required=False, max_length=80)
    kind = forms.ChoiceField(
        label=_("About"),
        required=False,
        choices=[("", _("Anything")), *((kind.value, kind.words) for kind in Kind)],
    )
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("Not settled")), *_STATES]
    )

    def narrow(self, rows: object) -> tuple[DisagreementLine, ...]:
        """Ask for what is wanted."""
        del rows
        said = self.cleaned_data
        return disagreements(text=said["q"], kind=said["kind"], state=said["state"])


@staff_page(IMPORT_FACTS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Everything that reports and people say differently."""
    return list_page(
        request,
        Disagreements,
        (),
        "staff/disagreements.html",
        {"count": unsettled_count()},
        filters=DisagreementFilters,
        file="disagreements",
    )


@staff_page(IMPORT_FACTS)
@require_POST
def settle(request: Asked, number: int) -> HttpResponse:
    """Take the report's word, take the partner's word, or ask the partner."""
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None or disagreement(number) is None:
        raise Http404
    doing, done = act
    try:
        doing(number, by=request.user, at=request.now)
    except Refused as refused:
        issue = refused.issues[0]
        messages.error(request, gettext("%s. %s") % (issue.message.capitalize(), issue.hint))
    else:
        messages.success(request, str(done))
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("staff_disagreements")
