"""Two partners, everybody who may come, and one object for every parameter of every address."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.core import signing
from django.db import connection, transaction
from django.test import Client, override_settings

from assay.core.notices.people import MEMBER_JOINED
from assay.core.rights import Role, StaffRole
from assay.gateways.installation import Installation
from assay.jobs.apps.edit_app import add_screenshot, begin_app, submit
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.imports.uploads import path_of
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.notices.tell import tell
from assay.jobs.people.invitations import invite
from assay.jobs.people.staff_people import invite_staff
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.portal.access import BOTH_FACTORS, VIEWING_AS
from assay.store.models import (
    App,
    Claim,
    Decision,
    Disagreement,
    Invitation,
    Mail,
    Membership,
    Notice,
    Partner,
    Person,
    Rating,
    Review,
    Upload,
)
from tests.announcements import draft, publish
from tests.few_partners import PROGRAM, write_facts
from tests.people_of_partners import content, picture
from tests.portal.worlds import TOPICS

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)
ACTIVE = {
    "state": Partner.State.ACTIVE,
    "legal_name": "Demo Ltd",
    "street": "1 Made-up Street",
    "city": "Stockholm",
    "website": "https://www.acme.example/",
    "support_email": "help@acme.example",
    "agreement_version": "2026-01",
    "agreed_at": AT,
}
NOBODY, NEWCOMER, OTHER, VIEWING, ONE_FACTOR = (
    "nobody",
    "newcomer",
    "owner of the other",
    "support viewing as acme",
    "manager with one factor",
)
MEMBERS = tuple(Role)
STAFF = tuple(f"staff {role}" for role in StaffRole)
VISITORS = (NOBODY, NEWCOMER, *MEMBERS, OTHER, ONE_FACTOR, VIEWING, *STAFF)


@dataclass
class World:
    """What was made: a value for every parameter, each visitor's session, both partners."""

    acme: Partner
    other: Partner
    people: dict[str, Person] = field(default_factory=dict)
    sessions: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def client(self, visitor: str) -> Client:
        """Return the browser, with a visitor's session."""
        self.browser.cookies = SimpleCookie(self.sessions.get(visitor, {}))
        return self.browser

    def value(self, name: str, parameter: str) -> Any:
        """Return acme's object for a parameter of the address `name`; KeyError: there is none."""
        return (
            self.values.get(f"{name}.{parameter}", self.values.get(parameter))
            or self.values[f"{name}.{parameter}"]
        )


@contextmanager
def made_world(folder: Path):
    """Make the world in a transaction that is undone; its installation is in `folder`."""
    made = Installation.at(folder)
    with override_settings(INSTALLATION=made), transaction.atomic():
        yield _make(folder)
        transaction.set_rollback(True)


@contextmanager
def undone():
    """Undo whatever a request keeps."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


TABLES = [
    model._meta.db_table  # noqa: SLF001 - Django's own way to a table's name
    for label in ("store", "account", "mfa", "socialaccount")
    for model in apps.get_app_config(label).get_models()
]


def digest() -> dict[str, str]:
    """Return a digest of every table of the product and of accounts."""
    parts = [
        f"SELECT '{name}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        f" FROM {name} t"
        for name in TABLES
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def _make(folder: Path) -> World:
    ledger = settings.INSTALLATION.ledger
    facts = write_facts(folder)
    program = Order.under(PROGRAM, source="tests", partner_id=None, as_of=None)
    import_reports(ledger, sorted(facts.glob("*.csv")), program, imported_at=AT)
    source = Source(ledger=ledger)
    review = record_review(PROGRAM, source, on=date(2025, 7, 1), kind=Review.Kind.REVIEW, at=AT)
    close_review(review.pk, by=None, at=AT, settling_days=0, effective_on=date(2025, 7, 1))
    record_review(PROGRAM, source, on=AT.date(), kind=Review.Kind.STANDING, at=AT)
    Partner.objects.filter(key__in=("P1", "P3")).update(**ACTIVE)
    Partner.objects.filter(key="P5").update(slug="known")
    world = World(acme=Partner.objects.get(key="P1"), other=Partner.objects.get(key="P3"))
    _seat(world)
    world.values = _values(world)
    world.others = _of_a_partner(world, world.other, OTHER)
    for visitor in VISITORS[1:]:
        world.sessions[visitor] = _session(world, visitor)
    return world


def _seat(world: World) -> None:
    for role in Role:
        world.people[role] = _person(role)
        _member(world.acme, world.people[role], role)
    world.people[OTHER] = _person("other")
    _member(world.other, world.people[OTHER], Role.OWNER)
    _member(world.other, _person("second"), Role.VIEWER)
    world.people[NEWCOMER] = _person("newcomer")
    for role in StaffRole:
        world.people[f"staff {role}"] = _person(f"staff-{role}", staff_role=role)
    world.people[ONE_FACTOR] = _person("one-factor", staff_role=StaffRole.PROGRAM_MANAGER)
    world.people[VIEWING] = _person("viewing", staff_role=StaffRole.SUPPORT)


def _person(name: str, **fields: Any) -> Person:
    email = f"{name}@demo.example"
    person = Person.objects.create_user(email, name=name.title(), joined_at=AT, **fields)
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _member(of: Partner, person: Person, role: Role) -> None:
    Membership.objects.create(partner=of, person=person, role=role, since=AT)


def _session(world: World, visitor: str) -> dict[str, str]:
    """Sign a visitor in and return the cookies; without a password nobody is asked again for it."""
    client = Client()
    client.force_login(world.people[visitor])
    session = client.session
    if visitor in STAFF or visitor == VIEWING:
        session[BOTH_FACTORS] = True
    if visitor == VIEWING:
        session[VIEWING_AS] = world.acme.slug
    session.save()
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _of_a_partner(world: World, whose: Partner, owner: str) -> dict[str, Any]:
    """Make one of everything that belongs to a partner, and return each by its parameter."""
    by = world.people[owner]
    name = whose.slug
    app = begin_app(whose.pk, f"{name}.draft", content(), by=by, at=AT)
    app = add_screenshot(app.pk, picture(), "How it looks", by=by, at=AT)
    waiting = begin_app(whose.pk, f"{name}.waiting", content(name="Waiter"), by=by, at=AT)
    submit(waiting.pk, by=by, at=AT)
    tell(MEMBER_JOINED, occasion=f"{name}:1", subject="Joined", body="B", at=AT, partner=whose)
    invite(whose.pk, email=f"asked@{name}.example", role=Role.VIEWER, by=by, at=AT)
    listed = App.objects.filter(partner=whose, state=App.State.LISTED).first()
    viewer = Membership.objects.filter(partner=whose, role=Role.VIEWER).first()
    topics = [t.of_a_partner(world, whose, by) for t in TOPICS if hasattr(t, "of_a_partner")]
    return {
        **{name: value for topic in topics for name, value in topic.items()},
        "slug": whose.slug,
        "app": app.slug,
        "app_take_back.app": waiting.slug,
        "app_retire.app": listed.slug,
        "screenshot": app.proposed["screenshots"][0]["file"],
        "decision": Decision.objects.filter(partner=whose).first().pk,
        "notice": Notice.objects.filter(partner=whose, person=by).first().pk,
        "team_member.key": viewer.pk,
        "team_remove.key": viewer.pk,
        "team_invite_again.key": Invitation.objects.get(partner=whose).pk,
        "team_invite_withdraw.key": Invitation.objects.get(partner=whose).pk,
    }


def _values(world: World) -> dict[str, Any]:
    administrator = world.people["staff administrator"]
    acme = _of_a_partner(world, world.acme, Role.OWNER)
    asking = Mail.objects.filter(text__contains="/invitations/").order_by("pk").last()
    secret = re.search(r"/invitations/([^/]+)/", asking.text)[1]
    staff_asked = invite_staff(
        email="s@demo.example", role=StaffRole.SUPPORT, by=administrator, at=AT
    )
    news = draft("News", "B", by=administrator, at=AT)
    publish(news.pk, by=administrator, at=AT)
    rating = Rating.objects.create(path="/program/", helped=True, at=AT)
    passkey = Authenticator.objects.create(
        user=_person("keys"),
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Key", "credential": {}},
    )
    listed = App.objects.get(key="a1")
    claim = Claim.objects.create(
        partner=Partner.objects.get(key="P5"), person=world.people[NEWCOMER], claimed_at=AT
    )
    disagreement = Disagreement.objects.create(app=listed, kind="payment", found_at=AT)
    unconfirmed = EmailAddress.objects.create(
        user=world.people[NEWCOMER], email="second@demo.example"
    )
    mail = queue_mail(to="a@b.example", subject="S", text="T", at=AT)
    topics = [topic.values(world) for topic in TOPICS if hasattr(topic, "values")]
    return {
        **acme,
        **{name: value for topic in topics for name, value in topic.items()},
        "version": PROGRAM.partition("@")[2],
        "token": signing.dumps([rating.pk, "/program/"], salt="rating"),
        "secret": secret,
        "key": "of-nobody",
        "account_confirm_email.key": EmailConfirmationHMAC(unconfirmed).key,
        "uidb36": "1",
        "provider_id": "oidc",
        "step": "presentation",
        "measure": "gross_sales",
        "mail": mail.pk,
        "name": acme["screenshot"],
        "public_app.slug": listed.slug,
        "announcement.slug": news.slug,
        "claim.slug": "known",
        "mfa_edit_webauthn.pk": passkey.pk,
        "mfa_remove_webauthn.pk": passkey.pk,
        "staff_invite_again.key": staff_asked.pk,
        "staff_invite_withdraw.key": staff_asked.pk,
        "staff_person.key": world.people["staff support"].pk,
        "staff_person_remove.key": world.people["staff support"].pk,
        "staff_app.slug": acme["app_take_back.app"],
        "staff_app_approve.slug": acme["app_take_back.app"],
        "staff_app_send_back.slug": acme["app_take_back.app"],
        "staff_claim.number": claim.pk,
        "staff_settle.number": disagreement.pk,
        "staff_batch.number": 1,
        "pk": _upload(world.people["staff finance"]).pk,
    }


def _upload(by: Person) -> Upload:
    """Make a previewed file with a refused row."""
    path_of("refused.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    return Upload.objects.create(
        name="sales.csv",
        file="sales.csv",
        rejected_file="refused.csv",
        size=1,
        source="tests",
        state=Upload.State.READY,
        by=by,
        uploaded_at=AT,
        changed_at=AT,
    )
