"""Search: partners, apps, people, decisions and uploads by id or name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from assay.store.models import App, Decision, Partner, Person, Upload

MOST = 10  # of each kind


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One thing found: its name, what it is in a few words, and what its page is named by."""

    kind: str
    name: str
    words: str
    key: str
    partner: str = ""


def search(text: str) -> tuple[Hit, ...]:
    """Return what a text names, at most ten of each kind, exact keys first."""
    return (*_partners(text), *_apps(text), *_people(text), *_decisions(text), *_uploads(text))


def partner_of(key: str) -> tuple[str, str]:
    """Return address part and name of the partner with a key; empty where there is none."""
    found = Partner.objects.filter(key=key).values_list("slug", "name").first()
    return found or ("", "")


def partner_of_app(key: str) -> tuple[str, str]:
    """Return address part and name of the partner whose app has a key; empty where none has."""
    found = App.objects.filter(key=key).values_list("partner__slug", "partner__name").first()
    return found or ("", "")


def _partners(text: str) -> list[Hit]:
    rows = Partner.objects.filter(
        Q(name__icontains=text) | Q(legal_name__icontains=text) | Q(key__istartswith=text)
        | Q(slug__istartswith=text)
    )  # fmt: skip
    return [
        Hit(kind="partner", name=one.name, words=one.key, key=one.slug, partner=one.slug)
        for one in _exact_first(rows, text, "key", "slug", "name")
    ]


def _apps(text: str) -> list[Hit]:
    rows = App.objects.filter(
        Q(name__icontains=text) | Q(key__istartswith=text) | Q(slug__istartswith=text)
    )
    return [
        Hit(
            kind="app",
            name=one.name,
            words=f"{one.partner.name}, {one.key}",
            key=one.slug,
            partner=one.partner.slug,
        )
        for one in _exact_first(rows.select_related("partner"), text, "key", "slug", "name")
    ]


def _people(text: str) -> list[Hit]:
    rows = Person.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
    hits = []
    for one in _exact_first(rows.prefetch_related("memberships__partner"), text, "email", "name"):
        seats = [seat.partner for seat in one.memberships.all()]
        places = ", ".join(seat.name for seat in seats)
        hits.append(
            Hit(
                kind="staff" if one.is_staff else "person",
                name=str(one),
                words=", ".join(part for part in (one.email, places) if part),
                key=str(one.pk),
                partner=seats[0].slug if seats else "",
            )
        )
    return hits


def _decisions(text: str) -> list[Hit]:
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004 - digits of a BIGINT
        return []
    rows = Decision.objects.filter(pk=int(text)).select_related("review", "partner")
    return [
        Hit(
            kind="decision",
            name=f"{one.partner.name}, {one.review.on}",
            words=one.review.program,
            key=str(one.pk),
            partner=one.partner.slug,
        )
        for one in rows.defer("explanation")
    ]


def _uploads(text: str) -> list[Hit]:
    named = Q(name__icontains=text) | Q(batch__iexact=text)
    if text.isdecimal() and len(text) <= 18:  # noqa: PLR2004 - as above
        named |= Q(pk=int(text))
    return [
        Hit(kind="upload", name=one.name, words=one.state, key=str(one.pk))
        for one in Upload.objects.filter(named)[:MOST]
    ]


def _exact_first(rows: QuerySet[Any], text: str, *names: str) -> QuerySet[Any]:
    exact = Q()
    for name in names:
        exact |= Q(**{f"{name}__iexact": text})
    order = Case(When(exact, then=Value(0)), default=Value(1), output_field=IntegerField())
    found: QuerySet[Any] = rows.annotate(far=order).order_by("far", *names[-1:])[:MOST]
    return found
