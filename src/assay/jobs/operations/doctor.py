"""Examine an installation: each part, whether it is well, and how to mend it."""

from __future__ import annotations

import shutil
import smtplib
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection

from assay.core.issues import Refused
from assay.gateways.installation import Installation
from assay.jobs.programs.programs import program_of
from assay.jobs.records.check_events import check_lately
from assay.ledger.ledger import Ledger
from assay.store.models import Heartbeat, Mail, Review

WORKER_SILENT = timedelta(minutes=3)
BACKUP_OLD = timedelta(days=2)
CLOCK_OFF = timedelta(seconds=30)
LEAST_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, kw_only=True)
class Check:
    """One part of an installation. `mend` says what to do where it is not well, else it is ""."""

    part: str
    well: bool
    words: str
    mend: str = ""

    def document(self) -> dict[str, object]:
        """Return the check as plain values."""
        return asdict(self)


def examine(installation: Installation, *, at: datetime) -> tuple[Check, ...]:
    """Examine every part of the installation at the moment `at`."""
    checks = [_database()]
    if checks[0].well:
        checks += [_ledger(installation), _mail(), _clock(at), _time_zones()]
        checks += [_disk(installation), _worker(at), _backup(at), _record(installation)]
    return tuple(checks)


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database())"
            )
            number, size = cursor.fetchone()
    except DatabaseError as error:
        return Check(
            part="database",
            well=False,
            words=str(error).strip().splitlines()[-1],
            mend="Start the server that DATABASE_URL names, or see postgres/log in the folder.",
        )
    return Check(part="database", well=True, words=f"PostgreSQL {number}, {_size(size)}")


def _ledger(installation: Installation) -> Check:
    if not installation.ledger.exists():
        return Check(part="ledger", well=True, words="no facts have been imported yet")
    try:
        vocabulary = program_of(settings.PROGRAM).vocabulary
        facts = Ledger.open(installation.ledger, vocabulary=vocabulary).facts(None)
    except Refused as refused:
        return Check(
            part="ledger",
            well=False,
            words="; ".join(str(issue) for issue in refused.issues),
            mend="Bring the ledger back from a backup: assay restore.",
        )
    held = facts.tables.values()
    gone = [path for table in held for path in table.paths or () if not Path(path).exists()]
    if gone:
        return Check(
            part="ledger",
            well=False,
            words=f"{len(gone)} files are gone, the first is {Path(gone[0]).name}",
            mend="Bring the ledger back from a backup: assay restore.",
        )
    rows = sum(table.rows.read for table in held)
    return Check(part="ledger", well=True, words=f"{rows:,} rows in {len(held)} tables")


def _mail() -> Check:
    failed = Mail.objects.filter(state=Mail.State.FAILED).count()
    waiting = Mail.objects.filter(state=Mail.State.WAITING).count()
    words = f"{waiting} waiting, {failed} failed"
    try:
        opened = get_connection(timeout=5)
        opened.open()
        opened.close()
    except (OSError, smtplib.SMTPException) as error:
        return Check(
            part="mail",
            well=False,
            words=f"{settings.EMAIL_HOST} does not answer ({error}); {words}",
            mend="Correct ASSAY_MAIL_URL, or start the mail server; waiting mail goes out then.",
        )
    where = "files in the folder mail" if "filebased" in settings.EMAIL_BACKEND else "SMTP"
    mend = "Open the outbox: each failed mail says why, and can be sent again." if failed else ""
    return Check(part="mail", well=not failed, words=f"{where}; {words}", mend=mend)


def _clock(at: datetime) -> Check:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (told,) = cursor.fetchone()
    newest = Review.objects.order_by("-made_at").values_list("made_at", flat=True).first()
    off = abs(told - at)
    if off > CLOCK_OFF:
        words = f"this machine and the database differ by {off.total_seconds():.0f} s"
    elif newest is not None and newest > at + CLOCK_OFF:
        words = f"the clock is behind the newest standing, of {newest:%Y-%m-%d %H:%M} UTC"
    else:
        return Check(part="clock", well=True, words=f"{at:%Y-%m-%d %H:%M:%S} UTC")
    return Check(part="clock", well=False, words=words, mend="Let the machine keep time by NTP.")


def _time_zones() -> Check:
    """Ask two things that old zone data does not know: a day that Apia skipped, Cairo's summer."""
    before, after = (
        datetime(2011, 12, day, 12, tzinfo=ZoneInfo("Pacific/Apia")).astimezone(UTC)
        for day in (29, 31)
    )
    cairo = datetime(2026, 7, 1, tzinfo=UTC).astimezone(ZoneInfo("Africa/Cairo"))
    well = after - before == timedelta(days=1) and cairo.utcoffset() == timedelta(hours=3)
    mend = "" if well else "Update the tzdata of this installation: make setup."
    return Check(part="time zones", well=well, words=f"tzdata {version('tzdata')}", mend=mend)


def _disk(installation: Installation) -> Check:
    usage = shutil.disk_usage(installation.folder)
    well = usage.free >= LEAST_FREE_BYTES
    mend = "" if well else "Free space, or move backups elsewhere: 2 GiB should stay free."
    return Check(part="disk", well=well, words=f"{_size(usage.free)} free", mend=mend)


def _worker(at: datetime) -> Check:
    beat = Heartbeat.objects.filter(part="worker").first()
    if beat is None or at - beat.at > WORKER_SILENT:
        since = "never" if beat is None else f"last at {beat.at:%Y-%m-%d %H:%M} UTC"
        return Check(
            part="worker",
            well=False,
            words=f"no sign of life ({since})",
            mend="Serve the installation: assay start; it runs web and worker together.",
        )
    return Check(part="worker", well=True, words=f"alive at {beat.at:%H:%M:%S} UTC")


def _backup(at: datetime) -> Check:
    done = Heartbeat.objects.filter(part="backup").first()
    if done is None:
        return Check(
            part="backup", well=False, words="never made", mend="Make one: assay backup --dir DIR."
        )
    words = f"{done.at:%Y-%m-%d %H:%M} UTC, {done.words}"
    old = at - done.at > BACKUP_OLD
    return Check(
        part="backup",
        well=not old,
        words=words,
        mend="Make one each day: assay backup --dir DIR from cron." if old else "",
    )


def _record(installation: Installation) -> Check:
    """Check the newest events, and that none is missing; `assay audit verify` checks them all."""
    try:
        found = check_lately(installation)
    except Refused as refused:
        words = "; ".join(str(issue) for issue in refused.issues)
        return Check(part="record", well=False, words=words, mend="Bring the keys back: restore.")
    mend = "Somebody wrote past the product. Find out who; compare with a backup or an export."
    well = found.broken is None
    return Check(part="record", well=well, words=str(found), mend="" if well else mend)


_UNITS: tuple[tuple[int, str], ...] = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


def _size(size: int) -> str:
    for unit, name in _UNITS:
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size} bytes"
