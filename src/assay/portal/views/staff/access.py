"""Access requests: is this a real partner? The queue, one request, the operator's own domains."""

from __future__ import annotations

from collections.abc import Callable

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.timesince import timesince
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.addresses import spoken
from assay.core.issues import Refused
from assay.core.rights import DECIDE_ACCESS, SEE_STAFF, Role, role_title, staff_may
from assay.jobs.access.decide import ask_back, grant_access, refuse_access
from assay.jobs.access.judge_address import judge_address
from assay.jobs.access.keep_domain import drop_domain, keep_domain
from assay.portal.access import Asked, staff_page
from assay.portal.forms.access import DecideForm, DomainForm, TryForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import Filters, List, Moment, list_page
from assay.store.queries.access.domains import DomainLine, domain_lines
from assay.store.queries.access.requests import RequestLine, Ticket, request_lines, ticket

STATES = {
    "open": _("Waits for you"),
    "asked": _("Asked back"),
    "granted": _("Granted"),
    "refused": _("Refused"),
}


class Requests(List):
    """Requests for access: those that wait first, the oldest of them at the top."""

    email = django_tables2.Column(
        verbose_name=_("Asked by"),
        linkify=("staff_access_request", {"number": django_tables2.A("number")}),
    )
    name = django_tables2.Column(verbose_name=_("Name"))
    partner = django_tables2.Column(verbose_name=_("Partner"))
    state = django_tables2.Column(verbose_name=_("State"))
    since = Moment(verbose_name=_("Since"))
    age = django_tables2.Column(
        verbose_name=_("Age"), accessor="since", orderable=False, exclude_from_export=True
    )
    decided_by = django_tables2.Column(verbose_name=_("Decided by"))

    caption = _("Access requests")
    empty_title = _("Nobody has asked")
    empty_hint = _("Requests come here once the asker has shown that the address is theirs.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(STATES[value])

    def render_age(self, record: RequestLine) -> str:
        """Say how long it has waited, or had waited when it was decided."""
        return timesince(record.since, record.decided_at or self.request.now, depth=1)


class RequestFilters(Filters):
    """Which requests are shown."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("waiting", _("Undecided")), *STATES.items()],
    )
    q = forms.CharField(label=_("Address, name or partner"), required=False, max_length=100)

    def narrow(self, rows: tuple[RequestLine, ...]) -> tuple[RequestLine, ...]:
        """Keep those in one state with a word in them."""
        state, word = self.cleaned_data["state"], self.cleaned_data["q"].strip().lower()
        states = ("open", "asked") if state == "waiting" else (state,)
        return tuple(
            row
            for row in rows
            if (not state or row.state in states)
            and word in f"{row.email} {row.name} {row.partner}".lower()
        )


class Domains(List):
    """The operator's own domains."""

    domain = django_tables2.Column(verbose_name=_("Domain"))
    allowed = django_tables2.Column(verbose_name=_("Addresses there are"))
    reason = django_tables2.Column(verbose_name=_("Reason"))
    by = django_tables2.Column(verbose_name=_("By"))
    at = Moment(verbose_name=_("Since"))
    drop = django_tables2.Column(
        accessor="number", verbose_name=_("Acts"), orderable=False, exclude_from_export=True
    )

    caption = _("Own domains")
    empty_title = _("No domain is on your lists")
    empty_hint = _("Addresses are judged by the lists that come with the product alone.")

    def render_domain(self, value: str) -> str:
        """Write the domain in its own letters too."""
        return spoken(value)

    def render_allowed(self, value: object) -> str:
        """Say which list it is on."""
        return gettext("allowed") if value else gettext("refused")

    def render_drop(self, record: DomainLine) -> str:
        """Offer to take it off."""
        cells = {"line": record, "csrf_token": get_token(self.request)}
        return render_to_string("staff/access/drop.html", cells)


@staff_page(SEE_STAFF)
@require_safe
def queue(request: Asked) -> HttpResponseBase:
    """Every request for access."""
    lines = request_lines()
    context = {"open": sum(line.state == "open" for line in lines)}
    return list_page(
        request,
        Requests,
        lines,
        "staff/access/queue.html",
        context,
        filters=RequestFilters,
        file="access-requests",
    )


@staff_page(SEE_STAFF)
@require_safe
def one(request: Asked, number: int) -> HttpResponse:
    """One request, with what it takes to decide it."""
    return _shown(request, _ticket(number), DecideForm(initial=_role_for(_ticket(number))))


@staff_page(DECIDE_ACCESS)
@require_POST
def back(request: Asked, number: int) -> HttpResponse:
    """Ask the asker something."""

    def act(form: DecideForm) -> None:
        ask_back(number, form.cleaned_data["words"], by=request.user, at=request.now)

    return _decide(request, number, act, gettext("Your question is sent."))


@staff_page(DECIDE_ACCESS)
@require_POST
def refuse(request: Asked, number: int) -> HttpResponse:
    """Refuse, with the reason."""

    def act(form: DecideForm) -> None:
        refuse_access(number, form.cleaned_data["words"], by=request.user, at=request.now)

    return _decide(request, number, act, gettext("Refused; the asker is told why."))


@staff_page(DECIDE_ACCESS)
@require_POST
def grant(request: Asked, number: int) -> HttpResponse:
    """Grant: the address is invited."""

    def act(form: DecideForm) -> None:
        told = form.cleaned_data
        role = Role(told["role"])
        grant_access(number, role=role, reason=told["words"], by=request.user, at=request.now)

    return _decide(request, number, act, gettext("Granted; the address is invited."))


@staff_page(SEE_STAFF)
@require_safe
def domains(request: Asked) -> HttpResponseBase:
    """The operator's own domains, and how an address would be judged."""
    return _domains(request, DomainForm())


@staff_page(DECIDE_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: Asked) -> HttpResponseBase:
    """Put a domain on a list."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            keep_domain(
                told["domain"],
                allowed=form.allowed,
                reason=told["reason"],
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("It is on the list, from now on."))
            return redirect("staff_domains")
    context = {"form": form}
    status = 422 if form.errors else 200
    return render(request, "staff/access/keep.html", context, status=status)


@staff_page(DECIDE_ACCESS)
@require_POST
def drop(request: Asked, number: int) -> HttpResponse:
    """Take a domain off the lists."""
    drop_domain(number, by=request.user, at=request.now)
    messages.success(request, gettext("It is off the list."))
    return redirect("staff_domains")


def _domains(request: Asked, form: DomainForm) -> HttpResponseBase:
    trial = TryForm(request.GET)
    address = trial.cleaned_data["address"] if trial.is_valid() else ""
    context = {
        "form": form,
        "trial": trial,
        "judged": judge_address(address) if address else None,
        "may_decide": _may_decide(request),
    }
    table = Domains if _may_decide(request) else _DomainsToRead
    template = "staff/access/domains.html"
    return list_page(request, table, domain_lines(), template, context, file="domains")


class _DomainsToRead(Domains):
    """The same, for those who change nothing."""

    drop = None


def _decide(
    request: Asked, number: int, act: Callable[[DecideForm], None], done: str
) -> HttpResponse:
    found = _ticket(number)
    form = DecideForm(request.POST)
    if form.is_valid():
        try:
            act(form)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("staff_access")
    return _shown(request, found, form, status=422)


def _ticket(number: int) -> Ticket:
    found = ticket(number)
    if found is None:
        raise Http404
    return found


def _role_for(found: Ticket) -> dict[str, str]:
    """Propose owner where nobody is, as somebody has to be."""
    return {"role": Role.VIEWER if found.owners else Role.OWNER}


def _shown(request: Asked, found: Ticket, form: DecideForm, *, status: int = 200) -> HttpResponse:
    context = {
        "found": found,
        "form": form,
        "judged": judge_address(found.email),
        "state": STATES[found.state],
        "role": role_title(found.role) if found.role else "",
        "age": timesince(found.since, found.decided_at or request.now, depth=1),
        "earlier": [(line, STATES[line.state]) for line in found.earlier],
        "may_decide": _may_decide(request),
    }
    return render(request, "staff/access/one.html", context, status=status)


def _may_decide(request: Asked) -> bool:
    return staff_may(request.user.staff_role, DECIDE_ACCESS)
