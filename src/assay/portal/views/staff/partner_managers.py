"""Technical partner managers: who is there for whom, and how many each has."""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import ASSIGN_MANAGERS, MANAGE_PARTNERS, SEE_STAFF, role_title, staff_may
from assay.jobs.partner_managers.assign_manager import (
    assign_manager,
    manager_benefits,
    set_reach,
)
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, refuse, staff_page
from assay.portal.forms.fields import Text, add_refusal
from assay.portal.lists import Filters, List, Moment, list_page
from assay.portal.views.staff.named import named_in
from assay.store.queries.credits.credits import Named
from assay.store.queries.partner_managers.assignments import (
    Line,
    lines,
    loads,
    manager_of,
    turns_of,
)


class Managed(List):
    """Partners whose tier gives a manager; those without one stand first."""

    partner = django_tables2.Column(
        verbose_name=_("Partner"), linkify=("staff_manager", {"slug": django_tables2.A("slug")})
    )
    manager = django_tables2.Column(verbose_name=_("Manager"))
    since_at = Moment(verbose_name=_("Since"))

    caption = _("Partners with a manager")
    empty_title = _("No partner's tier gives a manager")
    empty_hint = _("They come here when a review credits a tier that does.")


class ManagedFilters(Filters):
    """Which partners are shown."""

    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", _("All")), ("none", _("Without a manager"))]
    )
    name = forms.CharField(label=_("Partner or manager"), required=False, max_length=120)

    def narrow(self, rows: tuple[Line, ...]) -> tuple[Line, ...]:
        """Keep those without a manager, or whose name or manager holds a text."""
        name = self.cleaned_data["name"].casefold()
        only_none = self.cleaned_data["show"] == "none"
        return tuple(
            row
            for row in rows
            if name in f"{row.partner} {row.manager}".casefold() and not (only_none and row.manager)
        )


class AssignForm(forms.Form):
    """Who becomes the manager, and what they have to know."""

    note = Text(
        label=_("Hand-over note"),
        max_length=4000,
        required=False,
        help_text=_("The next manager reads it, partners do not. Needed when another one leaves."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["person"] = forms.TypedChoiceField(
            label=_("Manager"),
            coerce=int,
            choices=[
                (one.person_id, f"{one.name} ({role_title(one.role)}, {one.now})")
                for one in loads(MANAGE_PARTNERS.staff)
            ],
        )
        self.order_fields(["person", "note"])


class ReachForm(forms.Form):
    """How partners reach a manager."""

    reach = Text(
        label=_("How partners reach you"),
        max_length=1000,
        help_text=_("Hours, a link to book a talk; your mail address is shown anyway."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@staff_page(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: Asked) -> HttpResponseBase:
    """Every partner with a manager or in want of one, and each manager's load."""
    people = loads(MANAGE_PARTNERS.staff)
    own = next((one for one in people if one.person_id == request.user.pk), None)
    form = ReachForm(request.POST or None, initial={"reach": own.reach if own else ""})
    if request.method == "POST":
        if own is None:
            return refuse(request, MANAGE_PARTNERS)
        if form.is_valid():
            set_reach(request.user, form.cleaned_data["reach"], at=request.now)
            messages.success(request, gettext("Partners see it from now on."))
            return redirect("staff_managers")
    rows = lines(manager_benefits(program_of(settings.PROGRAM)))
    context = {
        "people": [(one, role_title(one.role)) for one in people if one.now or one.before],
        "without": sum(not row.manager for row in rows),
        "form": form if own else None,
    }
    template = "staff/managers/managers.html"
    return list_page(
        request, Managed, rows, template, context, filters=ManagedFilters, file="managers"
    )


@staff_page(SEE_STAFF)
@require_safe
def manager(request: Asked, slug: str) -> HttpResponse:
    """One partner's manager, and who was before."""
    return _shown(request, named_in(slug), AssignForm())


@staff_page(ASSIGN_MANAGERS)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: Asked, slug: str) -> HttpResponse:
    """Make somebody the manager of a partner."""
    named = named_in(slug)
    form = AssignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assign_manager(
                named.partner_id,
                form.cleaned_data["person"],
                program_of(settings.PROGRAM),
                note=form.cleaned_data["note"],
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Assigned; the partner and both managers are told."))
            return redirect("staff_manager", slug)
    return _shown(request, named, form, status=422 if form.errors else 200)


def _shown(request: Asked, named: Named, form: AssignForm, *, status: int = 200) -> HttpResponse:
    context = {
        "partner": named,
        "manager": manager_of(named.partner_id),
        "turns": turns_of(named.partner_id),
        "form": form,
        "may_assign": staff_may(request.user.staff_role, ASSIGN_MANAGERS),
    }
    return render(request, "staff/managers/manager.html", context, status=status)
