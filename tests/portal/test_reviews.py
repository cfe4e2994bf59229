"""Pages of reviews: what staff see, and what each of two people may do."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.urls import reverse

from assay.core.rights import StaffRole
from assay.jobs.appeals.look_again import look_again
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.close_review import close_review
from assay.jobs.reviews.open_review import open_review
from assay.portal.access import BOTH_FACTORS
from assay.store.models import CalendarPause, CalendarRun, Decision, Override, Person, Review
from assay.store.queries.reviews.credited import credited_on
from tests.portal.reviewed import ledger as ledger  # noqa: PLC0414 - a fixture
from tests.portal.reviewed import written as written  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.django_db
AT = datetime(2025, 9, 2, 9, tzinfo=UTC)
JULY_2025, JULY_2026 = date(2025, 7, 1), date(2026, 7, 1)


def sign_in(client, name, role=StaffRole.PROGRAM_MANAGER):
    email = f"{name}@demo.example"
    person = Person.objects.filter(email=email).first()
    person = person or Person.objects.create_user(email, joined_at=AT, staff_role=role)
    client.force_login(person)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return person


@pytest.fixture
def closed(ledger):
    """The review of 2025 is closed."""
    review = open_review(ledger, on=JULY_2025, at=AT)
    return close_review(review.pk, by=None, at=AT, settling_days=14)


@pytest.fixture
def review(client, closed, ledger):  # noqa: ARG001 - the review before
    """The review of 2026 was opened by Ann: P1 and P3 fall to Marketplace Partner."""
    ann = sign_in(client, "ann")
    return open_review(ledger, on=JULY_2026, at=datetime(2026, 7, 2, 9, tzinfo=UTC), by=ann)


def page(client, name, *arguments, **query):
    return client.get(reverse(name, args=arguments), query)


def test_a_review_says_who_moves_and_what_it_costs(client, review):
    context = page(client, "staff_review", review.pk).context
    told = context["told"]
    assert dict(told.moves) == {"enters": 0, "up": 0, "stays": 3, "down": 2}
    assert told.counts == {"none": 1, "partner": 4}
    assert told.before == {"none": 1, "partner": 2, "silver": 1, "gold": 1}
    # Gold 35,000, Silver 20,000 and two partners at 2,500 before; four partners now.
    assert (context["cost_before"], context["cost"]) == (60_000, 10_000)
    assert told.sales_before == 541_200 + 500_000 + 150_000
    assert [row.record["partner__key"] for row in context["movers"].rows] == ["P1", "P3"]
    assert (context["may_close"], context["is_first"]) == (False, True)


def test_decisions_are_filtered_and_downloaded(client, review):
    def keys(**query):
        rows = page(client, "staff_review_decisions", review.pk, **query).context["table"].rows
        return [row.record["partner__key"] for row in rows]

    assert keys(show="movers", sort="move") == ["P1", "P3"]
    assert keys(move="down") == ["P1", "P3"]
    assert keys(tier="none") == ["P4"]
    assert keys(q="cent") == ["P3"]
    assert keys(show="unknown") == []
    assert keys(show="overrides") == []
    answer = page(client, "staff_review_decisions", review.pk, move="down", download="csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert lines[0].split(",")[:6] == ["Partner", "Key", "Before", "Computed", "Granted", "Moves"]
    assert lines[1].split(",")[:6] == [
        *("Acme", "P1", "Gold", "Marketplace Partner", "Marketplace Partner", "Down")
    ]


def test_who_misses_a_fact_is_named_with_what_it_is(client, closed):
    sign_in(client, "ann")
    (row,) = page(client, "staff_review_unknown", closed.pk).context["table"].rows
    assert row.record["key"] == "P2"
    assert row.record["tiers"] == ["Silver", "Gold", "Platinum"]
    assert row.record["missing"] == "response time missing in 1 row of answered escalations"


def test_one_opens_and_asks_for_a_waiver_another_approves_and_closes(client, review):
    cent = Decision.objects.get(review=review, partner__key="P3")
    address = reverse("staff_override_ask", args=[review.pk, cent.pk])
    wish = {"kind": "waiver", "tier": "silver", "reason": "Their report was late"}
    assert client.post(address, wish).status_code == 422
    wish["last_on"] = "2026-12-31"
    decision = reverse("staff_review_decision", args=[review.pk, cent.pk])
    assert client.post(address, wish).headers["Location"] == decision
    override = Override.objects.get()
    decide = reverse("staff_override_decide", args=[review.pk, override.pk])
    client.post(decide, {"decision": "approve"})
    assert Override.objects.get().state == "asked"
    sign_in(client, "ben", StaffRole.FINANCE)
    assert client.get(decision).context["may_decide"] is True
    client.post(decide, {"decision": "approve", "words": "Agreed"})
    assert Override.objects.get().state == "approved"
    assert page(client, "staff_review", review.pk).context["may_close"] is True
    client.post(reverse("staff_review_close", args=[review.pk]))
    assert Review.objects.get(pk=review.pk).state == "closed"
    today = credited_on(date(2026, 11, 23))
    assert today[cent.partner_id].tier == "silver"


def test_the_calendar_is_seen_paused_and_run_by_hand(client, ledger):  # noqa: ARG001 - facts
    sign_in(client, "ann")
    client.post(reverse("staff_calendar_pause"), {"why": ""})
    assert CalendarPause.objects.count() == 0
    client.post(reverse("staff_calendar_pause"), {"why": "The reports are late"})
    context = page(client, "staff_reviews").context
    assert context["paused"].why == "The reports are late"
    assert [act.kind.value for act, _ in context["coming"]].count("open") == 1
    client.post(reverse("staff_calendar_resume"))
    client.post(reverse("staff_calendar_run"))
    client.post(reverse("staff_calendar_assess"))
    assert sorted(CalendarRun.objects.values_list("kind", flat=True)) == ["assess", "begin"]
    newest = page(client, "staff_reviews").context["openable"][0]
    client.post(reverse("staff_review_open"), {"on": newest.isoformat()})
    assert Review.objects.get(kind="review").on == newest


def test_a_rehearsal_keeps_nothing(client, ledger):  # noqa: ARG001 - facts
    sign_in(client, "auditor", StaffRole.AUDITOR)
    context = page(client, "staff_review_rehearse", on="2025-07-01").context
    assert [count for _, _, count in context["counts"]] == [1, 2, 1, 1, 0]
    assert context["cost"] == 60_000
    assert Review.objects.count() == 0


@pytest.mark.parametrize("on", ["0001-07-01", "9999-12-31"])
def test_days_beyond_all_calendars_are_refused(client, ledger, on):  # noqa: ARG001 - facts
    sign_in(client, "ann")
    context = page(client, "staff_review_rehearse", on=on).context
    assert (list(context["form"].errors), "counts" in context) == (["on"], False)
    assert client.post(reverse("staff_review_open"), {"on": on}).status_code == 302
    assert Review.objects.count() == 0


def test_a_rehearsal_names_who_would_move_from_which_tier_to_which(client, closed):  # noqa: ARG001
    sign_in(client, "auditor", StaffRole.AUDITOR)
    context = page(client, "staff_review_rehearse", on="2026-07-01").context
    moved = [(one.partner, one.was, one.tier, one.move) for one, *_ in context["moved"]]
    assert moved == [("Acme", "gold", "partner", "down"), ("Cent", "silver", "partner", "down")]
    assert [context[name] for name in ("up", "down", "enter")] == [0, 2, 0]


LATE = (
    "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,"
    "vendor_amount,currency\nt90,P3,a3,cloud,2025-06-30,new,1,,USD\n"
)


def test_late_facts_are_told_on_three_pages_once_somebody_has_looked(client, closed, ledger):
    sign_in(client, "ann")
    cent = closed.decisions.get(partner__key="P3")
    text = page(client, "staff_review_late", closed.pk).content.decode()
    assert "Nobody has looked" in text
    assert "No decision would differ" not in text
    late = ledger.parent / "transactions.csv"
    late.write_text(LATE, encoding="utf-8")
    order = Order.under(settings.PROGRAM, source="late", partner_id=None, as_of=None)
    now = datetime(2025, 9, 5, 9, tzinfo=UTC)
    import_reports(ledger, [late], order, imported_at=now)
    look_again(closed.pk, ledger, at=now)
    (row,) = page(client, "staff_review_late", closed.pk).context["table"].data.data
    assert (row.partner, row.tier, row.tier_now) == ("Cent", "Silver", "Gold")
    assert page(client, "staff_review", closed.pk).context["late"].differing[0].partner == "Cent"
    assert page(client, "staff_review_decision", closed.pk, cent.pk).context["late_tier"] == "Gold"


def test_a_review_is_given_up_with_a_reason(client, review):
    address = reverse("staff_review_abandon", args=[review.pk])
    assert client.post(address, {"why": ""}).status_code == 422
    client.post(address, {"why": "A report was missing"})
    held = Review.objects.get(pk=review.pk)
    assert (held.state, held.abandoned_why) == ("abandoned", "A report was missing")


def test_auditors_see_and_change_nothing(client, review):
    sign_in(client, "auditor", StaffRole.AUDITOR)
    assert page(client, "staff_review", review.pk).status_code == 200
    for name in ("staff_review_ask", "staff_review_close", "staff_review_abandon"):
        assert client.post(reverse(name, args=[review.pk])).status_code == 403
    assert client.get(reverse("staff_review", args=[10**6])).status_code == 404
