"""Assess the risk of every credited tier, and tell those concerned.

A partner is told once for each change of level, and at each assessment of the program's calendar
for as long as its tier is at risk.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from assay.core.notices.standing import TIER_AT_RISK, TIER_SAFE_AGAIN
from assay.core.program import Program
from assay.core.risk import PACES, Level, level_of
from assay.engine.outlook import explain_outlook
from assay.jobs.notices.tell import tell
from assay.jobs.partner_managers.contact import contact_of
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.facts import Source
from assay.jobs.risk.concerned import concerned, told_of_it
from assay.store.models import Decision, Partner, Review, RiskAssessment
from assay.store.queries.reviews.credited import Held, credited_on
from assay.words.explanation_document import explanation_document
from assay.words.risk import fails, risk_body, risk_document, risk_sentence
from assay.words.standing import tier_title

_TELLING = (Level.AT_RISK, Level.WILL_LOSE)


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """How many credited tiers stand on each level, and how many notices are new."""

    levels: Mapping[Level, int]
    told: int


def assess_risk(assessment: Review, ledger: Path, *, at: datetime) -> Assessed:
    """Keep every credited partner's level on the day of an assessment, and tell those at risk.

    Assessed again, nothing changes and nobody is told twice.
    """
    program = program_on(settings.PROGRAM, assessment.on)
    credited = {
        partner: held
        for partner, held in credited_on(assessment.on).items()
        if held.tier in program.ranked_tiers
    }
    paces = _paces(assessment, ledger, program, frozenset(credited))
    levels = dict.fromkeys(Level, 0)
    told = 0
    with transaction.atomic():
        decisions = assessment.decisions.filter(partner__in=credited).select_related("partner")
        for decision in decisions.order_by("partner_id"):
            row = _assessed(decision, credited[decision.partner_id], paces, program, at=at)
            levels[Level(row.level)] += 1
            told += _tell(row, program, at=at)
    return Assessed(levels=levels, told=told)


def _paces(
    assessment: Review, ledger: Path, program: Program, wanted: frozenset[int]
) -> Mapping[int, Mapping[str, Mapping[str, Any]]]:
    """Return what the coming review would find at each pace, by months, then by partner's key."""
    keys = set(Partner.objects.filter(pk__in=wanted).values_list("key", flat=True))
    source = Source(ledger=ledger, known_at=assessment.known_at)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = source.open(program, scratch=scratch)
        return {
            months: {
                told.subject: explanation_document(told, program)
                for told in explain_outlook(
                    program, facts, on=assessment.on, pace_months=months, scratch=scratch
                )
                if told.subject in keys
            }
            for months in PACES
        }


def _assessed(
    decision: Decision,
    held: Held,
    paces: Mapping[int, Mapping[str, Mapping[str, Any]]],
    program: Program,
    *,
    at: datetime,
) -> RiskAssessment:
    partner, assessment = decision.partner, decision.review
    made = RiskAssessment.objects.filter(assessment=assessment, partner=partner).first()
    if made is not None:
        return made
    now = json.loads(decision.explanation)
    found = {months: told[partner.key] for months, told in paces.items()}
    level = level_of(
        fails_now=fails(now, held.tier),
        pace_fails=[fails(document, held.tier) for document in found.values()],
    )
    before = RiskAssessment.objects.filter(partner=partner).first()
    return RiskAssessment.objects.create(
        assessment=assessment,
        partner=partner,
        tier=held.tier,
        rank=held.rank,
        level=level,
        was=before.level if before else "",
        review_on=program.review.next_cut_off(assessment.on),
        document=risk_document(now, found, tier=held.tier, level=level),
        made_at=at,
    )


def _tell(row: RiskAssessment, program: Program, *, at: datetime) -> int:
    """Tell a partner of its risk, or that it is over; returns how many notices are new."""
    level, partner = Level(row.level), row.partner
    title = tier_title(row.tier, program)
    sentence = risk_sentence(level, row.tier, row.review_on, program)
    if level in _TELLING or (level is Level.WATCH and row.was != level):
        kind, people, subject = TIER_AT_RISK, concerned(row), f"{partner}: {sentence}"
    elif level is Level.FINE and row.was in (*_TELLING, Level.WATCH):
        kind, people = TIER_SAFE_AGAIN, told_of_it(row)
        subject = f"{partner}: {title} is no longer at risk"
    else:
        return 0
    contact = contact_of(partner.pk)
    told = tell(
        kind,
        occasion=f"risk:{row.pk}",
        subject=subject,
        body=risk_body(row.document, sentence, f"{contact.name}, {contact.email}"),
        link=f"/portal/{partner.slug}/outlook/",
        at=at,
        partner=partner,
        people=people,
    )
    return len(told)
