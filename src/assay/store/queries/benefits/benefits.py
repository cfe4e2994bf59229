"""What partners have, and what changed of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assay.core.benefits import Act
from assay.store.models import BenefitChange


@dataclass(frozen=True, kw_only=True)
class Held:
    """A benefit that a partner has: its value as the program file writes it, since when, why."""

    key: str
    value: str
    since_on: date
    words: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """One change of a benefit."""

    number: int
    key: str
    act: str
    before: str
    after: str
    on: date
    words: str


def held_by(partner_id: int) -> Mapping[str, Held]:
    """Return what a partner has, by benefit."""
    rows = BenefitChange.objects.filter(partner=partner_id)
    newest = rows.order_by("benefit", "-pk").distinct("benefit")
    return {
        row.benefit: Held(key=row.benefit, value=row.after, since_on=row.on, words=row.words)
        for row in newest
        if row.act != Act.ENDED
    }


def values_of_all() -> Mapping[int, Mapping[str, str]]:
    """Return what every partner has: partner, then benefit, to its value."""
    return _values(BenefitChange.objects.all())


def values_of(partners: Collection[int]) -> Mapping[int, Mapping[str, str]]:
    """Return what these partners have: partner, then benefit, to its value."""
    return _values(BenefitChange.objects.filter(partner__in=partners))


def _values(changes: QuerySet[BenefitChange]) -> Mapping[int, Mapping[str, str]]:
    newest = changes.order_by("partner_id", "benefit", "-pk").distinct("partner", "benefit")
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for partner, benefit, act, after in newest.values_list("partner", "benefit", "act", "after"):
        if act != Act.ENDED:
            found[partner][benefit] = after
    return found


def changes_of(partner_id: int) -> tuple[Told, ...]:
    """Return every change of a partner's benefits, the newest first."""
    return tuple(
        Told(
            number=row.pk,
            key=row.benefit,
            act=row.act,
            before=row.before,
            after=row.after,
            on=row.on,
            words=row.words,
        )
        for row in BenefitChange.objects.filter(partner=partner_id).order_by("-on", "-pk")
    )
