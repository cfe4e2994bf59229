"""Apps of a partner: which count, what is wrong with them, and their way to a listing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.facts import Vocabulary
from assay.core.issues import Refused
from assay.core.listings import Act, Step
from assay.core.rights import EDIT_APPS, SEE_APPS, member_may
from assay.jobs.apps import decide_app, edit_app
from assay.jobs.programs.programs import program_of
from assay.portal.access import Asked, partner_page
from assay.portal.forms.apps import AppForm, NewAppForm, ScreenshotForm
from assay.portal.forms.fields import Line, add_refusal
from assay.portal.lists import Day, Figure, Filters, List, list_page
from assay.store.models import Person
from assay.store.queries.apps.apps import AppLine, AppPage, app_page, apps_of
from assay.store.queries.apps.disagreements import disagreements

Doing = Callable[..., object]


class Apps(List):
    """A partner's apps."""

    name = django_tables2.Column(verbose_name=_("App"))
    key = django_tables2.Column(verbose_name=_("Key"), visible=False)
    stands = django_tables2.Column(verbose_name=_("Stands"), order_by=("state", "step"))
    hostings = django_tables2.Column(verbose_name=_("Hosting"))
    public = django_tables2.Column(verbose_name=_("Public"))
    installs = Figure(verbose_name=_("Active installs"))
    enrolled_on = Day(verbose_name=_("Bug bounty since"), default="")
    wrong = Figure(verbose_name=_("Disagrees with reports"))

    caption = _("Apps")
    empty_title = _("No apps yet")
    empty_hint = _("Draft one, or wait for a report that speaks of yours.")

    def render_name(self, value: str, record: AppLine) -> str:
        """Link the app, and write its key below."""
        link = '<a href="{}{}/">{}</a><br><span class="quiet">{}</span>'
        return format_html(link, self.request.path, record.slug, value, record.key)

    def value_name(self, value: str) -> str:
        """Return the name alone."""
        return value

    def render_public(self, value: bool) -> str:  # noqa: FBT001 - a cell
        """Say it in a word."""
        return gettext("public") if value else gettext("private")


class AppFilters(Filters):
    """What narrows a partner's apps."""

    q = Line(label=_("Name or key"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("Stands"),
        required=False,
        choices=[("", _("Anywhere")), *((step.value, step.words) for step in Step)],
    )

    def narrow(self, rows: tuple[AppLine, ...]) -> tuple[AppLine, ...]:
        """Keep the apps that are asked for."""
        text, state = self.cleaned_data["q"].casefold(), self.cleaned_data["state"]
        return tuple(
            row
            for row in rows
            if (text in row.name.casefold() or text in row.key.casefold())
            and (not state or state in (row.state, row.step))
        )


def vocabulary() -> Vocabulary:
    """Return the vocabulary of the program in force."""
    return program_of(settings.PROGRAM).vocabulary


@partner_page(SEE_APPS)
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """Every app of the partner."""
    seat = request.seat
    lines = apps_of(seat.partner_id)
    context = {
        "may_edit": _may_edit(request),
        "is_active": seat.state == "active",
        "listed": sum(line.state is Step.LISTED for line in lines),
        "count": len(lines),
        "disagreements": disagreements(partner_id=seat.partner_id),
    }
    return list_page(
        request, Apps, lines, "partners/apps.html", context, filters=AppFilters, file="apps"
    )


@partner_page(SEE_APPS)
@require_safe
def app(request: Asked, app: str) -> HttpResponse:
    """One app: where it stands, what is wrong with it, what facts say of it."""
    page = _page(request, app)
    may_edit = _may_edit(request)
    return render(
        request,
        "partners/app.html",
        {
            "app": page,
            "may_edit": may_edit,
            "acts": {act.value: may_edit and page.may(act) for act in Act},
        },
    )


@partner_page(EDIT_APPS)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Asked) -> HttpResponse:
    """Draft a new app."""
    seat = request.seat
    form = NewAppForm(request.POST or None, vocabulary=vocabulary())
    if request.method == "POST" and form.is_valid():
        try:
            made = edit_app.begin_app(
                seat.partner_id,
                form.cleaned_data["key"],
                form.content(),
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The draft is saved."))
            return redirect("app", seat.slug, made.slug)
    return _form(request, form, None)


@partner_page(EDIT_APPS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Asked, app: str) -> HttpResponse:
    """Edit an app, or propose changes to a listed one."""
    page = _page(request, app)
    form = AppForm(request.POST or None, vocabulary=vocabulary(), content=page.content)
    if request.method == "POST" and form.is_valid():
        try:
            edit_app.propose(page.app_id, form.content(), by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("app", request.seat.slug, page.slug)
    return _form(request, form, page)


def _form(request: Asked, form: AppForm, page: AppPage | None) -> HttpResponse:
    return render(
        request,
        "partners/app_edit.html",
        {
            "form": form,
            "app": page,
            "hosting_fields": [form["hosting_" + hosting] for hosting in form.hostings],
        },
        status=422 if form.errors else 200,
    )


@partner_page(EDIT_APPS)
@require_http_methods(["GET", "HEAD", "POST"])
def screenshots(request: Asked, app: str) -> HttpResponse:
    """Add a screenshot; the others are shown with it."""
    page = _page(request, app)
    form = ScreenshotForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            edit_app.add_screenshot(
                page.app_id,
                form.cleaned_data["picture"],
                form.cleaned_data["caption"],
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, gettext("The screenshot is added."))
            return redirect("app_screenshots", request.seat.slug, page.slug)
    return render(
        request,
        "partners/app_screenshots.html",
        {"form": form, "app": page},
        status=422 if form.errors else 200,
    )


@partner_page(EDIT_APPS)
@require_POST
def remove_screenshot(request: Asked, app: str) -> HttpResponse:
    """Do without a screenshot."""
    page = _page(request, app)
    file = request.POST.get("file", "")

    def remove(app_id: int, **who: Any) -> object:
        return edit_app.remove_screenshot(app_id, file, **who)

    _do(request, page, remove, gettext("The screenshot is removed."))
    return redirect("app_screenshots", request.seat.slug, page.slug)


@partner_page(EDIT_APPS)
@require_POST
def submit(request: Asked, app: str) -> HttpResponse:
    """Send the app to be approved."""
    page = _page(request, app)
    done = gettext("Submitted. The program team looks at it, and you get a notice.")
    _do(request, page, edit_app.submit, done)
    return redirect("app", request.seat.slug, page.slug)


@partner_page(EDIT_APPS)
@require_POST
def take_back(request: Asked, app: str) -> HttpResponse:
    """Take back what was submitted."""
    page = _page(request, app)
    _do(request, page, edit_app.take_back, gettext("It is a draft again."))
    return redirect("app", request.seat.slug, page.slug)


@partner_page(EDIT_APPS)
@require_http_methods(["GET", "HEAD", "POST"])
def retire(request: Asked, app: str) -> HttpResponse:
    """Retire the app for good, asked once more."""
    page = _page(request, app)
    if not page.may(Act.RETIRE):
        raise Http404
    if request.method != "POST":
        return render(request, "partners/app_retire.html", {"app": page})
    _do(request, page, decide_app.retire_app, gettext("The app is retired."))
    return redirect("app", request.seat.slug, page.slug)


def _page(request: Asked, slug: str) -> AppPage:
    page = app_page(slug, partner_id=request.seat.partner_id)
    if page is None:
        raise Http404
    return page


def _do(request: Asked, page: AppPage, doing: Doing, done: str) -> None:
    """Do something with an app and say what came of it."""
    by: Person = request.user
    try:
        doing(page.app_id, by=by, at=request.now)
    except Refused as refused:
        for issue in refused.issues:
            words = f"{issue.message}. {issue.hint}" if issue.hint else issue.message
            messages.error(request, words[:1].upper() + words[1:])
    else:
        messages.success(request, done)


def _may_edit(request: Asked) -> bool:
    return member_may(request.seat.role, EDIT_APPS) and not request.seat.viewing
