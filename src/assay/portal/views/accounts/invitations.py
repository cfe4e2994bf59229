"""An invitation: what it asks, and accepting it with the address that was invited."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assay.core.issues import Refused
from assay.core.rights import ROLE_WORDS, STAFF_ROLE_WORDS, role_title
from assay.jobs.people.join import Asked as Invited
from assay.jobs.people.join import join, look_at
from assay.portal.access import Asked, public_page
from assay.store.queries.people.people import confirmed_addresses


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Asked, secret: str) -> HttpResponse:
    """Show an invitation to whoever has its link; join, signed in with the invited address."""
    try:
        asked = look_at(secret, at=request.now)
    except Refused as refused:
        return render(request, "accounts/invitation_over.html", {"refused": refused}, status=410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            join(secret, person=request.user, at=request.now)
        except Refused as refused:
            for issue in refused.issues:
                messages.error(request, f"{issue.message} {issue.hint}")
            return redirect("invitation", secret)
        return _joined(request, asked)
    words = ROLE_WORDS if asked.partner else STAFF_ROLE_WORDS
    shown = {
        "asked": asked,
        "role_title": role_title(asked.role).lower(),
        "role_words": words[asked.role],
        "matches": asked.email.lower() in confirmed_addresses(request.user),
        "here": request.path,
    }
    return render(request, "accounts/invitation.html", shown)


def _joined(request: Asked, asked: Invited) -> HttpResponse:
    if not asked.partner:
        messages.success(request, gettext("You are in the program team."))
        return redirect("staff_today")
    messages.success(request, gettext("You are in the team of %(name)s.") % {"name": asked.partner})
    return redirect("portal_home", asked.slug)
