"""Security programs of a program file: each with its evidence, its validity and its fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from assay.core.facts import Type, Vocabulary
from assay.core.program import Amounts, Measure, Share
from assay.core.security import (
    Awards,
    Evidence,
    EvidenceKind,
    Joins,
    SecurityProgram,
    States,
)
from assay.documents.hints import known
from assay.documents.values import check_name, day, day_of, one_of, whole
from assay.documents.yaml import Form

MOST_MONTHS = 120
_ENDED = "until ended"
_APP, _HOSTING, _PAYMENT = "app_id", "hosting", "payment"


@dataclass(frozen=True)
class Known:
    """What a security program may name: the vocabulary, dated amounts and measures."""

    vocabulary: Vocabulary
    amounts: Mapping[str, Amounts]
    measures: Mapping[str, Measure | Share]


def read_security_program(key: str, form: Form, known_names: Known) -> SecurityProgram:
    """Read one security program; faults are noted on `form`."""
    check_name(form, key)
    since = day(form, "since")
    badge = form.form("badge")
    joins = form.form("joins")
    program = SecurityProgram(
        key=key,
        title=form.text("title"),
        attests=form.text("attests"),
        clause=form.text("clause"),
        since=since,
        until=_until(form, since),
        joins=Joins(words="") if joins is None else _joins(joins, known_names.vocabulary),
        evidence=tuple(
            _evidence(name, one) for name, one in form.forms("evidence", what="evidence")
        ),
        months=whole(
            form,
            "valid_months",
            low=1,
            high=MOST_MONTHS,
            hint=f"e.g. 12, or {_ENDED}",
            other=_ENDED,
        ),
        label="" if badge is None else badge.text("label"),
        sentence="" if badge is None else badge.text("sentence"),
        states=_states(form.form("states", needed=False), known_names.vocabulary),
        awards=_awards(form.form("awards", needed=False), known_names),
    )
    if badge is not None:
        badge.close()
    form.close()
    return program


def _until(form: Form, since: date) -> date | None:
    written = form.text("until", default="")
    if not written:
        return None
    until = day_of(form, written, key="until")
    if until <= since:
        form.fault(f"{form.what}: it ends before it begins", "a later day", key="until")
    return until


def _joins(form: Form, vocabulary: Vocabulary) -> Joins:
    """Read who may join; kinds of hosting and payment are the vocabulary's."""
    listings = vocabulary.tables.get("listings")
    taken: dict[str, tuple[str, ...]] = {}
    for name in (_HOSTING, _PAYMENT):
        column = None if listings is None else listings.columns.get(name)
        choices = () if column is None else column.values
        taken[name] = form.texts(name)
        for wrong in (value for value in taken[name] if value not in choices):
            form.fault(f"{form.what}: no {name} `{wrong}`", known(wrong, choices), key=name)
    public = one_of(form, "public", ("yes", "no")) if form.has("public") else None
    joins = Joins(
        words=form.text("words"),
        hosting=taken[_HOSTING],
        payment=taken[_PAYMENT],
        public=None if public is None else public == "yes",
    )
    form.close()
    return joins


def _evidence(key: str, form: Form) -> Evidence:
    check_name(form, key)
    kind = one_of(form, "kind", tuple(EvidenceKind))
    evidence = Evidence(
        key=key, title=form.text("title"), kind=EvidenceKind(kind or EvidenceKind.TEXT)
    )
    form.close()
    return evidence


def _states(form: Form | None, vocabulary: Vocabulary) -> States | None:
    if form is None:
        return None
    states = States(
        table=form.text("table"),
        begins=form.text("begins"),
        until=form.text("until", default=""),
        hosting=form.text("hosting", default=""),
    )
    form.close()
    table = vocabulary.tables.get(states.table)
    if table is None or _APP not in table.columns:
        names = [name for name, one in vocabulary.tables.items() if _APP in one.columns]
        form.fault(f"no table `{states.table}` of apps", known(states.table, names), key="table")
        return states
    days = [name for name, column in table.columns.items() if column.type is Type.DATE]
    for key, name in (("begins", states.begins), ("until", states.until)):
        if name and name not in days:
            form.fault(f"`{states.table}` has no day `{name}`", known(name, days), key=key)
    if not states.until and not states.hosting:
        form.fault("`until` is missing", "name the day that ends it, or the hosting it marks")
    if states.hosting:
        column = table.columns.get(_HOSTING)
        choices = () if column is None else column.values
        if states.hosting not in choices:
            hint = known(states.hosting, choices)
            form.fault(f"no hosting `{states.hosting}`", hint, key="hosting")
    return states


def _awards(form: Form | None, known_names: Known) -> Awards | None:
    if form is None:
        return None
    awards = Awards(
        table=form.text("table"), minimum=form.text("minimum"), below=form.text("below")
    )
    form.close()
    for key, name, names in (
        ("table", awards.table, known_names.vocabulary.tables),
        ("minimum", awards.minimum, known_names.amounts),
        ("below", awards.below, known_names.measures),
    ):
        if name and name not in names:
            form.fault(f"`{key}`: no `{name}`", known(name, names), key=key)
    return awards


def check_notice_days(form: Form, settings: Mapping[str, str]) -> None:
    """Note a `notice_days` among the settings that is no number of days."""
    written = settings.get("notice_days", "0")
    if not re.fullmatch("[0-9]{1,3}", written):
        form.fault(f"`notice_days` cannot be `{written}`", "days, e.g. 30", key="settings")
