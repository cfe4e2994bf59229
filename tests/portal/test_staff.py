"""Staff pages: what needs me, which partners, what happened here, where is it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from assay.core.notices.people import MEMBER_JOINED
from assay.core.rights import Role
from assay.jobs.notices.queue_mail import queue_mail
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.portal.access import BOTH_FACTORS
from assay.store.models import (
    App,
    Claim,
    Decision,
    Disagreement,
    Mail,
    Membership,
    Partner,
    Person,
    Rating,
    Review,
    Upload,
)
from tests.granted import grant, life

AT = datetime(2026, 7, 10, 9, tzinfo=UTC)
NEVER_OLD = datetime(2999, 1, 1, tzinfo=UTC)
EXPLANATION = {
    "answer": "Acme Demo performs at Silver. Gold misses sales.",
    "tiers": [
        {
            "tier": "gold",
            "title": "Gold",
            "requirements": [
                {"requirement": "r", "title": "Annual gross sales", "outcome": "not_met"},
                {"requirement": "s", "title": "Response time", "outcome": "unknown"},
            ],
        }
    ],
}
pytestmark = pytest.mark.django_db


def sign_in(client, role):
    person = Person.objects.create_user(f"{role}@demo.example", joined_at=AT, staff_role=role)
    client.force_login(person)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return person


def partner(key, name, **more):
    return Partner.objects.create(key=key, slug=key.lower(), name=name, created_at=AT, **more)


def run(kind, on, placed):
    """Keep a run: of each partner its tier, rank, sales and how many requirements are unknown."""
    review = Review.objects.create(
        kind=kind,
        program="atlassian-marketplace@2024-06-13",
        program_digest="p",
        facts_digest="f",
        on=on,
        cut_off=on,
        **life(kind, AT),
    )
    for held, (tier, rank, sales, unknown) in placed.items():
        Decision.objects.create(
            review=review,
            partner=held,
            tier=tier,
            rank=rank,
            sales=Decimal(sales),
            sales_are_least=unknown > 0,
            unknown=unknown,
            explanation=json.dumps(EXPLANATION),
        )
    if kind == "review":
        grant(review)
    return review


@pytest.fixture
def acme():
    return partner("P1", "Acme Demo", country="DE", state="active")


@pytest.fixture
def placed(acme):
    """Three partners: one at risk, one rising, one as it was with facts missing."""
    rising = partner("P2", "Bolt Demo", country="FR")
    same = partner("P3", "Cobalt Demo", country="DE")
    partner("P4", "Dove Demo", country="DE", state="known")
    run(
        "review",
        date(2026, 7, 1),
        {
            acme: ("gold", 3, "600000", 0),
            rising: ("silver", 2, "200000", 0),
            same: ("silver", 2, "0", 0),
        },
    )
    run(
        "standing",
        date(2026, 7, 10),
        {
            acme: ("silver", 2, "450000", 0),
            rising: ("gold", 3, "500000.50", 0),
            same: ("silver", 2, "100", 2),
        },
    )


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def names(client, query):
    answer = client.get(f"/staff/partners/?{query}&download=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    return [line.split(",")[0] for line in lines[1:]]


@pytest.mark.usefixtures("placed")
def test_every_partner_is_listed_with_both_tiers_sales_and_their_trend(client):
    sign_in(client, "finance")
    answer = client.get("/staff/partners/?download=csv")
    assert b"".join(answer.streaming_content).decode().splitlines() == [
        "Partner,Key,Credited,Performing,Gross sales,Trend,Not known,Country,Profile",
        "Acme Demo,P1,Gold,Silver,450000.00,-25.0,0,DE,Active",
        "Bolt Demo,P2,Silver,Gold,500000.50,150.0,0,FR,Begun",
        "Cobalt Demo,P3,Silver,Silver,100.00,,2,DE,Begun",
        "Dove Demo,P4,,,,,,DE,From reports",
    ]
    shown = page(client, "/staff/partners/")
    assert "One of 4 partners performs below its credited tier." in shown
    assert "−25" in shown  # noqa: RUF001 - a true minus
    assert "≥ $100" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("show=at_risk", ["Acme Demo"]),
        ("show=rising", ["Bolt Demo"]),
        ("show=missing", ["Cobalt Demo"]),
        ("credited=silver", ["Bolt Demo", "Cobalt Demo"]),
        ("tier=gold", ["Bolt Demo"]),
        ("country=FR", ["Bolt Demo"]),
        ("state=known", ["Dove Demo"]),
        ("q=cob", ["Cobalt Demo"]),
        ("q=p4", ["Dove Demo"]),
        ("country=DE&sort=-name", ["Dove Demo", "Cobalt Demo", "Acme Demo"]),
        ("show=at_risk&country=FR", []),
    ],
)
@pytest.mark.usefixtures("placed")
def test_partners_are_narrowed_and_sorted(client, query, found):
    sign_in(client, "auditor")
    assert names(client, query) == found


@pytest.mark.usefixtures("placed")
def test_the_list_of_partners_asks_few_questions(client, django_assert_max_num_queries):
    sign_in(client, "finance")
    with django_assert_max_num_queries(20):
        page(client, "/staff/partners/")


def test_an_installation_of_nothing_says_what_comes_next(client):
    sign_in(client, "program_manager")
    assert "Nothing needs you right now." in page(client, "/staff/")
    assert "No partners yet" in page(client, "/staff/partners/")
    assert "No mail has been written yet" in page(client, "/staff/outbox/")


def waiting_work(acme):
    person = Person.objects.create_user("ann@acme.example", joined_at=AT)
    app = App.objects.create(
        partner=acme, key="links", slug="links", name="Links", state="submitted", step="submitted",
        created_at=AT, changed_at=AT - timedelta(days=2),
    )  # fmt: skip
    Claim.objects.create(partner=acme, person=person, claimed_at=AT)
    Upload.objects.create(
        name="sales.csv", file="f", size=1, source="s", state="ready", by=person, uploaded_at=AT,
        changed_at=AT,
    )  # fmt: skip
    Disagreement.objects.create(app=app, kind="payment", found_at=AT)
    Rating.objects.create(path="/program/", helped=False, at=NEVER_OLD)
    mail = queue_mail(to="a@b.example", subject="S", text="T", at=AT)
    Mail.objects.filter(pk=mail.pk).update(state="failed", error="Refused")


def cards(client):
    shown = client.get("/staff/").context
    return [card.key for card in shown["mine"]], [card.key for card in shown["others"]]


@pytest.mark.usefixtures("placed")
def test_today_shows_what_ones_role_does_first_and_then_what_waits_for_colleagues(client, acme):
    waiting_work(acme)
    sign_in(client, "security")
    assert cards(client) == (
        ["apps", "risks", "ratings"],
        ["claims", "uploads", "disagreements", "mails"],
    )
    shown = page(client, "/staff/")
    assert "3 things need you." in shown
    assert "the oldest since 8 Jul 2026, 09:00" in shown
    assert "For: Finance, Program manager" in shown


@pytest.mark.usefixtures("placed")
def test_a_manager_is_needed_everywhere(client, acme):
    waiting_work(acme)
    sign_in(client, "program_manager")
    assert cards(client)[1] == []


@pytest.mark.usefixtures("placed")
def test_who_was_at_risk_in_the_standing_before_is_not_new(client, acme):
    sign_in(client, "auditor")
    assert client.get("/staff/").context["mine"][0].new == 1
    run("standing", date(2026, 7, 11), {acme: ("silver", 2, "1", 0)})
    card = client.get("/staff/").context["mine"][0]
    assert (card.key, card.count, card.new) == ("risks", 1, 0)


@pytest.mark.usefixtures("placed")
def test_a_partner_is_shown_with_everything(client, acme):
    owner = Person.objects.create_user("ann@acme.example", name="Ann Demo", joined_at=AT)
    Membership.objects.create(partner=acme, person=owner, role=Role.OWNER, since=AT)
    App.objects.create(
        partner=acme, key="links", slug="links", name="Links", created_at=AT, changed_at=AT
    )
    tell(MEMBER_JOINED, occasion="1", subject="Bob joined", body="B", at=AT, partner=acme)
    record("app_made", "Ann made the app Links", at=AT, by=owner, partner=acme)
    sign_in(client, "support")
    shown = page(client, "/staff/partners/p1/")
    assert "At risk: it holds Gold, and on today&#x27;s evidence it performs at Silver." in shown
    for words in (
        "Acme Demo performs at Silver. Gold misses sales.",
        "Annual gross sales",
        "Ann Demo",
        "Links",
        "Bob joined",
        "Ann made the app Links",
        'action="/staff/view-as/p1/"',
    ):
        assert words in shown
    assert "Waiting" in page(client, "/staff/partners/p1/notices/")


def test_a_partner_of_whom_nothing_is_known_says_so(client):
    partner("P9", "New Demo")
    sign_in(client, "support")
    shown = page(client, "/staff/partners/p9/")
    assert "Nothing has been computed for this partner yet: no report names it." in shown
    assert "Nobody is in this partner." in shown


def test_a_partner_that_does_not_exist_is_not_found(client):
    sign_in(client, "support")
    assert client.get("/staff/partners/nobody/").status_code == 404
    assert client.get("/staff/partners/nobody/notices/").status_code == 404
    assert client.get("/staff/outbox/77/").status_code == 404


def test_the_timeline_is_paged_and_leaves_out_pages_that_staff_opened(client, acme):
    staff = sign_in(client, "support")
    for number in range(30):
        record("made", f"Act {number}.", at=AT + timedelta(minutes=number), by=staff, partner=acme)
    record("page_viewed", "Opened home.", at=AT + timedelta(days=1), by=staff, partner=acme)
    first = page(client, "/staff/partners/p1/")
    assert "Act 29." in first
    assert "Act 4." not in first
    assert "Opened home." not in first
    assert "Act 4." in page(client, "/staff/partners/p1/?page=2")
    assert "Act 4." in page(client, "/staff/partners/p1/?page=99")
    assert "Act 29." in page(client, "/staff/partners/p1/?page=x")
    assert "Opened home." in page(client, "/staff/partners/p1/?views=on")


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("p2", "Rising: it holds Silver, and on today's evidence it performs at Gold."),
        ("p3", "It holds Silver, and on today's evidence it keeps it."),
    ],
)
@pytest.mark.usefixtures("placed")
def test_a_partner_is_told_in_a_sentence(client, key, sentence):
    sign_in(client, "support")
    assert client.get(f"/staff/partners/{key}/").context["sentence"] == sentence


def test_before_the_first_review_there_is_no_credited_tier(client, acme):
    run("standing", date(2026, 7, 10), {acme: ("silver", 2, "1", 0)})
    sign_in(client, "support")
    assert client.get("/staff/partners/p1/").context["sentence"] == (
        "On today's evidence it performs at Silver; no review has credited it yet."
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", ["Acme Demo", "Ann Demo"]),
        ("P1", ["Acme Demo"]),
        ("lin", ["Links"]),
        ("ann@", ["Ann Demo"]),
        ("sales.csv", ["sales.csv"]),
        ("nothing of it", []),
        ("a", []),
        ("", []),
        ("%", []),
        ("\0", []),
        ("x" * 5000, []),
    ],
)
def test_search_finds_by_id_or_name(client, acme, text, found):
    ann = Person.objects.create_user("ann@acme.example", name="Ann Demo", joined_at=AT)
    Membership.objects.create(partner=acme, person=ann, role=Role.OWNER, since=AT)
    App.objects.create(
        partner=acme, key="links", slug="links", name="Links", created_at=AT, changed_at=AT
    )
    Upload.objects.create(
        name="sales.csv", file="f", size=1, source="s", by=ann, uploaded_at=AT, changed_at=AT
    )
    sign_in(client, "auditor")
    groups = client.get("/staff/search/", {"q": text}).context["groups"]
    assert [line.name for _, lines in groups for line in lines] == found


@pytest.mark.usefixtures("placed")
def test_a_decision_is_found_by_its_number(client):
    sign_in(client, "auditor")
    decision = Decision.objects.filter(partner__key="P1").first()
    groups = client.get("/staff/search/", {"q": str(decision.pk)}).context["groups"]
    assert [line.address for _, lines in groups for line in lines] == ["/staff/partners/p1/"]
