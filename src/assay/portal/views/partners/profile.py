"""The profile of a partner: what it says of itself, section by section."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.profiles import Profile, ProfileStep
from assay.core.rights import (
    ACCEPT_AGREEMENT,
    ANNOUNCE_MOVES,
    EDIT_PROFILE,
    SEE_PARTNER,
    member_may,
)
from assay.documents.places import zones_of
from assay.jobs.partners.announce_moves import announce_moves
from assay.jobs.partners.edit_profile import accept_agreement, save_profile
from assay.portal.access import Asked, partner_page
from assay.portal.forms.fields import add_refusal
from assay.portal.forms.profile import STEP_FORMS, AgreementForm, zone_title
from assay.portal.views.partners.new import agreement_template
from assay.store.queries.partners.profiles import profile_kept


@partner_page(SEE_PARTNER)
@require_safe
def show(request: Asked) -> HttpResponse:
    """Everything the partner says of itself, and which step is open."""
    seat = request.seat
    kept = profile_kept(seat.partner_id)
    return render(
        request,
        "partners/profile.html",
        {
            "kept": kept,
            "profile": kept.profile,
            "open": kept.open_steps[0] if kept.open_steps else None,
            "zone": zone_title(kept.profile.time_zone),
            "may_edit": member_may(seat.role, EDIT_PROFILE) and not seat.viewing,
            "may_agree": member_may(seat.role, ACCEPT_AGREEMENT) and not seat.viewing,
            "may_announce": member_may(seat.role, ANNOUNCE_MOVES) and not seat.viewing,
            "agreement_in_force": settings.AGREEMENT_VERSION,
        },
    )


@partner_page(EDIT_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, step: str) -> HttpResponse:
    """Change one section of the profile."""
    if step not in list(ProfileStep) or ProfileStep(step) not in STEP_FORMS:
        raise Http404
    seat, here = request.seat, ProfileStep(step)
    kept = profile_kept(seat.partner_id)
    form = STEP_FORMS[here](
        request.POST or None, request.FILES or None, profile=kept.profile, reader=request.reader
    )
    if request.method == "POST" and form.is_valid():
        said = form.said()
        try:
            save_profile(
                seat.partner_id,
                said,
                by=request.user,
                at=request.now,
                logo=form.cleaned_data.get("logo"),
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Saved."))
            if here is ProfileStep.ADDRESS and _needs_zone(profile_kept(seat.partner_id).profile):
                return redirect("profile_edit", seat.slug, ProfileStep.TIME_ZONE.value)
            return redirect("profile", seat.slug)
    return render(
        request,
        "partners/profile_edit.html",
        {"form": form, "step": here, "kept": kept},
        status=422 if form.errors else 200,
    )


def _needs_zone(profile: Profile) -> bool:
    """Tell whether the time zone is of another country than the address, or none."""
    zones = zones_of(profile.country)
    return bool(zones) and profile.time_zone not in zones


@partner_page(ANNOUNCE_MOVES)
@require_POST
def announce(request: Asked) -> HttpResponse:
    """Consent to being announced when the partner moves up, or take it back."""
    consents = request.POST.get("announce") == "yes"
    announce_moves(request.seat.partner_id, consents=consents, by=request.user, at=request.now)
    messages.success(request, gettext("Saved."))
    return redirect("profile", request.seat.slug)


@partner_page(ACCEPT_AGREEMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: Asked) -> HttpResponse:
    """Accept the agreement in force, where another version was accepted or none."""
    seat = request.seat
    version = settings.AGREEMENT_VERSION
    form = AgreementForm(request.POST or None, initial={"version": version})
    if request.method == "POST" and form.is_valid():
        try:
            accept_agreement(
                seat.partner_id, form.cleaned_data["version"], by=request.user, at=request.now
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The agreement is accepted."))
            return redirect("profile", seat.slug)
    return render(
        request,
        "partners/profile_agreement.html",
        {"form": form, "version": version, "text": agreement_template(version)},
        status=422 if form.errors else 200,
    )
