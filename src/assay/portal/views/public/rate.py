"""Every page can be rated from its foot: yes or no, then a comment; by plain forms."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assay.core.issues import Refused
from assay.jobs.notices import rate as ratings
from assay.portal.access import Asked, public_page
from assay.store.models import Person

_SALT = "rating"
_OPEN_SECONDS = 3600  # for the comment
_LONGEST_PATH = 300


class Comment(forms.Form):
    """A reader's words about a page."""

    words = forms.CharField(
        label=gettext_lazy("What would make this page better?"),
        help_text=gettext_lazy("Staff of the program read this. Leave out what is confidential."),
        max_length=ratings.MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@public_page
@require_POST
def rate(request: Asked) -> HttpResponse:
    """Keep whether a page helped, and ask what would help more."""
    back = request.POST.get("path", "")
    path, helped = _rated(back), request.POST.get("helped")
    if path is None or helped not in ("yes", "no"):
        return _answer(request, {"step": "unclear", "back": "/"}, status=400)
    if not consume(request, action="rate_page"):
        return _answer(request, {"step": "slower", "back": back}, status=429)
    reader: object = request.user
    by = reader if isinstance(reader, Person) else None
    number = ratings.rate(path, helped=helped == "yes", by=by, at=request.now)
    token = signing.dumps([number, back], salt=_SALT)
    if request.htmx:
        return _ask(request, token, back, Comment())
    return redirect("rate_comment", token)


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: Asked, token: str) -> HttpResponse:
    """Take the comment that belongs to a rating of the last hour."""
    try:
        number, back = signing.loads(token, salt=_SALT, max_age=_OPEN_SECONDS)
    except signing.BadSignature:
        raise Http404 from None
    form = Comment(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _ask(request, token, back, form)
    try:
        ratings.comment(number, form.cleaned_data["words"])
    except Refused:
        return _answer(request, {"step": "twice", "back": back})
    return _answer(request, {"step": "thanks", "back": back})


def _ask(request: Asked, token: str, back: str, form: Comment) -> HttpResponse:
    return _answer(request, {"step": "comment", "token": token, "back": back, "form": form})


def _answer(request: Asked, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with the foot alone where a script asked, else with a page."""
    template = "assay/rate_step.html" if request.htmx else "public/rate.html"
    shown = 200 if request.htmx else status  # a script shows an answer, and drops a refusal
    return render(request, template, context, status=shown)


def _rated(path: str) -> str | None:
    """Return the address under which a page's ratings are kept; None where there is no page.

    Of an address that holds more than names and numbers, such as a secret, the pattern is kept.
    """
    if len(path) > _LONGEST_PATH:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    spoken = match.route.replace("<slug:", "").replace("<int:", "")
    plain = "<" not in spoken and "(" not in spoken
    return path if plain else f"/{match.route}"[:_LONGEST_PATH]
