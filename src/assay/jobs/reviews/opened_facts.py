"""Facts that stay open: a process opens those of a review once and asks them again and again."""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from weakref import finalize

from assay.core.program import Measure, Program
from assay.engine.compile import Moment
from assay.engine.duck import Session
from assay.engine.rows_behind import RowsBehind, hold_facts, hold_relations
from assay.engine.series import Series, series_of
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.tables.duck import NARROW, named, within

MOST_OPEN = 3  # reviews a process holds open: the newest standing, the last review, one more
MOST_HELD = 1_000_000  # rows of a table in memory: about 70 MB
MOST_READ = 32  # figures of each whose rows stay read, and sums of as many subjects


@dataclass(frozen=True, kw_only=True)
class OpenedFacts:
    """The facts of a review, open: `digest` names them."""

    program: Program
    moment: Moment
    session: Session
    digest: str
    lock: Lock = field(default_factory=Lock)
    held: set[str] = field(default_factory=set)
    read: OrderedDict[tuple[str, str], RowsBehind] = field(default_factory=OrderedDict)
    added_up: OrderedDict[tuple[str, ...], Series] = field(default_factory=OrderedDict)
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def rows(self, measure: Measure, subject: str) -> RowsBehind:
        """Return the rows behind a measure of a subject; they stay read for a while."""
        key = (measure.name, subject)
        found = self.read.get(key)
        if found is None:
            self.hold(measure.source)
            found = RowsBehind(self.session, self.program, measure, self.moment, subject)
            self.read[key] = found
            while len(self.read) > MOST_READ:
                self.read.popitem(last=False)[1].drop()
        self.read.move_to_end(key)
        return found

    def hold(self, source: str) -> None:
        """Hold what a source reads in memory, once; facts of very many rows are left in files."""
        if source in self.held:
            return
        table = self.session.facts.tables.get(source)
        if table is None:
            hold_relations(self.session, self.program, source, self.moment)
        elif table.rows.read <= MOST_HELD:
            hold_facts(self.session, self.program, source)
        self.held.add(source)

    def series(self, measures: Sequence[Measure], subject: str) -> Series:
        """Return a subject's sums by month and by app; they stay added up for a while."""
        key = (subject, *(measure.name for measure in measures))
        if key not in self.added_up:
            self.hold(measures[0].source)
            self.added_up[key] = series_of(
                self.session, self.program, measures, self.moment, subject, column="app_id"
            )
            while len(self.added_up) > MOST_READ:
                self.added_up.popitem(last=False)
        self.added_up.move_to_end(key)
        return self.added_up[key]

    def app_names(self, subject: str) -> dict[str, str]:
        """Return the names of a subject's apps by their keys; apps without a name miss."""
        if "apps" not in self.held:
            key = named(self.program.vocabulary.tables[self.program.vocabulary.subject].key[0])
            rows = self.session.connection.execute(
                f"SELECT {key}, app_id, name FROM apps WHERE name IS NOT NULL"  # noqa: S608
            ).fetchall()
            for of, app, name in rows:
                self.names.setdefault(str(of), {})[str(app)] = str(name)
            self.held.add("apps")
        return self.names.get(subject, {})


_open: OrderedDict[tuple[str, Path, date, datetime], tuple[int, OpenedFacts]] = OrderedDict()
_opening = Lock()


@contextmanager
def opened_facts(
    reference: str, ledger: Path, *, on: date, known_at: datetime
) -> Iterator[OpenedFacts]:
    """Lend the facts that a review on `on` counted, as the ledger knew them at `known_at`.

    One thread at a time asks them. They are opened anew when the ledger's log has grown and has
    changed them. Raises Refused where there is no ledger or program.
    """
    found = _found(reference, ledger, on, known_at)
    with found.lock:
        yield found


def _found(reference: str, ledger: Path, on: date, known_at: datetime) -> OpenedFacts:
    key = (reference, ledger, on, known_at)
    log = ledger / "facts" / "_delta_log"
    grown = log.stat().st_mtime_ns if log.exists() else 0
    with _opening:
        held = _open.get(key)
        if held is None or held[0] != grown:
            held = grown, _opened(key, None if held is None else held[1])
            _open[key] = held
            while len(_open) > MOST_OPEN:
                _open.popitem(last=False)
        _open.move_to_end(key)
        return held[1]


def _opened(key: tuple[str, Path, date, datetime], before: OpenedFacts | None) -> OpenedFacts:
    """Open facts in a folder that goes when nobody holds them any more."""
    reference, ledger, on, known_at = key
    program = program_of(reference)
    with ExitStack() as folders:
        scratch = Path(folders.enter_context(tempfile.TemporaryDirectory(prefix="assay-")))
        facts = Source(ledger=ledger, known_at=known_at).open(program, scratch=scratch)
        if before is not None and before.digest == facts.digest:
            return before
        moment = Moment.of(program, on)
        with within(NARROW):
            session = Session.open(facts, program.vocabulary, scratch=scratch)
        session.connection.execute("SET threads = 1; SET parquet_metadata_cache = true")
        for name, rows in session.calendars(program.vocabulary.calendars, moment).items():
            session.connection.register(name, rows)
        opened = OpenedFacts(program=program, moment=moment, session=session, digest=facts.digest)
        finalize(opened, folders.pop_all().close)
        return opened
