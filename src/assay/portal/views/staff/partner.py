"""One partner with everything: what happened here?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_tables2
from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assay.core.notices import KINDS
from assay.core.rights import SEE_STAFF, VIEW_AS, role_title, staff_may
from assay.jobs.programs.programs import program_of
from assay.portal.access import VIEWING_AS, Asked, staff_page
from assay.portal.days import today
from assay.portal.lists import Filters, List, Moment, list_page
from assay.portal.views.staff.outbox import STATES as MAIL_STATES
from assay.portal.views.staff.partners import STATES
from assay.store.models import App, Claim, Mail, Partner, Upload
from assay.store.queries.partners.staff_partner import (
    MOST_NOTICES,
    Profile,
    apps_held,
    claims_to,
    decided,
    profile_of,
    sent_for,
    told_to,
)
from assay.store.queries.partners.timeline import timeline_of
from assay.store.queries.people.people import invited_to, members_of
from assay.store.queries.reviews.standing import Placed, standing_of
from assay.words.findings import OUTCOMES
from assay.words.standing import tier_title

MOST = 10  # decisions and files on the page

APP_STATES = {
    App.State.DRAFT: gettext_lazy("draft"),
    App.State.SUBMITTED: gettext_lazy("waits for approval"),
    App.State.SENT_BACK: gettext_lazy("sent back"),
    App.State.LISTED: gettext_lazy("listed"),
    App.State.RETIRED: gettext_lazy("retired"),
}
CLAIM_STATES = {
    Claim.State.OPEN: gettext_lazy("waits for a decision"),
    Claim.State.GRANTED: gettext_lazy("granted"),
    Claim.State.REFUSED: gettext_lazy("refused"),
}
UPLOAD_STATES = {
    Upload.State.READING: gettext_lazy("being read"),
    Upload.State.READY: gettext_lazy("waits for a person"),
    Upload.State.COMMITTING: gettext_lazy("being imported"),
    Upload.State.DONE: gettext_lazy("imported"),
    Upload.State.REFUSED: gettext_lazy("refused"),
    Upload.State.DROPPED: gettext_lazy("dropped"),
    Upload.State.UNDOING: gettext_lazy("being undone"),
    Upload.State.UNDONE: gettext_lazy("undone"),
}


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The performing decision in short: each requirement with its outcome for each tier."""

    answer: str
    tiers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def _summary(placed: Placed) -> Summary:
    document = placed.document
    tiers = [tier for tier in document["tiers"] if tier["requirements"]]
    titles = {held["requirement"]: held["title"] for t in tiers for held in t["requirements"]}
    return Summary(
        answer=document["answer"],
        tiers=tuple(tier["title"] for tier in tiers),
        rows=tuple(
            (title, tuple(_outcome(tier, key) for tier in tiers)) for key, title in titles.items()
        ),
    )


def _outcome(tier: dict[str, Any], key: str) -> tuple[str, str]:
    """Return the outcome of one requirement for one tier, and its word; "" where not asked."""
    for held in tier["requirements"]:
        if held["requirement"] == key:
            return held["outcome"], str(_WORDS[held["outcome"]])
    return "", ""


_WORDS = {outcome.value: words for outcome, words in OUTCOMES.items()}


@staff_page(SEE_STAFF)
@require_safe
def partner(request: Asked, slug: str) -> HttpResponse:
    """Profile, people, apps, standing, decisions, notices, imports, timeline."""
    profile = _profile(slug)
    standing = standing_of(profile.id, today(request))
    program = program_of(settings.PROGRAM)
    return render(
        request,
        "staff/partner.html",
        {
            "partner": profile,
            "state": STATES[Partner.State(profile.state)],
            "standing": standing,
            "sentence": _sentence(standing.credited, standing.performing),
            "summary": _summary(standing.performing) if standing.performing else None,
            "decisions": [
                (held, tier_title(held.tier, program) if held.tier in program.tiers else held.tier)
                for held in decided(profile.id, most=MOST)
            ],
            "members": [(one, role_title(one.role)) for one in members_of(profile.id)],
            "invited": [
                (one, role_title(one.role)) for one in invited_to(profile.id, at=request.now)
            ],
            "claims": [
                (one, CLAIM_STATES[Claim.State(one.state)]) for one in claims_to(profile.id)
            ],
            "apps": [(one, APP_STATES[App.State(one.state)]) for one in apps_held(profile.id)],
            "notices": told_to(profile.id)[:MOST_NOTICES],
            "files": [
                (one, UPLOAD_STATES[Upload.State(one.state)])
                for one in sent_for(profile.key, most=MOST)
            ],
            "timeline": timeline_of(
                profile.id, page=_page(request), views=bool(request.GET.get("views"))
            ),
            "views": bool(request.GET.get("views")),
            "viewing": request.session.get(VIEWING_AS) == slug,
            "may_view_as": staff_may(request.user.staff_role, VIEW_AS),
        },
    )


def _profile(slug: str) -> Profile:
    profile = profile_of(slug)
    if profile is None:
        raise Http404
    return profile


def _page(request: Asked) -> int:
    asked = request.GET.get("page", "")
    return int(asked) if asked.isdecimal() and len(asked) < 9 else 1  # noqa: PLR2004 - enough pages


def _sentence(credited: Placed | None, performing: Placed | None) -> str:
    """Answer whether the partner is safe."""
    program = program_of(settings.PROGRAM)
    if performing is None:
        return _("Nothing has been computed for this partner yet: no report names it.")
    now = tier_title(performing.tier, program)
    if credited is None:
        return _("On today's evidence it performs at %(now)s; no review has credited it yet.") % {
            "now": now
        }
    held = tier_title(credited.tier, program)
    if credited.tier == performing.tier:
        return _("It holds %(held)s, and on today's evidence it keeps it.") % {"held": held}
    ranks = ["none", *program.tiers]
    below = ranks.index(performing.tier) < ranks.index(credited.tier)
    words = (
        _("At risk: it holds %(held)s, and on today's evidence it performs at %(now)s.")
        if below
        else _("Rising: it holds %(held)s, and on today's evidence it performs at %(now)s.")
    )
    return words % {"held": held, "now": now}


class ToldNotices(List):
    """A row a notice and person: whether it was mailed and read."""

    subject = django_tables2.Column(verbose_name=gettext_lazy("Notice"))
    kind = django_tables2.Column(verbose_name=gettext_lazy("About"))
    person__email = django_tables2.Column(verbose_name=gettext_lazy("Told to"))
    told_at = Moment(verbose_name=gettext_lazy("Told"))
    mail__state = django_tables2.Column(verbose_name=gettext_lazy("Mail"), default="—")
    read_at = Moment(verbose_name=gettext_lazy("Read"), default="—")
    caption = gettext_lazy("Notices told")
    empty_title = gettext_lazy("Nobody was told anything about this partner yet")

    def render_kind(self, value: str) -> str:
        """Say the topic."""
        return KINDS[value].topic if value in KINDS else value

    def render_mail__state(self, value: str, record: dict[str, Any]) -> str:
        """Link the mail."""
        address = reverse("staff_mail", args=[record["mail__pk"]])
        return format_html('<a href="{}">{}</a>', address, MAIL_STATES[Mail.State(value)])

    def value_mail__state(self, value: str) -> str:
        """Return what became of the mail."""
        return str(MAIL_STATES[Mail.State(value)])


@staff_page(SEE_STAFF)
@require_safe
def notices(request: Asked, slug: str) -> HttpResponseBase:
    """Everything that people were told about a partner."""
    profile = _profile(slug)
    return list_page(
        request,
        ToldNotices,
        told_to(profile.id),
        "staff/partner_notices.html",
        {"partner": profile},
        filters=Filters,
        file=f"notices-{profile.slug}",
    )
