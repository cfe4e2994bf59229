"""An installation to measure pages on: 2,000 partners, 500,000 sales, a standing, people.

What needs Django is imported where the installation is open.
"""

# ruff: noqa: PLC0415 - Django is set up first
import json
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import PROGRAM, inputs

PARTNERS, SALES, MONTHS = 2_000, 500_000, 24
PEOPLE = 200
KNOWN_AT = datetime(2025, 8, 20, tzinfo=UTC)
REVIEWED_AT = datetime(2025, 7, 2, tzinfo=UTC)
EVENTS, MAILS, ESCALATIONS = 20_000, 20_000, 300
STAMP = f"installation 6, {inputs.STAMP}"


def installation(home):
    """Make the installation, or find the one made before; returns its folder and what it took."""
    folder = home / "pages"
    told = folder / "told.json"
    if not told.exists() or json.loads(told.read_text())["stamp"] != STAMP:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        seconds = _made(folder)
        told.write_text(json.dumps({"stamp": STAMP, **seconds}), encoding="utf-8")
    return folder, json.loads(told.read_text())


def facts(folder, *, first=0, last=SALES):
    """Write fact tables as Parquet: the sales in a file a month, as reports come."""
    folder.mkdir(exist_ok=True)
    files = []
    with inputs.connection(folder) as connection:
        tables = dict(inputs.OTHER_TABLES) if first == 0 else {}
        sales = inputs.SALES.format(first=first, last=last)
        tables["transactions"] = inputs.TRANSACTIONS.format(sales=sales)
        for name, select in tables.items():
            connection.execute(f"CREATE TABLE {name} AS {_fewer(select)}")
            months = range(MONTHS) if name == "transactions" and first == 0 else [None]
            for month in months:
                path = folder / f"{'' if month is None else month}{name}" / f"{name}.parquet"
                path.parent.mkdir(exist_ok=True)
                since = f"DATE '2023-07-01' + INTERVAL {month} MONTH"
                where = (
                    ""
                    if month is None
                    else f" WHERE sale_date >= {since} AND sale_date < {since} + INTERVAL 1 MONTH"
                )
                connection.execute(
                    f"COPY (SELECT * FROM {name}{where}) TO '{path}' (FORMAT parquet)"
                )
                files.append(path)
    return files


def _fewer(select):
    """Ask for as many partners as there are here."""
    return re.sub(r"\b10000\b", str(PARTNERS), select).replace("range(30000)", "range(6000)")


def _made(folder):
    from assay.jobs.operations.installation import open_installation

    installed = open_installation(folder, made=False)
    installed.mark(made_at=KNOWN_AT.isoformat())
    from assay.jobs.imports.import_reports import Order, import_reports
    from assay.jobs.reviews.close_review import close_review
    from assay.jobs.reviews.facts import Source
    from assay.jobs.reviews.record_review import record_review
    from assay.store.models import Review

    order = Order.under(PROGRAM, source="bench", partner_id=None, as_of=None)
    import_reports(installed.ledger, facts(folder / "facts"), order, imported_at=KNOWN_AT)
    source = Source(ledger=installed.ledger, known_at=KNOWN_AT)
    seconds = {}
    for kind, at in ((Review.Kind.REVIEW, REVIEWED_AT), (Review.Kind.STANDING, KNOWN_AT)):
        started = time.process_time()
        made = record_review(PROGRAM, source, on=at.date(), kind=kind, at=max(at, KNOWN_AT))
        if kind == Review.Kind.REVIEW:
            close_review(made.pk, by=None, at=KNOWN_AT, settling_days=0, effective_on=at.date())
        seconds[kind.value] = time.process_time() - started
    _lived_in()
    return seconds


def _lived_in():
    """Do as if years of work had passed: apps are public, acts are recorded, mails were sent.

    Benefits are given, and escalations wait for an answer.
    """
    from assay.core.escalations import Severity, Source
    from assay.jobs.benefits.settle_benefits import settle_benefits
    from assay.jobs.operations.events import record
    from assay.store.models import App, Escalation, Mail, Partner

    App.objects.update(public=True, state=App.State.LISTED)
    Partner.objects.update(state=Partner.State.ACTIVE, country="SE")
    partners = list(Partner.objects.order_by("pk")[:500])
    for number in range(EVENTS):
        partner = partners[number % len(partners)]
        record("bench.act", f"Act {number} of {partner.name}.", at=KNOWN_AT, partner=partner)
    Mail.objects.bulk_create(
        Mail(
            to=f"member-{number}@bench.example",
            subject=f"Letter {number}",
            text="Text.",
            message_id=f"<{number}@bench.example>",
            state=Mail.State.SENT,
            made_at=KNOWN_AT,
            due_at=KNOWN_AT,
            sent_at=KNOWN_AT,
        )
        for number in range(MAILS)
    )
    settle_benefits(PROGRAM, on=KNOWN_AT.date(), at=KNOWN_AT)
    opened_at = datetime.now(UTC)  # noqa: TID251 - an edge: the board shows what waits today
    Escalation.objects.bulk_create(
        Escalation(
            key=f"ESC-{number}",
            partner=partners[number % len(partners)],
            source=Source.PAGE,
            customer=f"Customer {number}",
            severity=Severity.HIGH,
            subject=f"Case {number}",
            opened_at=opened_at - timedelta(hours=number / 4),
        )
        for number in range(ESCALATIONS)
    )


def review():
    """Return the number of the review that is closed."""
    from assay.store.models import Review

    return Review.objects.get(kind=Review.Kind.REVIEW).pk


def people():
    """Seat an owner in every tenth partner, signed in; returns slugs and session keys.

    The installation is open in this process.
    """
    from assay.core.rights import Role
    from assay.store.models import Membership, Partner

    seats = []
    partners = Partner.objects.order_by("key")[:: PARTNERS // PEOPLE]  # sizes of all orders
    for partner in partners:
        person = _person(f"owner-{partner.key}")
        Membership.objects.get_or_create(
            partner=partner, person=person, defaults={"role": Role.OWNER, "since": KNOWN_AT}
        )
        seats.append((partner.slug, _session(person)))
    return seats


def staff():
    """Sign a program manager in with both factors; returns the session's key."""
    from assay.core.rights import StaffRole
    from assay.portal.access import BOTH_FACTORS

    person = _person("staff", staff_role=StaffRole.PROGRAM_MANAGER)
    return _session(person, **{BOTH_FACTORS: True})


def apps():
    """Return the address parts of a thousand public apps."""
    from assay.store.models import App

    return list(App.objects.filter(public=True).values_list("slug", flat=True)[:1000])


def _person(name, **fields):
    from assay.store.models import Person

    email = f"{name}@bench.example"
    person = Person.objects.filter(email=email).first()
    return person or Person.objects.create_user(email, joined_at=KNOWN_AT, **fields)


def _session(person, **held):
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.update(held)
    session.save()
    return session.session_key


def import_more(folder, *, number):
    """Import a report of fresh sales, as one comes in while people read."""
    from assay.jobs.imports.import_reports import Order, import_reports

    first = SALES + 2_000 * (number % 1_000)
    files = facts(folder / f"more-{number}", first=first, last=first + 2_000)
    order = Order.under(PROGRAM, source="bench", partner_id=None, as_of=None)
    import_reports(Path(folder) / "ledger", files, order, imported_at=datetime.now(UTC))  # noqa: TID251 - an edge
