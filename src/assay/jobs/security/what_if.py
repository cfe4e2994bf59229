"""What if: every partner's standing by the engine, on other facts or by another program."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from assay.core.program import Program
from assay.core.rights import APPLY_SECURITY
from assay.core.security import Awards, SecurityProgram
from assay.engine.reviews import review
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.facts import Source
from assay.store.models import Award, Membership, Partner
from assay.tables.duck import named, quoted
from assay.tables.held import Facts
from assay.words.standing import tier_title

Outcomes = Mapping[tuple[str, str], str]  # by requirement and tier
Standings = Mapping[str, tuple[str, Outcomes]]  # tier and outcomes, by the partner's key


@dataclass(frozen=True, kw_only=True)
class Rows:
    """Other facts: what a table would hold. `sql` is a SELECT over `{rows}`, its rows as held."""

    table: str
    sql: str


@dataclass(frozen=True, kw_only=True)
class Affected:
    """A partner whose standing would change: tiers and requirements in words, who is told.

    `lost` and `won` name the requirements that are no longer met, or newly, with the tiers that
    ask them. `people` are the members that get the notice.
    """

    partner_id: int
    key: str
    slug: str
    name: str
    before: str
    after: str
    falls: bool
    lost: tuple[str, ...]
    won: tuple[str, ...]
    remedies: tuple[str, ...]
    people: tuple[str, ...]

    @property
    def moves(self) -> bool:
        """Whether the tier would be another."""
        return self.before != self.after


def what_if(
    on: date, *, rows: Rows | None = None, program: Program | None = None
) -> tuple[Affected, ...]:
    """Tell whose standing on day `on` would change on other facts, or by another program.

    Both sides are computed by the engine on what the ledger holds now; () where there is none.
    """
    in_force = program_on(settings.PROGRAM, on)
    if not settings.INSTALLATION.ledger.exists():
        return ()
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        facts = Source(ledger=settings.INSTALLATION.ledger).open(in_force, scratch=scratch)
        before = _standings(in_force, facts, on, scratch / "before")
        other = facts if rows is None else _with(facts, rows)
        after = _standings(program or in_force, other, on, scratch / "after")
    return _affected(in_force, before, after)


def what_did(facts: Facts, without: Rows, *, on: date) -> tuple[Affected, ...]:
    """Tell whose standing on day `on` is another by what facts hold and `without` does not."""
    in_force = program_on(settings.PROGRAM, on)
    with tempfile.TemporaryDirectory(prefix="assay-") as folder:
        scratch = Path(folder)
        before = _standings(in_force, _with(facts, without), on, scratch / "before")
        after = _standings(in_force, facts, on, scratch / "after")
    return _affected(in_force, before, after)


def ended(program: SecurityProgram, told_as: str | None, *, on: date) -> Rows | None:
    """Return the facts as they would be had enrolments ended before a review on `on`.

    `told_as` names the one that ends; None: all of them. None where enrolments state nothing.
    """
    states = program.states
    if states is None:
        return None
    cut_off = program_on(settings.PROGRAM, on).review.cut_off(on)
    of = "TRUE" if told_as is None else f"app_id = {quoted(told_as)}"
    if states.until:
        until = named(states.until)
        gone = f"DATE '{cut_off - timedelta(days=1)}'"
        value = f"CASE WHEN {of} THEN least({until}, {gone}) ELSE {until} END AS {until}"
    else:
        begins = named(states.begins)
        listed = f"hosting = {quoted(states.hosting)} AND {of}"
        value = f"CASE WHEN {listed} THEN NULL ELSE {begins} END AS {begins}"
    return Rows(table=states.table, sql=f"SELECT * REPLACE ({value}) FROM {{rows}}")  # noqa: S608 - all quoted


def awarded(award: Award, program: SecurityProgram) -> Rows | None:
    """Return the facts with a submission among them, in place of one of the same key."""
    if program.awards is None:
        return None
    amount = "NULL" if award.awarded is None else str(award.awarded)
    row = (
        f"SELECT {quoted(award.key)} AS submission_id, {quoted(award.app.key)} AS app_id, "
        f"{quoted(award.severity)} AS severity, DATE '{award.submitted_on}' AS submitted_on, "
        f"{amount}::BIGINT AS awarded"
    )
    others = f"SELECT * FROM {{rows}} WHERE submission_id <> {quoted(award.key)}"  # noqa: S608 - quoted
    return Rows(table=program.awards.table, sql=f"{others} UNION ALL BY NAME {row}")


def unpaid(keys: Iterable[str], awards: Awards) -> Rows:
    """Return the facts as they would be had these submissions no award: then none is too low."""
    those = ", ".join(quoted(key) for key in keys)
    value = f"CASE WHEN submission_id IN ({those}) THEN NULL ELSE awarded END AS awarded"
    return Rows(table=awards.table, sql=f"SELECT * REPLACE ({value}) FROM {{rows}}")  # noqa: S608 - quoted


def _with(facts: Facts, rows: Rows) -> Facts:
    held = facts.tables[rows.table]
    sql = rows.sql.replace("{rows}", f"({held.sql})")
    changed = replace(held, sql=sql, paths=None, superseded=())
    return replace(facts, tables={**facts.tables, rows.table: changed})


def _standings(program: Program, facts: Facts, on: date, scratch: Path) -> Standings:
    scratch.mkdir()
    done = review(program, facts, on=on, scratch=scratch)
    key = program.vocabulary.tables[program.vocabulary.subject].key[0]
    tiers = dict(
        zip(done.decisions[key].to_pylist(), done.decisions["tier"].to_pylist(), strict=True)
    )
    outcomes: dict[str, dict[tuple[str, str], str]] = {subject: {} for subject in tiers}
    columns = (done.findings[name].to_pylist() for name in (key, "requirement", "tier", "outcome"))
    for subject, requirement, tier, outcome in zip(*columns, strict=True):
        outcomes[subject][requirement, tier] = outcome
    return {subject: (tier, outcomes[subject]) for subject, tier in tiers.items()}


def _affected(program: Program, before: Standings, after: Standings) -> tuple[Affected, ...]:
    """Return whose standing differs, those that fall first, then those whose tier moves."""
    found = _differing(program, before, after)
    return tuple(sorted(found, key=lambda one: (not one.falls, not one.moves)))


def _differing(program: Program, before: Standings, after: Standings) -> Iterator[Affected]:
    changed = [key for key, standing in before.items() if after.get(key) != standing]
    partners = {p.key: p for p in Partner.objects.filter(key__in=changed).order_by("name")}
    people: dict[int, list[str]] = {}
    seats = Membership.objects.filter(
        partner__in=partners.values(), role__in=APPLY_SECURITY.roles, person__is_active=True
    )
    for seat in seats.select_related("person").order_by("pk"):
        people.setdefault(seat.partner_id, []).append(str(seat.person))
    for key, partner in partners.items():
        (was, had), (tier, has) = before[key], after[key]
        lost = [row for row in had if had[row] == "met" != has[row]]
        yield Affected(
            partner_id=partner.pk,
            key=key,
            slug=partner.slug,
            name=str(partner),
            before=tier_title(was, program),
            after=tier_title(tier, program),
            falls=_rank(program, tier) < _rank(program, was),
            lost=_words(program, lost),
            won=_words(program, [row for row in has if has[row] == "met" != had[row]]),
            remedies=tuple(
                dict.fromkeys(program.requirements[requirement].remedy for requirement, _ in lost)
            ),
            people=tuple(people.get(partner.pk, ())),
        )


def _rank(program: Program, tier: str) -> int:
    return ("none", *program.tiers).index(tier)


def _words(program: Program, rows: list[tuple[str, str]]) -> tuple[str, ...]:
    """Name requirements, each with its clause and the tiers whose outcome changed."""
    tiers: dict[str, list[str]] = {}
    for requirement, tier in rows:
        tiers.setdefault(requirement, []).append(program.tiers[tier].title)
    return tuple(
        f"{program.requirements[key].title} ({program.requirements[key].clause}): "
        f"{', '.join(titles)}"
        for key, titles in tiers.items()
    )
