"""Program files: read, checked, and turned into a `Program`; every fault with its line."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from assay.core.facts import Vocabulary
from assay.core.issues import Issue, Refused
from assay.core.program import (
    Amounts,
    Condition,
    Measure,
    Program,
    Requirement,
    Share,
    Tier,
    Window,
)
from assay.core.rights import Role
from assay.documents.benefits import read_benefit
from assay.documents.columns import time_zones
from assay.documents.conditions import read_condition
from assay.documents.expressions import Unreadable, note
from assay.documents.hints import known
from assay.documents.measures import read_measure
from assay.documents.rests_on import rests_on
from assay.documents.review_rules import check_appeal, read_demotion, read_review
from assay.documents.security import Known, check_notice_days, read_security_program
from assay.documents.values import check_name, day, day_of, matching, money, one_of, whole
from assay.documents.vocabularies import (
    extend,
    load_vocabulary,
    read_vocabulary,
    vocabulary_file,
)
from assay.documents.yaml import Form, lines_of, read_yaml

PROGRAM_FILE = "program.yaml"
PLACEMENTS = ("highest_tier_met",)
MOST_ISSUES = 1_000  # told of one file
MOST_MONTHS = 1_200
_ROW_FIELDS = ("title", "clause", "since", "kind", "remedy", "acts")
_ACTING = (Role.FINANCE, Role.SECURITY, Role.SUPPORT)


def shipped_programs() -> dict[str, Path]:
    """Map the label `NAME@VERSION` of every shipped program to its folder."""
    root = Path(str(files("assay") / "programs"))
    found = sorted(path.parent for path in root.glob("*/*/program.yaml"))
    return {f"{folder.parent.name}@{folder.name}": folder for folder in found}


def program_file(reference: str) -> Path:
    """Return the file of a program given as a path or as `NAME@VERSION`; raises Refused."""
    shipped = shipped_programs()
    path = Path(reference)
    if reference in shipped:
        return shipped[reference] / PROGRAM_FILE
    for file in (path, path / PROGRAM_FILE):
        if os.path.isfile(file):  # noqa: PTH113 - a path that cannot be looked at is no file
            return file
    hint = known(reference, shipped, what=f"give a folder with {PROGRAM_FILE}, or one of")
    raise Refused(Issue(file=reference[:200], message="no program there", hint=hint))


def program_folder(reference: str) -> Path:
    """Return the folder of a program given as a path or as `NAME@VERSION`; raises Refused."""
    return program_file(reference).parent


def load_program(reference: str) -> Program:
    """Load a program given as a path or as `NAME@VERSION`.

    Raises Refused with every fault of the file: unknown names, wrong types, missing clauses and
    dates, repeated keys.
    """
    return read_program(reference)[0]


def read_program(
    reference: str, *, vocabulary: Path | None = None
) -> tuple[Program, Mapping[tuple[str, ...], int]]:
    """Load a program, with the line of every key, e.g. of `("tiers", "gold")`; raises Refused.

    It speaks the shipped vocabulary that it names, or the one in the file `vocabulary`.
    """
    path = program_file(reference)
    fields, issues = read_yaml(path, name=str(path))
    form = Form(fields, file=str(path), what="program", issues=issues)
    program = _program(form, vocabulary)
    form.close()
    if issues:
        raise Refused(*sorted(issues, key=lambda issue: issue.line or 0)[:MOST_ISSUES])
    digest = _digest(path, vocabulary or vocabulary_file(form.text("vocabulary")))
    return replace(rests_on(program), digest=digest), lines_of(fields)


def _digest(program: Path, vocabulary: Path) -> str:
    """Name a rule: the SHA-256 of its program and of the vocabulary it speaks, a NUL between."""
    return hashlib.sha256(program.read_bytes() + b"\0" + vocabulary.read_bytes()).hexdigest()


@dataclass
class _Parts:
    """What has been read so far, for the rows that refer to it."""

    vocabulary: Vocabulary
    tiers: dict[str, Tier] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    amounts: dict[str, Amounts] = field(default_factory=dict)
    measures: dict[str, Measure | Share] = field(default_factory=dict)


def _program(form: Form, vocabulary: Path | None) -> Program:
    """Read a program; its digest is given once it is whole."""
    parts = _Parts(vocabulary=_vocabulary(form, vocabulary))
    tier_bases = _tiers(form, parts)
    _measures(form, parts)
    for name, (inner, text) in tier_bases.items():
        base = _condition(inner, "base", text, parts)
        parts.tiers[name] = replace(parts.tiers[name], base=base)
    levels = form.texts("levels")
    requirements = {
        key: _requirement(key, inner, parts)
        for key, inner in form.forms("requirements", what="requirement")
    }
    named = Known(parts.vocabulary, parts.amounts, parts.measures)
    security_programs = {
        key: read_security_program(key, inner, named)
        for key, inner in form.forms("security_programs", what="security program", needed=False)
    }
    settings = form.scalars("settings")
    check_notice_days(form, settings)
    check_appeal(form, settings)
    benefits = {
        key: read_benefit(key, inner, parts.tiers, levels)
        for key, inner in form.forms("benefits", what="benefit", needed=False)
    }
    return Program(
        name=matching(form, "program", "[a-z0-9]+(-[a-z0-9]+)*", hint="e.g. our-program"),
        version=matching(form, "version", "[A-Za-z0-9][A-Za-z0-9.-]*", hint="e.g. 2024-06-13"),
        title=form.text("title"),
        source=form.text("source"),
        currency=matching(form, "currency", "[A-Z]{3}", hint="an ISO 4217 code, e.g. USD"),
        time_zone=_zone(form),
        digest="",
        vocabulary=parts.vocabulary,
        review=read_review(form),
        placement=one_of(form, "placement", PLACEMENTS) or PLACEMENTS[0],
        notes=form.texts("notes"),
        tiers=MappingProxyType(parts.tiers),
        windows=MappingProxyType(parts.windows),
        amounts=MappingProxyType(parts.amounts),
        measures=MappingProxyType(parts.measures),
        requirements=MappingProxyType(requirements),
        benefits=MappingProxyType(benefits),
        settings=MappingProxyType(settings),
        security_programs=MappingProxyType(security_programs),
        demotion=read_demotion(form),
    )


def _measures(form: Form, parts: _Parts) -> None:
    """Read the measures, and the windows and amounts that they speak of."""
    for name, inner in form.forms("windows", what="window"):
        parts.windows[name] = _window(name, inner)
    for name, inner in form.forms("amounts", what="amounts", needed=False):
        parts.amounts[name] = _amounts(name, inner)
    for name, inner in form.forms("measures", what="measure"):
        parts.measures[name] = read_measure(
            name, inner, parts.vocabulary, parts.windows, parts.amounts, parts.measures
        )
        inner.close()


def _vocabulary(form: Form, file: Path | None) -> Vocabulary:
    name = form.text("vocabulary")
    try:
        shipped = load_vocabulary(name) if file is None else read_vocabulary(file)
    except Refused as refused:
        issue = refused.issues[0]
        form.fault(issue.message, issue.hint, key="vocabulary")
        shipped = Vocabulary(
            name=name, version=0, subject="", tables={}, relations={}, calendars={}
        )
    return extend(shipped, form)


def _tiers(form: Form, parts: _Parts) -> dict[str, tuple[Form, str]]:
    """Read the tiers; return the base conditions, to be read once measures are known."""
    bases: dict[str, tuple[Form, str]] = {}
    for name, inner in form.forms("tiers", what="tier"):
        if name == "none":
            inner.fault("`none` is the name of being below all tiers", "choose another name")
        check_name(inner, name, reserved=_ROW_FIELDS)
        parts.tiers[name] = Tier(
            name=name,
            title=inner.text("title"),
            clause=inner.text("clause"),
            since=day(inner, "since"),
            base=None,
        )
        if inner.has("base"):
            if any(earlier not in bases for earlier in list(parts.tiers)[:-1]):
                inner.fault("a base tier stands above a ranked one", "list base tiers first")
            bases[name] = (inner, inner.text("base"))
        title = parts.tiers[name].title
        if title and sum(tier.title == title for tier in parts.tiers.values()) > 1:
            inner.fault(f"two tiers have the title `{title}`", "name one otherwise", key="title")
        inner.close()
    return bases


def _window(name: str, form: Form) -> Window:
    check_name(form, name)
    window = Window(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        since=day(form, "since"),
        months=whole(form, "months", low=1, high=MOST_MONTHS, hint="e.g. 12, or all", other="all"),
    )
    form.close()
    return window


def _amounts(name: str, form: Form) -> Amounts:
    check_name(form, name)
    versions: dict[date, Mapping[str, Decimal]] = {}
    for written, inner in form.forms("since", what=f"{form.what}, since"):
        cells = {key: money(inner, key) for key in inner.rest()}
        versions[day_of(inner, written, key=None)] = MappingProxyType(cells)
    amounts = Amounts(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        by=form.text("by"),
        since=MappingProxyType(versions),
    )
    form.close()
    return amounts


def _requirement(key: str, form: Form, parts: _Parts) -> Requirement:
    check_name(form, key)
    title, clause, since = form.text("title"), form.text("clause"), day(form, "since")
    remedy = form.text("remedy", default="")
    acts = one_of(form, "acts", _ACTING) if form.text("acts", default="") else None
    by_tier: dict[str, Condition] = {}
    texts: dict[str, str] = {}
    ranked = [tier.name for tier in parts.tiers.values() if tier.base is None]
    for tier in ranked:
        if form.has(tier):
            texts[tier] = form.text(tier)
            condition = _condition(form, tier, texts[tier], parts)
            if condition is not None:
                by_tier[tier] = condition
    if not texts:
        form.fault(f"{form.what} asks nothing of any tier", f"tiers: {', '.join(ranked)}")
    form.close(tiers=ranked)
    return Requirement(
        key=key,
        clause=clause,
        since=since,
        title=title,
        by_tier=MappingProxyType(by_tier),
        texts=MappingProxyType(texts),
        remedy=remedy,
        acts=Role(acts) if acts else None,
    )


def _condition(form: Form, key: str, text: str, parts: _Parts) -> Condition | None:
    if not text:
        return None
    try:
        return read_condition(text, parts.measures)
    except Unreadable as fault:
        note(fault, form, key, what=f"{form.what}, `{key}`")
        return None


def _zone(form: Form) -> str:
    written = form.text("time_zone")
    if written and written not in time_zones():
        form.fault(f"no time zone `{written}`", "an IANA name, e.g. UTC", key="time_zone")
    return written
