"""Apps to approve: the queue, and one app with what changed since it was last listed."""

from __future__ import annotations

from collections.abc import Callable

import django_tables2
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import DECIDE_APPS, SEE_STAFF, staff_may
from assay.jobs.apps import decide_app
from assay.portal.access import Asked, staff_page
from assay.portal.forms.apps import DecisionForm
from assay.portal.forms.fields import add_refusal
from assay.portal.lists import List, Moment, list_page
from assay.store.queries.apps.apps import AppPage, app_page, apps_waiting


class Waiting(List):
    """Apps that wait."""

    name = django_tables2.Column(
        verbose_name=_("App"), linkify=("staff_app", {"slug": django_tables2.A("slug")})
    )
    key = django_tables2.Column(verbose_name=_("Key"))
    partner = django_tables2.Column(verbose_name=_("Partner"))
    stands = django_tables2.Column(verbose_name=_("Stands"), order_by=("state", "step"))
    hostings = django_tables2.Column(verbose_name=_("Hosting"))
    changed_at = Moment(verbose_name=_("Since"))

    caption = _("Apps to approve")
    empty_title = _("Nothing waits")
    empty_hint = _("Apps come here when a partner submits them.")


@staff_page(SEE_STAFF)
@require_safe
def queue(request: Asked) -> HttpResponseBase:
    """Every app that waits for the program team."""
    waiting = apps_waiting()
    context = {"count": len(waiting)}
    return list_page(request, Waiting, waiting, "staff/apps.html", context, file="apps-to-approve")


@staff_page(SEE_STAFF)
@require_safe
def app(request: Asked, slug: str) -> HttpResponse:
    """One app: what it says, what changed, and the decision."""
    return _shown(request, _page(slug), DecisionForm())


@staff_page(DECIDE_APPS)
@require_POST
def approve(request: Asked, slug: str) -> HttpResponse:
    """List what is proposed."""
    return _decide(request, slug, decide_app.approve_app, gettext("Approved and listed."))


@staff_page(DECIDE_APPS)
@require_POST
def send_back(request: Asked, slug: str) -> HttpResponse:
    """Send what is proposed back, with the reason."""
    return _decide(request, slug, decide_app.send_back, gettext("Sent back with the reason."))


def _decide(request: Asked, slug: str, decide: Callable[..., object], done: str) -> HttpResponse:
    page = _page(slug)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            decide(page.app_id, reason=form.cleaned_data["reason"], by=request.user, at=request.now)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, done)
            return redirect("staff_apps")
    return _shown(request, page, form, status=422)


def _page(slug: str) -> AppPage:
    page = app_page(slug)
    if page is None:
        raise Http404
    return page


def _shown(request: Asked, page: AppPage, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    return render(
        request,
        "staff/app.html",
        {
            "app": page,
            "form": form,
            "may_decide": staff_may(request.user.staff_role, DECIDE_APPS),
            "waits": page.step == "submitted",
        },
        status=status,
    )
