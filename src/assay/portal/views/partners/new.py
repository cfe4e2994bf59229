"""The path to a profile: step by step, left and taken up again; and claiming a known partner."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.profiles import ProfileStep
from assay.jobs.partners.claim_partner import claim_partner
from assay.jobs.partners.edit_profile import accept_agreement, begin_path, save_profile
from assay.portal.access import Asked, public_page, signed_in_page
from assay.portal.forms.fields import Line, Text, add_refusal
from assay.portal.forms.profile import STEP_FORMS, AgreementForm, zone_title
from assay.store.queries.partners.profiles import (
    Kept,
    claimable,
    claimable_partner,
    claims_of,
    path_kept,
)

MOST_FOUND = 20


@signed_in_page
@require_safe
def overview(request: Asked) -> HttpResponse:
    """Where the reader is on the path, or how to begin one."""
    kept = path_kept(request.user)
    context: dict[str, Any] = {"claims": claims_of(request.user)}
    if kept is not None:
        context |= {"kept": kept, "steps": steps(kept, None), "open": _open_step(kept)}
    return render(request, "partners/new.html", context)


@signed_in_page
@require_POST
def begin(request: Asked) -> HttpResponse:
    """Begin the path of a new partner, or take up the one that is begun."""
    begin_path(request.user, at=request.now)
    kept = path_kept(request.user)
    return redirect("new_partner") if kept is None else _to_step(_open_step(kept))


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Asked, step: str) -> HttpResponse:
    """One step of the path; what it asks is saved before the next."""
    kept = path_kept(request.user)
    if step not in list(ProfileStep):
        raise Http404
    if kept is None:
        return redirect("new_partner")
    here = ProfileStep(step)
    if here is ProfileStep.AGREEMENT:
        return _agree(request, kept)
    form = STEP_FORMS[here](
        request.POST or None, request.FILES or None, profile=kept.profile, reader=request.reader
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_profile(
                kept.partner_id,
                form.said(),
                by=request.user,
                at=request.now,
                logo=form.cleaned_data.get("logo"),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            return _to_step(_next_step(here, path_kept(request.user)))
    return render(
        request,
        "partners/new_step.html",
        {
            "form": form,
            "step": here,
            "kept": kept,
            "steps": steps(kept, here),
            "one_zone": zone_title(kept.profile.time_zone) if kept.profile.time_zone else "",
        },
        status=422 if form.errors else 200,
    )


def _agree(request: Asked, kept: Kept) -> HttpResponse:
    """The last step: the agreement, and the partner is active."""
    still = [one for one in kept.open_steps if one is not ProfileStep.AGREEMENT]
    form = AgreementForm(request.POST or None, initial={"version": settings.AGREEMENT_VERSION})
    if request.method == "POST" and form.is_valid():
        try:
            partner = accept_agreement(
                kept.partner_id, form.cleaned_data["version"], by=request.user, at=request.now
            )
        except Refused as refused:
            form = AgreementForm(request.POST | {}, initial=form.initial)
            form.is_valid()
            add_refusal(form, refused)
        else:
            messages.success(
                request, gettext("%(name)s is in the program. Welcome.") % {"name": partner.name}
            )
            return redirect("portal_home", partner.slug)
    return render(
        request,
        "partners/new_agreement.html",
        {
            "form": form,
            "kept": kept,
            "still": still,
            "steps": steps(kept, ProfileStep.AGREEMENT),
            "version": settings.AGREEMENT_VERSION,
            "text": agreement_template(settings.AGREEMENT_VERSION),
        },
        status=422 if form.errors else 200,
    )


def steps(kept: Kept, here: ProfileStep | None) -> list[dict[str, Any]]:
    """Tell the steps of the path: which are done, which is shown."""
    return [
        {
            "key": one.value,
            "title": one.words,
            "done": one not in kept.open_steps,
            "here": one is here,
        }
        for one in ProfileStep
    ]


def _next_step(here: ProfileStep, kept: Kept | None) -> ProfileStep:
    """Go to the next open step after this one, else to the first open one."""
    order = list(ProfileStep)
    still = kept.open_steps if kept else ()
    later = [one for one in still if order.index(one) > order.index(here)]
    return (later or list(still) or [ProfileStep.AGREEMENT])[0]


def _open_step(kept: Kept) -> ProfileStep:
    """Return the first open step; of a path the agreement is always the last."""
    return (*kept.open_steps, ProfileStep.AGREEMENT)[0]


def _to_step(where: ProfileStep) -> HttpResponse:
    return redirect("new_partner_step", where.value)


def agreement_template(version: str) -> str:
    """Name the template that has the text of a version of the agreement."""
    return f"agreements/{version}.html"


@public_page
@require_safe
def agreement(request: Asked) -> HttpResponse:
    """The text of the agreement in force."""
    version = settings.AGREEMENT_VERSION
    return render(
        request,
        "partners/agreement.html",
        {"version": version, "text": agreement_template(version)},
    )


class SearchForm(forms.Form):
    """Which partner is looked for."""

    q = Line(label=_("Name, or key in reports"), max_length=80)


class ClaimForm(forms.Form):
    """Why the partner is the person's."""

    evidence = Text(
        label=_("How can the program team see that it is yours?"),
        max_length=2000,
        help_text=_(
            "Your position, somebody they know, where your address stands on the website. At most "
            "2,000 characters."
        ),
    )


@signed_in_page
@require_safe
def search(request: Asked) -> HttpResponse:
    """Partners that reports know, to be claimed."""
    form = SearchForm(request.GET or None)
    found = claimable(form.cleaned_data["q"]) if form.is_valid() else None
    page = None
    if found is not None:
        page = Paginator(found, MOST_FOUND).get_page(request.GET.get("page"))
    return render(
        request,
        "partners/claim_search.html",
        {"form": form, "found": page, "claims": claims_of(request.user)},
    )


@signed_in_page
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: Asked, slug: str) -> HttpResponse:
    """Claim one partner."""
    partner = claimable_partner(slug, request.user)
    if partner is None:
        raise Http404
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = claim_partner(
                slug, request.user, evidence=form.cleaned_data["evidence"], at=request.now
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            if made.state == made.State.GRANTED:
                messages.success(request, gettext("%(name)s is yours.") % {"name": partner.name})
                return redirect("new_partner")
            messages.success(
                request, gettext("The program team will decide, and you get a notice.")
            )
            return redirect("claim_search")
    return render(
        request,
        "partners/claim.html",
        {"form": form, "partner": partner},
        status=422 if form.errors else 200,
    )
