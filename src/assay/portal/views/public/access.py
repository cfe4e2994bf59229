"""Ask for access to the portal: may I, and if not, why?"""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.jobs.access.ask import Conditions, ask_for_access, conditions_of
from assay.jobs.access.follow import answer, confirm, follow
from assay.portal.access import Asked, public_page
from assay.portal.forms.access import AccessForm, AnswerForm
from assay.portal.forms.fields import add_refusal

_TOO_MANY = "Too many tries. Wait a while, then try again."


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Asked) -> HttpResponse:
    """Ask: the two conditions, then a mail to the address."""
    form = AccessForm(request.POST or None)
    if request.method != "POST":
        return _form(request, form)
    conditions = _conditions(request)
    if not form.is_valid():
        return _form(request, form, conditions, status=422)
    if not conditions.hold or conditions.partner is None:
        form.add_error(None, gettext("Access cannot be asked for like this; see below why."))
        return _form(request, form, conditions, status=422)
    told = form.cleaned_data
    if not consume(request, action="access_ask", key=told["email"].lower()):
        form.add_error(None, gettext(_TOO_MANY))
        return _form(request, form, conditions, status=429)
    try:
        ask_for_access(
            conditions.partner.slug,
            email=told["email"],
            name=told["name"],
            app=told["app"],
            why=told["why"],
            at=request.now,
        )
    except Refused as refused:
        add_refusal(form, refused)
        return _form(request, form, conditions, status=422)
    return redirect("access_sent")


@public_page
@require_POST
def check(request: Asked) -> HttpResponse:
    """Tell, while the form is filled in, whether the conditions hold."""
    if not request.htmx:
        return redirect("access")
    if not consume(request, action="access_check"):
        return render(request, "public/access/conditions.html", {"too_many": gettext(_TOO_MANY)})
    context = {"conditions": _conditions(request)}
    return render(request, "public/access/conditions.html", context)


@public_page
@require_safe
def sent(request: Asked) -> HttpResponse:
    """Say that a mail is on its way, whatever the address has asked before."""
    return render(request, "public/access/sent.html")


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def followed(request: Asked, secret: str) -> HttpResponse:
    """One's own request, by the link in the mail: confirm it, see where it is, answer."""
    form = AnswerForm()
    try:
        if request.method == "POST":
            if not consume(request, action="access_answer"):
                return render(request, "429.html", status=429)
            form = AnswerForm(request.POST)
            if _acted(request, secret, form):
                return redirect("access_request", secret)
        found = follow(secret, at=request.now)
    except Refused as refused:
        told = {"issues": refused.issues}
        return render(request, "public/access/link_over.html", told, status=410)
    context = {"found": found, "form": form, "may_answer": found.state in ("open", "asked")}
    answered = render(
        request, "public/access/request.html", context, status=422 if form.errors else 200
    )
    answered["X-Robots-Tag"] = "noindex"  # the address is a secret
    return answered


def _acted(request: Asked, secret: str, form: AnswerForm) -> bool:
    """Confirm or answer; tell whether it was done. Raises Refused."""
    if request.POST.get("act") == "confirm":
        confirm(secret, at=request.now)
        messages.success(request, gettext("Your request is with the support team."))
        return True
    if not form.is_valid():
        return False
    answer(secret, form.cleaned_data["words"], at=request.now)
    messages.success(request, gettext("Your answer is sent."))
    return True


def _conditions(request: Asked) -> Conditions:
    """Return what holds of what is filled in, cut to what the fields take."""
    return conditions_of(
        email=request.POST.get("email", "")[:300],
        partner=request.POST.get("partner", "")[:120].replace("\x00", ""),
        chosen=request.POST.get("chosen", "")[:80].replace("\x00", ""),
        on=request.now.date(),
    )


def _form(
    request: Asked, form: AccessForm, conditions: Conditions | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "conditions": conditions}
    return render(request, "public/access/ask.html", context, status=status)
