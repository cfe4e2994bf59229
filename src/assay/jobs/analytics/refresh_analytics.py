"""Refresh analytics: compute the figures of all categories, and keep them until the next time."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from assay.core.analytics import BENEFIT, group_of, months_before
from assay.core.program import Program
from assay.engine.duck import Session
from assay.jobs.analytics.ask_figures import Asked, ask_figures
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.facts import Source
from assay.store.models import AnalyticsRun, CategoryFigure, Partner, PartnerFigure
from assay.store.queries.analytics.figures import PlacedApp, newest_run, placed_apps
from assay.store.queries.benefits.benefits import values_of_all

_AT_ONCE = 1000


def refresh_analytics(reference: str, source: Source, *, at: datetime) -> AnalyticsRun | None:
    """Compute figures for the whole months before `at`, at most once a day.

    Own figures are kept only of partners that have the benefit, quartiles only of five partners
    or more. Nothing is computed where nobody has the benefit (None), where today's are there, or
    where nothing has changed that they rest on. Raises Refused for a bad program or ledger.
    """
    zone = ZoneInfo(program_on(reference, at.date()).time_zone)
    day = at.astimezone(zone).date()
    program = program_on(reference, day)
    before = newest_run()
    if before is not None and before.made_at.astimezone(zone).date() >= day:
        return before
    told = sorted(partner for partner, has in values_of_all().items() if has.get(BENEFIT))
    if not told:
        return None
    apps, until = placed_apps(), months_before(day, 0)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch)
        rests_on = _digest(program, facts.digest, until, apps, told)
        if before is not None and before.rests_on == rests_on:
            return before
        with Session.open(facts, program.vocabulary, scratch=scratch) as session:
            asked = tuple(ask_figures(session, program, apps, until=until))
    with transaction.atomic():
        run = AnalyticsRun.objects.create(until=until, rests_on=rests_on, made_at=at)
        _keep(run, asked, told)
        AnalyticsRun.objects.exclude(pk=run.pk).delete()
    return run


def _digest(
    program: Program, facts: str, until: date, apps: Sequence[PlacedApp], told: Sequence[int]
) -> str:
    all_of_it = [program.digest, facts, until.isoformat(), [astuple(one) for one in apps], told]
    return hashlib.sha256(json.dumps(all_of_it).encode()).hexdigest()


def _keep(run: AnalyticsRun, asked: Sequence[Asked], told: Collection[int]) -> None:
    numbers: Mapping[str, int] = dict(Partner.objects.filter(pk__in=told).values_list("key", "pk"))
    PartnerFigure.objects.bulk_create(
        (
            PartnerFigure(
                run=run,
                partner_id=numbers[one.partner],
                category=one.category,
                figure=one.figure,
                period=one.period,
                top=one.value.numerator,
                bottom=one.value.denominator,
            )
            for one in asked
            if one.partner in numbers
        ),
        batch_size=_AT_ONCE,
    )
    values: dict[tuple[str, str, str], list[Fraction]] = defaultdict(list)
    for one in asked:
        values[one.category, one.figure, one.period].append(one.value)
    groups = {place: group_of(found) for place, found in values.items()}
    CategoryFigure.objects.bulk_create(
        (
            CategoryFigure(
                run=run,
                category=category,
                figure=figure,
                period=period,
                partners=group.partners,
                lower=group.lower,
                median=group.median,
                upper=group.upper,
            )
            for (category, figure, period), group in groups.items()
            if group is not None
        ),
        batch_size=_AT_ONCE,
    )
