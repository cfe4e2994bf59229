"""Badges: the security programs that an app takes part in on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assay.store.models import App, Enrolment


@dataclass(frozen=True, kw_only=True)
class Badge:
    """An app's part in a security program, by key, and since when."""

    program: str
    since: date


def holding(on: date) -> Q:
    """Return what holds of an enrolment that shows on a day.

    One whose renewal is not decided yet shows past its end; the worker ends what waits in vain.
    """
    still = Q(valid_until=None) | Q(valid_until__gt=on) | ~Q(renewal="")
    return Q(state=Enrolment.State.APPROVED, valid_from__isnull=False) & still


def badges_of(apps: list[App], on: date) -> dict[int, tuple[Badge, ...]]:
    """Return the badges of apps on a day, by the apps' numbers, the oldest first."""
    found: dict[int, tuple[Badge, ...]] = {}
    rows = Enrolment.objects.filter(holding(on), app__in=apps).order_by("valid_from", "program")
    for app, program, since in rows.values_list("app", "program", "valid_from"):
        if since is not None:
            found[app] = (*found.get(app, ()), Badge(program=program, since=since))
    return found
