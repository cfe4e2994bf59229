"""Change the rules: a new version of the program, and a notice to those whose standing it changes.

The row is the truth; the file of the version is written from it, again if need be.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from assay.core.notices.program import RULES_CHANGE
from assay.core.program import Program
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.programs.programs import file_of
from assay.jobs.security import rule_changes
from assay.jobs.security.enrolment_rows import State, day_of, refused, rules, stepped
from assay.jobs.security.rule_changes import (
    CASES,
    affected_by,
    basis_of,
    put_version,
    read_change,
)
from assay.jobs.security.what_if import Affected
from assay.store.models import Enrolment, Partner, Person, RuleChange
from assay.words.dates import day_words


def change_rules(
    change: rule_changes.RuleChange, *, reason: str, by: Person, at: datetime
) -> RuleChange:
    """Change the rules from a day on; raises Refused as the preview does, or without a reason.

    Told are the members who look after security of every partner whose standing it changes, by
    name, and nobody else.
    """
    if not reason.strip():
        raise refused("say why", column="reason")
    shown = rule_changes.preview(change, at=at)
    program = rules()
    try:
        with transaction.atomic():
            made = RuleChange.objects.create(
                program=program.name,
                version=change.on.isoformat(),
                words=shown.words[:400],
                reason=reason,
                follows=shown.follows,
                change=change.document(),
                text=shown.text,
                by=by,
                at=at,
            )
            record(
                "rules_changed",
                f"{by}: {shown.words}"[:400],
                at=at,
                by=by,
                target=f"program:{program.name}@{made.version}",
                reason=reason,
            )
            if change.ends:
                _end_enrolments(change, reason, by=by, at=at)
            tell_affected(made, shown.affected, at=at)
            transaction.on_commit(lambda: write_version(made))
    except IntegrityError as error:
        raise refused("somebody changed the rules for that day just now", column="on") from error
    return made


def tell_affected(made: RuleChange, affected: tuple[Affected, ...], *, at: datetime) -> int:
    """Tell partners what a change means for them, each once; returns how many are new."""
    fresh = [one for one in affected if one.key not in made.told]
    for one in fresh:
        partner = Partner.objects.get(pk=one.partner_id)
        tell(
            RULES_CHANGE,
            occasion=f"rules:{made.pk}",
            subject=f"{partner}: the rules change on {day_words(read_change(made.change).on)}",
            body=_body(made, one),
            link=f"/portal/{partner.slug}/security/",
            at=at,
            partner=partner,
        )
        record(
            "rules_change_told",
            f"{partner} is told of a change: {made.words}"[:400],
            at=at,
            partner=partner,
            target=f"program:{made.program}@{made.version}",
        )
    made.told = [*made.told, *(one.key for one in fresh)]
    made.save(update_fields=["told"])
    return len(fresh)


def tend_rules(*, at: datetime) -> int:
    """Write versions that are not written yet, and tell partners that came to be affected since."""
    today = day_of(at).isoformat()
    done = 0
    for made in RuleChange.objects.order_by("version"):
        write_version(made)
        if made.version > today:
            done += tell_affected(made, affected_by(read_change(made.change), at=at), at=at)
    return done


def write_version(made: RuleChange) -> Path:
    """Write the version of a change into the installation's own programs, where it misses."""
    folder: Path = settings.INSTALLATION.programs / made.program / made.version
    if folder.exists():
        return folder
    fresh = folder.with_name(f".{made.version}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    put_version(fresh, made.text, file_of(made.follows).parent / CASES)
    fresh.rename(folder)
    return folder


def _end_enrolments(
    change: rule_changes.RuleChange, reason: str, *, by: Person, at: datetime
) -> None:
    """Set the end of every enrolment in a security program that ends; refuse what waits."""
    live = Enrolment.objects.select_for_update(of=("self",)).filter(program=change.ends)
    for row in live.select_related("app__partner"):
        words = f"{row.app}: the security program ends on {change.on}"
        if row.state == State.APPROVED and (not row.valid_until or row.valid_until > change.on):
            row.valid_until, row.ending, row.renewal = change.on, reason, ""
            stepped(row, "end_set", words, by=by, at=at, reason=reason)
        elif row.state in (State.APPLIED, State.ASKED_BACK):
            row.state, row.reason, row.decided_by = State.REFUSED, reason, by
            stepped(row, "refused", words, by=by, at=at, reason=reason)


def _body(made: RuleChange, one: Affected) -> str:
    """Say what changes for a partner, when, on what that rests, and what to do."""
    change, program = read_change(made.change), rules()
    day = day_words(change.on)
    told = [made.words, f"Why: {made.reason}", _tier_words(one, change, program)]
    told.append(f"On what this rests: {basis_of(change, program)}")
    told += [f"No longer met: {words}." for words in one.lost]
    told += [f"Newly met: {words}." for words in one.won]
    told += [f"What to do before {day}: {remedy}" for remedy in one.remedies if remedy]
    told.append("The program page shows it as a coming version.")
    return "\n\n".join(told)


def _tier_words(one: Affected, change: rule_changes.RuleChange, program: Program) -> str:
    held = "if nothing else changes" if change.ends else "if you go on paying as you did"
    first = day_words(program.review.next_cut_off(change.on))
    if one.moves:
        return (
            f"What it means for {one.name}: {held}, the review of {first} would give you "
            f"{one.after} instead of {one.before}."
        )
    return f"What it means for {one.name}: your tier stays {one.after}, but not every requirement."
