"""Claims: people who say that a partner is theirs, and the decision with its reason."""

from __future__ import annotations

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from assay.core.issues import Refused
from assay.core.rights import DECIDE_CLAIMS, SEE_STAFF, Role, role_title, staff_may
from assay.jobs.partners.claim_partner import decide_claim, set_website
from assay.portal.access import Asked, refuse, staff_page
from assay.portal.forms.fields import Address, Line, Text, add_refusal
from assay.portal.lists import Figure, Filters, List, Moment, list_page
from assay.store.queries.partners.claims import ClaimLine, apps_named, claim, claims

_STATES = (("open", _("Open")), ("granted", _("Granted")), ("refused", _("Refused")))


class Claims(List):
    """Claims, open ones first."""

    partner = django_tables2.Column(
        verbose_name=_("Partner"), linkify=("staff_claim", {"number": django_tables2.A("claim_id")})
    )
    person = django_tables2.Column(verbose_name=_("Claimed by"))
    state = django_tables2.Column(verbose_name=_("State"))
    claimed_at = Moment(verbose_name=_("Claimed"))
    members = Figure(verbose_name=_("Members"))
    decided_by = django_tables2.Column(verbose_name=_("Decided by"))
    reason = django_tables2.Column(verbose_name=_("Reason"))

    caption = _("Claims")
    empty_title = _("No claims")
    empty_hint = _("They come here when somebody says that a partner known from reports is theirs.")

    def render_state(self, value: str) -> str:
        """Say the state in words."""
        return str(dict(_STATES)[value])


class ClaimFilters(Filters):
    """Which claims are shown."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *_STATES])

    def narrow(self, rows: tuple[ClaimLine, ...]) -> tuple[ClaimLine, ...]:
        """Keep the claims in one state."""
        state = self.cleaned_data["state"]
        return tuple(row for row in rows if not state or row.state == state)


class ClaimForm(forms.Form):
    """The decision on a claim."""

    role = forms.ChoiceField(
        label=_("As"), choices=[(role.value, role_title(role)) for role in Role], initial=Role.OWNER
    )
    reason = Text(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The person reads it, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class WebsiteForm(forms.Form):
    """The website of a partner that waits to be claimed."""

    partner = Line(
        label=_("Partner"),
        max_length=80,
        help_text=_("The last part of its address here, such as demo-partner-001."),
    )
    website = Address(label=_("Website"))


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every claim."""
    lines = claims()
    context = {
        "open": sum(line.state == "open" for line in lines),
        "website_form": WebsiteForm(),
        "may_decide": _may_decide(request),
    }
    return list_page(
        request, Claims, lines, "staff/claims.html", context, filters=ClaimFilters, file="claims"
    )


@staff_page(DECIDE_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def website(request: Asked) -> HttpResponse:
    """Tell the website of a partner that nobody owns."""
    form = WebsiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            partner = set_website(
                form.cleaned_data["partner"],
                form.cleaned_data["website"],
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            words = gettext("People of that domain can claim %(name)s at once.")
            messages.success(request, words % {"name": partner.name})
            return redirect("staff_claims")
    return render(request, "staff/website.html", {"form": form}, status=422 if form.errors else 200)


@staff_page(SEE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: Asked, number: int) -> HttpResponse:
    """One claim, and the decision."""
    line = claim(number)
    if line is None:
        raise Http404
    may_decide = _may_decide(request)
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and not may_decide:
        return refuse(request, DECIDE_CLAIMS)
    if request.method == "POST" and form.is_valid():
        granted = request.POST.get("decision") == "grant"
        try:
            decide_claim(
                number,
                granted=granted,
                reason=form.cleaned_data["reason"],
                role=Role(form.cleaned_data["role"]),
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            done = gettext("The claim is granted.") if granted else gettext("The claim is refused.")
            messages.success(request, done)
            return redirect("staff_claims")
    context = {
        "claim": line,
        "form": form,
        "may_decide": may_decide,
        "apps": apps_named(line.partner_slug),
    }
    return render(request, "staff/claim.html", context, status=422 if form.errors else 200)


def _may_decide(request: Asked) -> bool:
    return staff_may(request.user.staff_role, DECIDE_CLAIMS)
