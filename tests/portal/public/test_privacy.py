"""Nothing of a partner's sales, findings or people is public, wherever a public link leads.

An installation is made from facts by a real review; people, notices, mails, claims and drafts are
put beside them. Then every public page, feed, document and download is read.
"""

from __future__ import annotations

import html
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from assay.core.rights import Role
from assay.documents.badges import token_in
from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.demo.announcements import write_announcements
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.notices.rate import comment, rate
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.record_review import record_review
from assay.portal.views.public.urls import urlpatterns
from assay.store.models import (
    Badge,
    Claim,
    Decision,
    Invitation,
    Mail,
    Membership,
    Notice,
    Partner,
    Person,
    Review,
)
from assay.words.program_document import program_document
from tests.announcements import draft, publish
from tests.few_partners import PROGRAM, write_facts
from tests.public_marketplace import make_app

AT = datetime(2025, 7, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db  # tells pytest-django which database to make
NOT_CRAWLED = ("/portal/", "/staff/", "/account/", "/sign-", "/rights/", "/static/", "/rate/")
SALES = (  # of tests/few_partners.py: single sales, and what they add up to
    *("541200", "200000", "341200", "500000.00", "124999.99", "375000.01"),
    *("150000", "99999.99", "0.3695", "36.95", "24.99"),
)
PEOPLE = ("Ann Secretname", "ann.secret@acme.example", "Sam Hiddenstaff", "sam.hidden@demo.example")
PRIVATE = (
    *("Legal Secret AB", "Hidden Street 7", "114 55", "Stockholmhidden"),
    *("private app words", "draft app words", "hidden-draft-post", "A hidden draft"),
    *("secret claim", "secret notice", "secret mail", "secret rating", "invited@acme.example"),
)


def make_installation(folder):
    """Review the few partners on 1 July 2025; Acme is claimed and full of secrets."""
    order = Order.under(PROGRAM, source="facts", partner_id=None, as_of=date(2025, 7, 1))
    files = sorted(write_facts(folder).iterdir())
    done = import_reports(folder / "ledger", files, order, imported_at=AT)
    assert [one.file for one in done if not one.is_read] == []
    source = Source(ledger=folder / "ledger")
    for kind in (Review.Kind.STANDING, Review.Kind.REVIEW):
        review = record_review(PROGRAM, source, on=date(2025, 7, 1), kind=kind, at=AT)
    close_review(review.pk, by=None, at=AT, settling_days=0, effective_on=date(2025, 7, 1))
    acme = Partner.objects.get(key="P1")
    told = {
        "legal_name": "Legal Secret AB",
        "street": "Hidden Street 7",
        "postal_code": "114 55",
        "city": "Stockholmhidden",
        "support_email": "support@acme.example",
        "description": "We draw lines.",
    }
    Partner.objects.filter(pk=acme.pk).update(state=Partner.State.ACTIVE, **told)
    for name in ("One", "Two"):
        make_app(acme, f"Listed {name}")
    make_app(acme, "Private", public=False, description="private app words")
    make_app(acme, "Draft", "draft", description="draft app words")
    ann = Person.objects.create_user("ann.secret@acme.example", name=PEOPLE[0], joined_at=AT)
    sam = Person.objects.create_user(
        "sam.hidden@demo.example", name=PEOPLE[2], joined_at=AT, staff_role="support"
    )
    Membership.objects.create(partner=acme, person=ann, role=Role.OWNER, since=AT)
    Partner.objects.filter(pk=acme.pk).update(agreed_by=ann, agreed_at=AT)
    Claim.objects.create(partner=acme, person=ann, evidence="secret claim", claimed_at=AT)
    Invitation.objects.create(
        partner=acme,
        email="invited@acme.example",
        role=Role.VIEWER,
        digest="d",
        invited_by=ann,
        invited_at=AT,
        expires_at=AT,
    )
    notice = {"kind": "k", "occasion": "o", "subject": "secret notice", "body": "secret notice"}
    Notice.objects.create(person=ann, partner=acme, told_at=AT, **notice)
    mail = {"to": ann.email, "subject": "secret mail", "text": "secret mail", "message_id": "m"}
    Mail.objects.create(made_at=AT, due_at=AT, **mail)
    comment(rate("/partners/acme/", helped=False, by=ann, at=AT), "secret rating")
    program = program_of(PROGRAM)
    write_announcements(program, review=date(2025, 7, 1), coming=date(2026, 7, 1), at=AT)
    publish(draft("By staff", "Words", by=sam, at=AT).pk, by=sam, at=AT)
    draft("Hidden draft post", "A hidden draft", by=sam, at=AT)
    issue_badges(at=AT)


def crawl(client):
    """Return what every public address answers; links are followed wherever they lead."""
    found, waiting = {}, ["/", "/robots.txt", "/sitemap.xml", "/program.json", "/agreement/"]
    waiting += ["/did.json", *_badges()]
    while waiting:
        address = waiting.pop()
        if address in found or address.startswith(NOT_CRAWLED):
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = answer.getvalue()
        text = _told(body)
        found[address] = html.unescape(text)
        waiting += _links(address, text)
    return found


def _badges():
    """Yield where every badge is, page and pictures; what is signed is told in pictures."""
    for number in Badge.objects.values_list("number", flat=True):
        yield from (f"/badges/{number}/", f"/badges/{number}.svg", f"/badges/{number}.png")


def _told(body):
    """Return what an answer says: its text, and what every signed text in it holds."""
    if body.startswith(b"PK"):
        return ""
    text = token_in(body, "badge.png") if body.startswith(b"\x89PNG") else body.decode()
    payloads = re.findall(r"eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+", text)
    shapes = re.sub(r' d="[^"]*"', "", text)  # coordinates are no figures
    return "\n".join([shapes, *(urlsafe_b64decode(f"{one}===").decode() for one in payloads)])


@pytest.fixture(scope="module")
def public(django_db_setup, django_db_blocker, tmp_path_factory):  # noqa: ARG001 - it makes the tables
    """The installation as the public sees it, and what is behind it; nothing of it stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_installation(tmp_path_factory.mktemp("privacy"))
        found = Public(
            answers=crawl(Client()),
            explanations=tuple(Decision.objects.values_list("explanation", flat=True)),
            names=frozenset(Partner.objects.values_list("name", flat=True)),
        )
        transaction.set_rollback(True)
    return found


@dataclass(frozen=True)
class Public:
    answers: dict[str, str]
    explanations: tuple[str, ...]
    names: frozenset[str]

    @property
    def text(self):
        """Every answer as one text, with and without its tags; thousands are not separated."""
        plain = " ".join(re.sub(r"<[^>]*>", " ", body) for body in self.answers.values())
        text = " ".join((*self.answers.values(), plain))
        return " ".join(re.sub(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}\b)", "", text).split())


def _links(address, text):
    """Yield the links within the site, with their queries and without fragments."""
    for written in re.findall(r'(?:href="|<loc>)([^"<#]*)', text):
        link = urljoin(address, html.unescape(written)).removeprefix(settings.BASE_URL)
        parts = urlsplit(link)
        if not parts.scheme and not parts.netloc and parts.path:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def test_the_crawl_reaches_every_public_address(public):
    reached = {
        pattern.name
        for pattern in urlpatterns
        for address in public.answers
        if pattern.resolve(urlsplit(address).path[1:])
    }
    assert {one.name for one in urlpatterns} - reached == {
        *("rate", "rate_comment", "access_check"),  # they take what a reader sends
        *("access_sent", "access_request"),  # behind a link that one address gets
        *("program_version", "program_version_json"),  # there is one version, read at /program/
    }


def test_no_figure_of_sales_is_public(public):
    text = public.text
    assert [figure for figure in SALES if re.search(rf"(?<!\d){figure}(?!\d)", text)] == []


def test_no_finding_is_public(public):
    """Of every text in an explanation that is not the program's own, none is on a page."""
    text = public.text
    own = json.dumps(program_document(program_of(PROGRAM)), ensure_ascii=False)
    told = {
        words
        for document in public.explanations
        for words in _texts(json.loads(document))
        if len(words) >= 12 and json.dumps(words, ensure_ascii=False)[1:-1] not in own
    }
    assert len(told) > 20
    assert sorted(words for words in told - public.names if words in text) == []


def _texts(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def test_what_is_signed_in_badges_is_read_too(public):
    signed = [body for at, body in public.answers.items() if at.endswith((".svg", ".png"))]
    assert len(signed) > 1
    assert all('"type":["AchievementSubject"]' in body for body in signed)


def test_no_person_is_public(public):
    text = public.text
    assert [one for one in PEOPLE if one in text] == []


def test_nothing_that_is_private_or_unpublished_is_public(public):
    text = public.text
    assert [one for one in PRIVATE if one in text] == []


def test_the_only_address_of_mail_is_that_of_support(public):
    addresses = set(re.findall(r"[\w.+-]+@[\w-]+\.[\w.]+", public.text))
    assert addresses == {"support@acme.example"}
