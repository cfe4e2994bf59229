"""Enrolments as pages show them: those of a partner, those of everybody, one with its history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from assay.store.models import App, Award, Enrolment, EvidenceFile, RuleChange
from assay.store.queries.security.badges import holding

SOON = timedelta(days=30)
WAITS, MENDS, HOLDS, SOON_OVER, REFUSED = (
    *("waits for a decision", "asked back", "takes part"),
    *("ends soon", "refused"),
)
WORDS: Mapping[str, str] = {
    "applied": WAITS,
    "asked_back": MENDS,
    "approved": HOLDS,
    "refused": REFUSED,
    "ended": "ended",
    "expired": "expired",
}
ACTS: Mapping[str, str] = {
    "applied": "Applied",
    "answered": "Answered",
    "renewal": "Asked to renew",
    "approved": "Approved",
    "renewed": "Renewed",
    "asked_back": "Asked back",
    "refused": "Refused",
    "reported": "A report says it takes part",
    "end_set": "Its end is set",
    "warned": "Warned of its end",
    "ended": "Ended",
    "expired": "Expired",
}


@dataclass(frozen=True, kw_only=True)
class EnrolmentLine:
    """One enrolment in a list; `stands` says where it stands on the day that was asked for."""

    number: int
    app: str
    app_slug: str
    partner: str
    partner_slug: str
    program: str
    state: str
    stands: str
    renewal: str
    source: str
    since: date | None
    until: date | None
    changed_at: datetime


@dataclass(frozen=True, kw_only=True)
class AwardLine:
    """A submission with its award, in whole minor units."""

    key: str
    app: str
    partner: str
    partner_slug: str
    program: str
    severity: str
    submitted_on: date
    awarded: int | None
    minimum: int | None
    below: bool
    source: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step in an enrolment's life."""

    words: str
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ShownFile:
    """A file that was shown: its number, its name and its size in bytes."""

    number: int
    name: str
    size: int


@dataclass(frozen=True, kw_only=True)
class EnrolmentPage:
    """One enrolment with everything; `evidence` maps keys to what was shown last."""

    line: EnrolmentLine
    row: Enrolment
    reason: str
    ending: str
    evidence: Mapping[str, Any]
    files: Mapping[int, ShownFile]
    steps: tuple[Step, ...]

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision of staff."""
        return "applied" in (self.line.state, self.line.renewal)

    @property
    def mends(self) -> bool:
        """Whether it waits for the partner."""
        return "asked_back" in (self.line.state, self.line.renewal)


def enrolments(on: date, *, partner_id: int | None = None) -> tuple[EnrolmentLine, ...]:
    """Return enrolments, what waits first, then the latest changed; of a partner, or of all."""
    rows = Enrolment.objects.select_related("app__partner")
    if partner_id is not None:
        rows = rows.filter(app__partner=partner_id)
    lines = [_line(row, on) for row in rows]
    return tuple(sorted(lines, key=lambda line: "applied" not in (line.state, line.renewal)))


def enrolment_page(number: int, on: date, *, partner_id: int | None = None) -> EnrolmentPage | None:
    """Return one enrolment; None where it is not there, or another partner's."""
    rows = Enrolment.objects.select_related("app__partner").filter(pk=number)
    if partner_id is not None:
        rows = rows.filter(app__partner=partner_id)
    row = rows.first()
    if row is None:
        return None
    return EnrolmentPage(
        line=_line(row, on),
        row=row,
        reason=row.reason,
        ending=row.ending,
        evidence=row.evidence,
        files={
            file.pk: ShownFile(number=file.pk, name=file.name, size=file.size)
            for file in row.files.all()
        },
        steps=tuple(
            Step(
                words=ACTS.get(step.act, step.act),
                by=str(step.by) if step.by else "",
                at=step.at,
                reason=step.reason,
            )
            for step in row.steps.select_related("by").order_by("-at", "-pk")
        ),
    )


def evidence_file(number: int, file: int, *, partner_id: int | None = None) -> EvidenceFile | None:
    """Return a file of an enrolment; None where it is not there, or another partner's."""
    rows = EvidenceFile.objects.filter(enrolment=number, pk=file)
    if partner_id is not None:
        rows = rows.filter(enrolment__app__partner=partner_id)
    return rows.first()


def awards(*, partner_id: int | None = None, below: bool = False) -> tuple[AwardLine, ...]:
    """Return submissions, the newest first: of a partner or of all; all, or what is `below`."""
    rows = Award.objects.select_related("app__partner")
    if partner_id is not None:
        rows = rows.filter(app__partner=partner_id)
    return tuple(_award(row) for row in (rows.filter(below=True) if below else rows))


def listed_apps_of(partner_id: int) -> tuple[App, ...]:
    """Return a partner's listed apps with their listings, by name."""
    rows = App.objects.filter(partner=partner_id, state=App.State.LISTED)
    return tuple(rows.prefetch_related("listings"))


def app_named(key: str) -> App | None:
    """Return an app by its key."""
    return App.objects.filter(key=key).select_related("partner").first()


def taking_part(on: date) -> Mapping[str, int]:
    """Count the apps that take part on a day, by security program."""
    rows = Enrolment.objects.filter(holding(on)).order_by()
    return {
        row["program"]: row["found"] for row in rows.values("program").annotate(found=Count("pk"))
    }


def waiting_enrolments() -> QuerySet[Enrolment]:
    """Return the enrolments that wait for staff."""
    return Enrolment.objects.filter(
        Q(state=Enrolment.State.APPLIED) | Q(renewal=Enrolment.State.APPLIED)
    )


def low_awards() -> QuerySet[Award]:
    """Return the awards below their minimum."""
    return Award.objects.filter(below=True)


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A change of the rules that was made, and the partners who were told."""

    version: str
    words: str
    reason: str
    by: str
    at: datetime
    told: tuple[str, ...]


def rule_changes() -> tuple[Changed, ...]:
    """Return every change of the rules, the latest first."""
    return tuple(
        Changed(
            version=row.version,
            words=row.words,
            reason=row.reason,
            by=str(row.by),
            at=row.at,
            told=tuple(row.told),
        )
        for row in RuleChange.objects.select_related("by")
    )


def _line(row: Enrolment, on: date) -> EnrolmentLine:
    stands = WORDS[row.state]
    if row.state == Enrolment.State.APPROVED:
        soon = row.valid_until is not None and row.valid_until <= on + SOON
        stands = SOON_OVER if soon and row.renewal != Enrolment.State.APPLIED else HOLDS
    if row.renewal:
        stands = f"{stands}; renewal {WORDS[row.renewal]}"
    return EnrolmentLine(
        number=row.pk,
        app=row.app.name,
        app_slug=row.app.slug,
        partner=str(row.app.partner),
        partner_slug=row.app.partner.slug,
        program=row.program,
        state=row.state,
        stands=stands,
        renewal=row.renewal,
        source="report" if row.from_report else "application",
        since=row.valid_from,
        until=row.valid_until,
        changed_at=row.changed_at,
    )


def _award(row: Award) -> AwardLine:
    return AwardLine(
        key=row.key,
        app=row.app.name,
        partner=str(row.app.partner),
        partner_slug=row.app.partner.slug,
        program=row.program,
        severity=row.severity,
        submitted_on=row.submitted_on,
        awarded=row.awarded,
        minimum=row.minimum,
        below=row.below,
        source="report" if row.from_report else "entered here",
    )
