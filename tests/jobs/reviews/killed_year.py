"""The review year of 2025 in steps, each in a process that may be killed and then does it again.

One process has Django ready and no connection, and forks one for every step. Each step begins in a
copy of the database as the step before it left it. Numbers that a transaction took and lost are
given again, so that what a killed and repeated step leaves is the same to the last byte.
"""

from __future__ import annotations

import json
import os
import time
import traceback
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.letters.write_letters import write_newest_letters
from assay.jobs.programs.program_versions import program_versions
from assay.jobs.programs.programs import program_on
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import ask_to_close
from assay.jobs.reviews.run_calendar import run_calendar
from assay.store.models import Person, Review
from tests.few_partners import PROGRAM
from tests.killed import calls_of, job
from tests.three_years import SETTLING_DAYS, at, seat_owners, seat_staff, waive_oak

BASE = "killed_year"  # and the step, for the database that it begins in
_JOBS = "assay.jobs."
_SEQUENCES = """
SELECT s.oid::regclass::text, t.oid::regclass::text, a.attname
FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
JOIN pg_class t ON t.oid = d.refobjid
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.relkind = 'S'
"""
_TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'store\\_%'"


def calendar(year: int, month: int, day: int) -> None:
    """Do what is due on a day."""

    run_calendar(settings.INSTALLATION.ledger, at=at(year, month, day), settling_days=SETTLING_DAYS)


def close(year: int) -> None:
    """Ask to close what is open, and close it."""

    ann, ben = Person.objects.filter(email__endswith="@staff.example").order_by("email")
    for review in Review.objects.filter(kind="review", state="open"):
        ask_to_close(review.pk, by=ann, at=at(year, 7, 15))
        close_review(review.pk, by=ben, at=at(year, 7, 15), settling_days=SETTLING_DAYS)


def follow(year: int) -> None:
    """Write the letters, and let benefits follow the tiers."""

    write_newest_letters(at=at(year, 7, 16))
    settle_benefits(PROGRAM, on=date(year, 7, 16), at=at(year, 7, 16))


def waive() -> None:
    """Waive Gold for Oak."""

    waive_oak(at(2025, 7, 2))


def first_year() -> None:
    """Play the first year, so that tiers are credited and there are people to tell."""

    seat_staff()
    calendar(2024, 6, 30)
    calendar(2024, 7, 1)
    seat_owners(at(2024, 7, 1))
    calendar(2024, 7, 15)
    close(2024)
    follow(2024)


STEPS: tuple[Callable[[], None], ...] = (
    lambda: calendar(2025, 6, 1),  # what was missed, and the assessment of June
    lambda: calendar(2025, 7, 1),  # opens the review
    waive,
    lambda: calendar(2025, 7, 15),  # opens it anew on what came late, and carries the waiver over
    lambda: close(2025),
    lambda: follow(2025),
)


class Year:
    """Where the year is played: an installation's folder, and databases on a server."""

    base = BASE
    first = staticmethod(first_year)
    steps = STEPS

    def __init__(self, url: str, database: str, folder: Path) -> None:
        self.url, self.folder = url, folder

        program_on(PROGRAM, date(2025, 7, 1))  # read once for every process
        program_versions(PROGRAM)
        assert len(list(Path("/proc/self/task").iterdir())) == 1  # else a fork may hang
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self.base}_0")
        self._copy(database, f"{self.base}_0")
        assert self.forked(f"{self.base}_0", self.first) == 0
        self.unkilled = [self._first(step) for step in range(len(self.steps))]

    def points(self, count: int) -> list[tuple[int, int, str]]:
        """Return steps with the number of a call in it, and the job that makes it: evenly."""
        by_job = defaultdict(list)
        for step, (calls, _) in enumerate(self.unkilled):
            for number, name in enumerate(calls, 1):
                by_job[name.partition(":")[0].removeprefix(_JOBS)].append((step, number))
        found = []
        for place, (name, calls) in enumerate(sorted(by_job.items())):
            wanted = count // len(by_job) + (place < count % len(by_job))
            found += [
                (*calls[(2 * nth + 1) * len(calls) // (2 * wanted)], name) for nth in range(wanted)
            ]
        return found

    def killed(self, step: int, last: int) -> tuple[int, list[str]]:
        """Kill a step at a call and do it again; returns how it ended, and what is not the same."""
        database = f"{self.base}_killed"
        self._copy(f"{self.base}_{step}", database)
        act = self.steps[step]
        ended = self.forked(database, lambda: calls_of(act, last=last, whose=job) and None)
        self._wait(database)
        again = self.forked(database, lambda: _told(act, counted=False))
        assert again == 0
        left, wanted = self._read()[1], self.unkilled[step][1]
        self._run("DROP DATABASE {} WITH (FORCE)", database)
        return ended, self.differs(left, wanted)

    def differs(self, left: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
        """Name the tables that are not as they should be."""
        return sorted(name for name in wanted if left[name] != wanted[name])

    def forked(self, database: str, act: Callable[[], Any]) -> int:
        """Do `act` in a process of its own on a database; returns its exit code."""
        number = os.fork()
        if number:
            return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
        code = 1  # pragma: no cover - the child's side
        try:
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = database
            _give_numbers_again()
            told = act()
            (self.folder / "told.json").write_text(json.dumps(told))
            code = 0
        except BaseException:  # noqa: BLE001 - the parent sees the code
            traceback.print_exc()
        finally:
            os._exit(code)

    def close(self) -> None:
        """Remove the databases."""
        for step in range(len(self.steps) + 1):
            self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", f"{self.base}_{step}")

    def _first(self, step: int) -> tuple[list[str], dict[str, Any]]:
        """Do a step unkilled in a copy, which the next one begins in; returns calls and tables."""
        after = f"{self.base}_{step + 1}"
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", after)
        self._copy(f"{self.base}_{step}", after)
        assert self.forked(after, lambda: _told(self.steps[step], counted=True)) == 0
        return self._read()

    def _read(self) -> tuple[list[str], dict[str, Any]]:
        calls, tables = json.loads((self.folder / "told.json").read_text())
        return calls, tables

    def _copy(self, database: str, copy: str) -> None:
        self._wait(database)
        self._run("CREATE DATABASE {} TEMPLATE {}", copy, database)

    def _wait(self, database: str) -> None:
        """Wait until the server has noticed that nobody is there any more."""
        ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(self.url, autocommit=True) as server:
            while server.execute(ask, [database]).fetchone() != (0,):
                time.sleep(0.01)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _told(step: Callable[[], None], *, counted: bool) -> tuple[list[str], dict[str, Any]]:
    """Do a step; returns the calls it made, and a digest of every table, with jobs that wait."""
    calls: list[str] = []
    if counted:
        calls = calls_of(step, whose=job)
    else:
        step()

    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [name for (name,) in cursor.fetchall()]
        parts = [
            f"SELECT '{name}', count(*), md5(string_agg(row, '|' ORDER BY row)) FROM"
            f" (SELECT (to_jsonb(t) - 'message_id' - 'uid')::text AS row FROM {name} t) rows"
            for name in tables  # these two are drawn by lot
        ]
        cursor.execute(" UNION ALL ".join(parts))
        found = {name: rest for name, *rest in cursor.fetchall()}
        cursor.execute("SELECT task_name, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1")
        found["jobs that wait"] = [list(row) for row in cursor.fetchall()]
    return calls, found


def _give_numbers_again() -> None:

    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        for sequence, table, column in cursor.fetchall():
            cursor.execute(
                f"SELECT setval('{sequence}', coalesce(max({column}), 1),"
                f" max({column}) IS NOT NULL) FROM {table}"
            )
