"""Badges of a partner: what it may display, in which forms, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_tables2
from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assay.core.badges import BadgeState, stands_on_profile
from assay.jobs.badges.show_badge import BadgePage, page_of
from assay.jobs.programs.program_versions import program_labelled
from assay.portal.access import Asked, partner_page
from assay.portal.lists import Day, List, list_page
from assay.store.queries.badges.badges import badges_of
from assay.words.badges import SIZES, Form, Ground

_STATES = {
    BadgeState.COMING: _("begins later"),
    BadgeState.VALID: _("holds"),
    BadgeState.SUSPENDED: _("suspended"),
    BadgeState.EXPIRED: _("expired"),
    BadgeState.REVOKED: _("revoked"),
}
_GROUNDS = ((Ground.LIGHT, _("For light grounds")), (Ground.DARK, _("For dark grounds")))
_KINDS = (  # form, title, when to use it, the least size
    (Form.TILE, _("Mark and words"), _("For a page about you, for slides and print."), 128),
    (Form.WIDE, _("In a line"), _("For the head or foot of a page, and for mails."), 256),
    (Form.MARK, _("The mark alone"), _("Where there is little room, beside your name."), 64),
)
_EMBEDDED = 240  # pixels across


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A form of the badge with what there is of it."""

    form: str
    title: str | Promise
    when: str | Promise
    sizes: tuple[int, ...]
    grounds: tuple[dict[str, str | Promise], ...]


class Badges(List):
    """Every badge of a partner, the newest first."""

    name = django_tables2.Column(verbose_name=_("Badge"), order_by=("name", "badge__since_on"))
    state = django_tables2.Column(verbose_name=_("State"))
    since_on = Day(verbose_name=_("From"), accessor="badge__since_on")
    last_on = Day(verbose_name=_("To"))
    why = django_tables2.Column(
        verbose_name=_("Why"), accessor="badge__revoked_why", default="", orderable=False
    )
    caption = _("All your badges")
    empty_title = _("No badges yet")
    empty_hint = _("A review that gives a tier brings the first.")

    def render_name(self, value: str, record: BadgePage) -> SafeString:
        """Lead to the page where anyone checks it."""
        return format_html(
            '<a href="{}">{}</a>', reverse("badge", args=[record.badge.number]), value
        )

    def value_name(self, value: str) -> str:
        """Give the name alone to a file."""
        return value

    def render_state(self, value: BadgeState) -> str:
        """Say it in words."""
        return str(_STATES[value])


@partner_page()
@require_safe
def show(request: Asked) -> HttpResponseBase:
    """The kit: what the partner may display now, and all that it ever had."""
    pages = [page_of(badge, at=request.now) for badge in badges_of(request.seat.partner_id)]
    page = next((one for one in pages if one.state is BadgeState.VALID), None)
    context: dict[str, Any] = {"held": page}
    if page is not None:
        program = program_labelled(settings.PROGRAM, page.badge.program)
        context |= {
            "kinds": [_kind(*one) for one in _KINDS],
            "embed": _embed(page),
            "file": slugify(page.name),
            "on_profile": stands_on_profile(program, page.badge.tier),
        }
    return list_page(request, Badges, pages, "partners/badges/badges.html", context, file="badges")


def _kind(form: Form, title: str | Promise, when: str | Promise, least: int) -> Kind:
    return Kind(
        form=form.value,
        title=title,
        when=when,
        sizes=tuple(size for size in SIZES if size >= least),
        grounds=tuple({"ground": one.value, "title": words} for one, words in _GROUNDS),
    )


def _embed(page: BadgePage) -> str:
    """Return HTML for the partner's own website."""
    return format_html(
        '<a href="{}"><img src="{}?form=wide" width="{}" alt="{}"></a>',
        page.url,
        page.picture,
        _EMBEDDED,
        gettext("%(name)s: check this badge") % {"name": page.name},
    )
