"""Program files: read, checked, and turned into a `Program`; every fault with its line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from zoneinfo import available_timezones

from assay.core.facts import Vocabulary
from assay.core.issues import Issue, Refused
from assay.core.program import (
    Amounts,
    Benefit,
    BenefitKind,
    Condition,
    Measure,
    Program,
    Requirement,
    ReviewCalendar,
    Share,
    Tier,
    Window,
)
from assay.documents.conditions import read_condition
from assay.documents.expressions import Unreadable
from assay.documents.measures import read_measure
from assay.documents.vocabularies import extend, load_vocabulary
from assay.documents.yaml import Form, read_yaml

PLACEMENTS = ("highest_tier_met",)
_CENTS = -2


def shipped_programs() -> dict[str, Path]:
    """Map the label `NAME@VERSION` of every shipped program to its folder."""
    root = Path(str(files("assay") / "programs"))
    found = sorted(path.parent for path in root.glob("*/*/program.yaml"))
    return {f"{folder.parent.name}@{folder.name}": folder for folder in found}


def program_folder(reference: str) -> Path:
    """Return the folder of a program given as a path or as `NAME@VERSION`; raises Refused."""
    shipped = shipped_programs()
    if reference in shipped:
        return shipped[reference]
    path = Path(reference)
    if path.is_file():
        return path.parent
    if (path / "program.yaml").is_file():
        return path
    raise Refused(
        Issue(
            file=reference,
            message="no program there",
            hint=f"give a folder with program.yaml, or one of {', '.join(shipped)}",
        )
    )


def load_program(reference: str) -> Program:
    """Load a program given as a path or as `NAME@VERSION`.

    Raises Refused with every fault of the file: unknown names, wrong types, missing clauses and
    dates, repeated keys.
    """
    path = program_folder(reference) / "program.yaml"
    fields, issues = read_yaml(path, name=str(path))
    form = Form(fields, file=str(path), what="program", issues=issues)
    program = _program(form, digest=hashlib.sha256(path.read_bytes()).hexdigest())
    form.close()
    if issues:
        raise Refused(*sorted(issues, key=lambda issue: issue.line or 0))
    return program


@dataclass
class _Parts:
    """What has been read so far, for the rows that refer to it."""

    vocabulary: Vocabulary
    tiers: dict[str, Tier] = field(default_factory=dict)
    windows: dict[str, Window] = field(default_factory=dict)
    amounts: dict[str, Amounts] = field(default_factory=dict)
    measures: dict[str, Measure | Share] = field(default_factory=dict)


def _program(form: Form, *, digest: str) -> Program:
    parts = _Parts(vocabulary=_vocabulary(form))
    tier_bases = _tiers(form, parts)
    for name, inner in form.forms("windows", what="window"):
        parts.windows[name] = _window(name, inner)
    for name, inner in form.forms("amounts", what="amounts", needed=False):
        parts.amounts[name] = _amounts(name, inner)
    for name, inner in form.forms("measures", what="measure"):
        parts.measures[name] = read_measure(
            name, inner, parts.vocabulary, parts.windows, parts.amounts, parts.measures
        )
        inner.close()
    for name, (inner, text) in tier_bases.items():
        base = _condition(inner, "base", text, parts)
        parts.tiers[name] = replace(parts.tiers[name], base=base)
    levels = form.texts("levels")
    requirements = {
        key: _requirement(key, inner, parts)
        for key, inner in form.forms("requirements", what="requirement")
    }
    benefits = {
        key: _benefit(key, inner, parts, levels)
        for key, inner in form.forms("benefits", what="benefit", needed=False)
    }
    return Program(
        name=form.text("program"),
        version=form.text("version"),
        title=form.text("title"),
        source=form.text("source"),
        currency=_matching(form, "currency", "[A-Z]{3}"),
        time_zone=_zone(form),
        digest=digest,
        vocabulary=parts.vocabulary,
        review=_review(form),
        placement=_one_of(form, "placement", PLACEMENTS),
        notes=form.texts("notes"),
        tiers=MappingProxyType(parts.tiers),
        windows=MappingProxyType(parts.windows),
        amounts=MappingProxyType(parts.amounts),
        measures=MappingProxyType(parts.measures),
        requirements=MappingProxyType(requirements),
        benefits=MappingProxyType(benefits),
        settings=MappingProxyType(form.scalars("settings")),
    )


def _vocabulary(form: Form) -> Vocabulary:
    name = form.text("vocabulary")
    try:
        shipped = load_vocabulary(name)
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
        inner.close()
    return bases


def _window(name: str, form: Form) -> Window:
    written = form.text("months")
    if written != "all" and not (written.isdigit() and int(written) > 0):
        form.fault(f"{form.what}: `months` is a number or all", "e.g. 12", key="months")
        written = "all"
    window = Window(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        since=day(form, "since"),
        months=None if written == "all" else int(written),
    )
    form.close()
    return window


def _amounts(name: str, form: Form) -> Amounts:
    versions: dict[date, Mapping[str, Decimal]] = {}
    for written, inner in form.forms("since", what=f"{form.what}, since"):
        cells = {key: money(inner, key) for key in inner.rest()}
        versions[_date(inner, written, key=None)] = MappingProxyType(cells)
    amounts = Amounts(
        name=name,
        title=form.text("title"),
        clause=form.text("clause"),
        by=form.text("by"),
        since=MappingProxyType(versions),
    )
    form.close()
    return amounts


def _review(form: Form) -> ReviewCalendar:
    inner = form.form("review")
    if inner is None:
        return ReviewCalendar(month=1, clause="", since=date.min)
    written = inner.text("month")
    month = int(written) if written.isdigit() else 0
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        inner.fault("`month` is a number from 1 to 12", "July is 7", key="month")
    review = ReviewCalendar(month=month, clause=inner.text("clause"), since=day(inner, "since"))
    inner.close()
    return review


def _requirement(key: str, form: Form, parts: _Parts) -> Requirement:
    title, clause, since = form.text("title"), form.text("clause"), day(form, "since")
    remedy = form.text("remedy", default="")
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
    form.close(f"title, clause, since, remedy and the tiers {', '.join(ranked)}")
    return Requirement(
        key=key,
        clause=clause,
        since=since,
        title=title,
        by_tier=MappingProxyType(by_tier),
        texts=MappingProxyType(texts),
        remedy=remedy,
    )


def _condition(form: Form, key: str, text: str, parts: _Parts) -> Condition | None:
    if not text:
        return None
    try:
        return read_condition(text, parts.measures)
    except Unreadable as fault:
        form.fault(f"{form.what}, `{key}`: {fault.message}", fault.hint, key=key)
        return None


def _benefit(key: str, form: Form, parts: _Parts, levels: tuple[str, ...]) -> Benefit:
    kind = BenefitKind(_one_of(form, "kind", tuple(BenefitKind)))
    cells: dict[str, str] = {}
    for tier in parts.tiers:
        if form.has(tier):
            cells[tier] = _cell(form, tier, kind, levels)
    benefit = Benefit(
        key=key,
        clause=form.text("clause"),
        since=day(form, "since"),
        title=form.text("title"),
        kind=kind,
        by_tier=MappingProxyType(cells),
    )
    form.close(f"title, clause, since, kind and the tiers {', '.join(parts.tiers)}")
    return benefit


def _cell(form: Form, tier: str, kind: BenefitKind, levels: tuple[str, ...]) -> str:
    written = form.text(tier)
    if kind is BenefitKind.ACCESS and written != "yes":
        form.fault(f"{form.what}, `{tier}`: write yes or leave the tier out", "yes", key=tier)
    if kind is BenefitKind.LEVEL and written not in levels:
        known = ", ".join(levels)
        form.fault(f"{form.what}, `{tier}`: no level `{written}`", f"levels: {known}", key=tier)
    if kind is BenefitKind.MONEY:
        return str(money(form, tier))
    return written


def day(form: Form, key: str) -> date:
    """Take a date; a missing or wrong one is a fault (and `date.min`)."""
    written = form.text(key)
    return _date(form, written, key=key) if written else date.min


def _date(form: Form, written: str, *, key: str | None) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        form.fault(f"{form.what}: `{written}` is no date", "write YYYY-MM-DD", key=key)
        return date.min


def money(form: Form, key: str) -> Decimal:
    """Take an amount with at most two decimals, not negative; a wrong one is a fault (and 0)."""
    written = form.text(key)
    try:
        amount = Decimal(written)
    except InvalidOperation:
        amount = Decimal("NaN")
    places = amount.as_tuple().exponent
    if not amount.is_finite() or amount < 0 or not isinstance(places, int) or places < _CENTS:
        form.fault(f"{form.what}: `{written}` is no amount", "digits, at most two decimals", key=key)
        return Decimal(0)
    return amount


def _one_of(form: Form, key: str, known: tuple[str, ...]) -> str:
    written = form.text(key)
    if written and written not in known:
        form.fault(f"{form.what}: no {key} `{written}`", f"known: {', '.join(known)}", key=key)
    return written if written in known else known[0]


def _matching(form: Form, key: str, pattern: str) -> str:
    written = form.text(key)
    if written and not re.fullmatch(pattern, written):
        form.fault(f"`{key}` is an ISO 4217 code, not `{written}`", "e.g. USD", key=key)
    return written


def _zone(form: Form) -> str:
    written = form.text("time_zone")
    if written and written not in available_timezones():
        form.fault(f"no time zone `{written}`", "an IANA name, e.g. UTC", key="time_zone")
    return written
