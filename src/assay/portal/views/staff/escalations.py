"""The board of escalations: what breaches next, in whose local time; disputes and tokens."""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.escalations import Source
from assay.core.issues import Refused
from assay.core.rights import DECIDE_DISPUTES, OPEN_ESCALATIONS, SEE_STAFF, staff_may
from assay.jobs.escalations import dispute_escalation as disputes
from assay.jobs.escalations import tokens as api_tokens
from assay.jobs.escalations import write_escalation as writing
from assay.jobs.escalations.open_escalation import Way, open_escalation
from assay.jobs.escalations.show_escalations import Clocked, OneEscalation, board, one_escalation
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.attached import streamed
from assay.portal.forms.escalations import (
    SEVERITIES,
    SEVERITY_WORDS,
    DecideForm,
    OpenForm,
    TokenForm,
    WriteForm,
    sent_files,
)
from assay.portal.forms.fields import Line, add_refusal
from assay.portal.lists import Filters, List, Moment, list_page
from assay.portal.templatetags.clocks import city, due_words, left_words
from assay.store.queries.escalations.escalations import escalation_file, tokens

SOURCES = (
    (Source.PAGE.value, _("Page")),
    (Source.API.value, _("API")),
    (Source.MAIL.value, _("Mail")),
    (Source.REPORT.value, _("Report")),
)
_SHOWN = (
    ("", _("Open")),
    ("overdue", _("Overdue")),
    ("disputed", _("Disputed")),
    ("answered", _("Answered lately")),
)


class Board(List):
    """Escalations by what breaches next."""

    title = django_tables2.Column(
        accessor="row__title",
        verbose_name=_("Escalation"),
        linkify=("staff_escalation", {"number": django_tables2.A("row__escalation_id")}),
    )
    left = django_tables2.Column(accessor="clock__left", verbose_name=_("Time"), empty_values=())
    due = django_tables2.Column(accessor="clock__due_at", verbose_name=_("Due"), empty_values=())
    partner = django_tables2.Column(
        accessor="row__partner",
        verbose_name=_("Partner"),
        linkify=("staff_partner", {"slug": django_tables2.A("row__partner_slug")}),
    )
    target = django_tables2.Column(accessor="clock__target__title", verbose_name=_("Tier"))
    customer = django_tables2.Column(accessor="row__customer", verbose_name=_("Customer"))
    severity = django_tables2.Column(accessor="row__severity", verbose_name=_("Severity"))
    opened_at = Moment(accessor="row__opened_at", verbose_name=_("Opened"))
    source = django_tables2.Column(accessor="row__source", verbose_name=_("By"), visible=False)
    key = django_tables2.Column(accessor="row__key", verbose_name=_("Key"), visible=False)

    caption = _("Escalations")
    empty_title = _("No escalation waits for an answer")
    empty_hint = _("They come here when platform support opens one, by page, API or mail.")

    def render_due(self, record: Clocked) -> str:
        """Say it on both clocks."""
        reader = self.request.reader
        words = due_words(record.clock, zone=reader.time_zone, locale=reader.locale)
        return words or gettext("nobody can tell: no time zone")

    def value_due(self, record: Clocked) -> Any:
        """Keep the moment in files."""
        return record.clock.due_at

    def render_left(self, record: Clocked) -> str:
        """Say how much is left, marked where it is too late."""
        words = left_words(record.clock)
        if record.clock.in_time is False:
            return format_html('<span class="risk">{}</span>', words)
        return words

    def value_left(self, record: Clocked) -> str:
        """Say how much is left."""
        return left_words(record.clock)

    def render_severity(self, value: str) -> str:
        """Say it in a word."""
        return str(SEVERITY_WORDS.get(value, value))

    def render_source(self, value: str) -> str:
        """Say it in a word."""
        return str(dict(SOURCES).get(value, value))


class BoardFilters(Filters):
    """What narrows the board."""

    show = forms.ChoiceField(label=_("Show"), required=False, choices=_SHOWN)
    q = Line(label=_("Partner, customer or text"), required=False, max_length=80)
    severity = forms.ChoiceField(
        label=_("Severity"),
        required=False,
        choices=[("", _("Any")), *((value, SEVERITY_WORDS[value]) for value, _words in SEVERITIES)],
    )

    def narrow(self, rows: tuple[Clocked, ...]) -> tuple[Clocked, ...]:
        """Keep what is asked for, of what is shown."""
        text = self.cleaned_data["q"].casefold()
        return tuple(one for one in rows if self._passes(one, text))

    def _passes(self, one: Clocked, text: str) -> bool:
        said, row = self.cleaned_data, one.row
        words = (row.partner, row.customer, row.title, row.key, row.app)
        return (
            any(text in word.casefold() for word in words)
            and said["severity"] in ("", row.severity)
            and not (said["show"] == "overdue" and one.clock.in_time is not False)
        )


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every escalation, by what breaches next."""
    found = board(request.GET.get("show", ""), at=request.now)
    return list_page(
        request,
        Board,
        found.rows,
        "staff/escalations/board.html",
        {"board": found, "may_open": _may_open(request)},
        filters=BoardFilters,
        file="escalations",
    )


@staff_page(OPEN_ESCALATIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_(request: Asked) -> HttpResponse:
    """Open an escalation to a partner."""
    first = {"partner": request.GET.get("partner", "")[:120]}
    form = OpenForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = open_escalation(
                form.cleaned_data["partner"],
                form.asked(),
                Way(source=Source.PAGE, by=request.user),
                files=sent_files(form),
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Opened. The partner’s support is told."))
            return redirect("staff_escalation", made.pk)
    return render(
        request,
        "staff/escalations/open.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


@staff_page(SEE_STAFF)
@require_safe
def escalation(request: Asked, number: int) -> HttpResponse:
    """One escalation, with its clock and its disputes."""
    return _page(request, _found(request, number))


@staff_page(OPEN_ESCALATIONS)
@require_POST
def write(request: Asked, number: int) -> HttpResponse:
    """Write in an escalation, close it, or open it again."""
    one = _found(request, number)
    form = WriteForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            done = _write(request, number, form)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("staff_escalation", number)
    return _page(request, one, form=form)


def _write(request: Asked, number: int, form: WriteForm) -> str:
    text = form.cleaned_data["text"]
    by = {"by": request.user, "at": request.now}
    act = request.POST.get("act", "")
    if act == "close":
        writing.close_escalation(number, text, **by)
        return gettext("The escalation is closed.")
    if act == "reopen":
        writing.reopen_escalation(number, text, **by)
        return gettext("The escalation is open again.")
    writing.write_escalation(number, text, files=sent_files(form), **by)
    return gettext("Sent.")


@staff_page(DECIDE_DISPUTES)
@require_POST
def decide(request: Asked, number: int) -> HttpResponse:
    """Grant or refuse the dispute that is open."""
    one = _found(request, number)
    dispute = one.open_dispute
    if dispute is None:
        raise Http404
    form = DecideForm(request.POST, zone=one.page.row.zone, claimed=dispute.claimed)
    if form.is_valid():
        said = form.cleaned_data
        by = {"reason": said["reason"], "by": request.user, "at": request.now}
        try:
            if request.POST.get("decision") == "grant":
                disputes.grant_dispute(number, answered=said["answered"], **by)
                done = gettext("Granted. The response time is stated anew.")
            else:
                disputes.refuse_dispute(number, **by)
                done = gettext("Refused. The response time stays as it was.")
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("staff_escalation", number)
    return _page(request, one, decide_form=form)


@staff_page(SEE_STAFF)
@require_safe
def file(request: Asked, number: int, file: int) -> HttpResponseBase:  # noqa: ARG001 - a view
    """Download a file of an escalation."""
    return streamed(escalation_file(number, file))


@staff_page(OPEN_ESCALATIONS)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def show_tokens(request: Asked) -> HttpResponse:
    """Tokens of machines that open escalations; a new one is shown once."""
    form, secret = TokenForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        try:
            secret = api_tokens.make_token(name, by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            form = TokenForm()
    answer = render(
        request,
        "staff/escalations/tokens.html",
        {"form": form, "secret": secret, "tokens": tokens()},
        status=422 if form.errors else 200,
    )
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page(OPEN_ESCALATIONS)
@sensitive
@require_POST
def revoke(request: Asked, number: int) -> HttpResponse:
    """Revoke a token for good."""
    try:
        api_tokens.revoke_token(number, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, refused.issues[0].message)
    else:
        messages.success(request, gettext("The token is revoked."))
    return redirect("staff_tokens")


def _found(request: Asked, number: int) -> OneEscalation:
    one = one_escalation(number, at=request.now)
    if one is None:
        raise Http404
    return one


def _page(
    request: Asked,
    one: OneEscalation,
    *,
    form: WriteForm | None = None,
    decide_form: DecideForm | None = None,
) -> HttpResponse:
    dispute, row = one.open_dispute, one.page.row
    may_decide = (
        dispute is not None
        and staff_may(request.user.staff_role, DECIDE_DISPUTES)
        and request.user.pk not in (one.page.opened_by_id, dispute.by_id)
    )
    if dispute is not None and decide_form is None:
        decide_form = DecideForm(zone=row.zone, claimed=dispute.claimed)
    faulty = (form is not None and form.errors) or (decide_form is not None and decide_form.errors)
    context = {
        "one": one,
        "row": row,
        "severity": SEVERITY_WORDS.get(row.severity, ""),
        "source": dict(SOURCES).get(row.source, row.source),
        "city": city(row.zone),
        "form": form or WriteForm(),
        "decide_form": decide_form,
        "may_open": _may_open(request),
        "may_decide": may_decide,
    }
    return render(
        request, "staff/escalations/escalation.html", context, status=422 if faulty else 200
    )


def _may_open(request: Asked) -> bool:
    return staff_may(request.user.staff_role, OPEN_ESCALATIONS)
