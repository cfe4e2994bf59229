"""What is public: which partners, which tier, which apps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assay.store.models import Listing, Partner
from assay.store.queries.public.public import (
    apps_of,
    countries_and_products,
    directory,
    matching,
    partners_by_tier,
    public_addresses,
    public_app,
    public_partner,
)
from assay.store.queries.public.public_posts import moves_up
from tests.public_marketplace import AT, TIERS, enrol, make_app, make_partner, make_review

pytestmark = pytest.mark.django_db
JULY_2025, JULY_2026 = date(2025, 7, 1), date(2026, 7, 1)
TODAY = date(2026, 7, 20)


def names(rows):
    return [row["name"] for row in rows]


def shown():
    return names(directory(TODAY, TIERS))


def test_an_active_partner_with_a_tier_is_public():
    make_review(JULY_2026, {make_partner("Acme"): "gold"})
    assert shown() == ["Acme"]


def test_a_partner_known_from_facts_is_public_with_a_tier():
    make_review(JULY_2026, {make_partner("Known", "known"): "silver"})
    assert shown() == ["Known"]


def test_a_partner_known_from_facts_is_not_public_without_a_tier():
    known = make_partner("Known", "known")
    make_app(known, "Its app")
    make_review(JULY_2026, {known: "none"})
    assert shown() == []


def test_an_active_partner_without_a_tier_is_public_by_its_first_listed_app():
    new = make_partner("New")
    assert shown() == []
    make_app(new, "First")
    assert shown() == ["New"]
    assert public_partner("new", TODAY, TIERS).tier == "none"


@pytest.mark.parametrize("state", ["draft", "submitted", "sent_back", "retired"])
def test_an_app_that_is_not_listed_makes_nobody_public(state):
    make_app(make_partner("New"), "First", state)
    assert shown() == []


def test_a_private_app_makes_nobody_public():
    make_app(make_partner("New"), "First", public=False)
    assert shown() == []


def test_a_profile_that_is_a_draft_is_not_public():
    make_review(JULY_2026, {make_partner("Draft", "draft"): "gold"})
    assert shown() == []


def test_the_tier_is_that_of_the_newest_closed_review():
    acme = make_partner("Acme")
    make_review(JULY_2026, {acme: "silver"})
    make_review(JULY_2025, {acme: "gold"})
    assert public_partner("acme", TODAY, TIERS).tier == "silver"


def test_of_two_reviews_of_a_day_the_later_made_counts():
    acme = make_partner("Acme")
    make_review(JULY_2026, {acme: "gold"}, made_at=AT + timedelta(days=1))
    make_review(JULY_2026, {acme: "silver"})
    assert public_partner("acme", TODAY, TIERS).tier == "gold"


def test_a_standing_and_an_open_review_give_no_tier():
    acme = make_partner("Acme")
    make_review(JULY_2025, {acme: "silver"})
    make_review(date(2026, 5, 1), {acme: "platinum"}, kind="standing")
    make_review(JULY_2026, {acme: "gold"}, is_open=True)
    assert public_partner("acme", TODAY, TIERS).tier == "silver"


def test_a_tier_is_held_since_the_first_review_of_an_unbroken_row():
    acme = make_partner("Acme")
    for year, tier in ((2022, "gold"), (2023, "silver"), (2024, "gold"), (2025, "gold")):
        make_review(date(year, 7, 1), {acme: tier})
    make_review(JULY_2026, {acme: "gold"})
    assert public_partner("acme", TODAY, TIERS).since == date(2024, 7, 1)


def test_a_corrected_review_does_not_break_the_row():
    acme = make_partner("Acme")
    make_review(JULY_2025, {acme: "silver"})
    make_review(JULY_2025, {acme: "gold"}, made_at=AT + timedelta(hours=1))
    make_review(JULY_2026, {acme: "gold"})
    assert public_partner("acme", TODAY, TIERS).since == JULY_2025


def test_nobody_has_claimed_it_so_nothing_of_a_profile_shows():
    told = {"website": "https://acme.example/", "support_email": "help@acme.example"}
    make_review(JULY_2026, {make_partner("Known", "known", **told, description="Words"): "gold"})
    found = public_partner("known", TODAY, TIERS)
    assert (found.website, found.support_email, found.description) == ("", "", "")
    assert (found.name, found.country, found.claimed) == ("Known", "DE", False)


def test_the_directory_has_the_highest_tier_first_then_names():
    tiers = {"Zeta": "platinum", "Beta": "gold", "Acme": "gold", "Echo": "partner"}
    make_review(JULY_2026, {make_partner(name): tier for name, tier in tiers.items()})
    assert shown() == ["Zeta", "Acme", "Beta", "Echo"]


def test_the_directory_counts_listed_apps_and_tells_what_they_are_for():
    acme = make_partner("Acme")
    make_app(acme, "One", products=["Jira", "Confluence"])
    make_app(acme, "Two", products=["Jira"])
    make_app(acme, "Three", "draft", products=["Trello"])
    (row,) = directory(TODAY, TIERS)
    assert (row["apps_listed"], row["products"]) == (2, ["Confluence", "Jira"])


def test_a_partner_is_found_by_name_description_app_tier_product_and_country():
    acme = make_partner("Acme", country="SE", description="We draw diagrams")
    make_app(acme, "Links", products=["Jira"])
    make_app(acme, "Hidden", public=False)
    make_review(JULY_2026, {acme: "gold", make_partner("Beta"): "silver"})

    def found(**asked):
        return names(matching(directory(TODAY, TIERS), **asked))

    assert found(text="acm") == ["Acme"]
    assert found(text="DIAGRAM") == ["Acme"]
    assert found(text="link") == ["Acme"]
    assert found(text="hidden") == []
    assert found(tier="silver") == ["Beta"]
    assert found(product="Jira") == ["Acme"]
    assert found(product="Trello") == []
    assert found(country="SE") == ["Acme"]
    assert found() == ["Acme", "Beta"]


def test_counts_and_choices_speak_of_public_partners_alone():
    acme = make_partner("Acme", country="SE")
    make_app(acme, "Links", products=["Jira"])
    make_partner("Draft", "draft", country="FR")
    make_review(JULY_2026, {acme: "gold"})
    assert partners_by_tier(TODAY, TIERS) == {"gold": 1}
    assert countries_and_products(TODAY, TIERS) == (("SE",), ("Jira",))
    assert public_addresses(TODAY, TIERS) == (("acme",), ("links",))


def test_a_retired_listing_does_not_show():
    app = make_app(make_partner("Acme"), "Links", hostings=("cloud", "server"))
    Listing.objects.filter(app=app, hosting="server").update(retired_on=date(2026, 1, 1))
    (shown_app,) = apps_of("acme", TODAY)
    assert [listing.hosting for listing in shown_app.listings] == ["cloud"]


def test_an_app_of_a_partner_that_is_not_public_is_not_public():
    make_app(make_partner("Known", "known"), "Links")
    assert public_app("links", TODAY, TIERS) is None


def test_badges_are_attested_since_the_first_day():
    app = make_app(make_partner("Acme"), "Links", hostings=("cloud", "data_center"))
    enrol(app, "bug_bounty", date(2025, 6, 19))
    enrol(app, "data_center_approval", date(2025, 2, 1))
    enrol(app, "self_assessment", date(2025, 3, 1), valid_until=TODAY)  # gone on its last day
    found, _ = public_app("links", TODAY, TIERS)
    assert [(badge.program, badge.since) for badge in found.badges] == [
        ("data_center_approval", date(2025, 2, 1)),
        ("bug_bounty", date(2025, 6, 19)),
    ]


def test_who_moved_up():
    up, first, same, down, silent = (
        make_partner(name) for name in ("Up", "First", "Same", "Down", "Silent")
    )
    new = make_partner("New")
    Partner.objects.exclude(pk=silent.pk).update(announce_moves=True)
    before = {up: "silver", first: "none", same: "gold", down: "gold", silent: "silver"}
    make_review(JULY_2025, before)
    after = {up: "gold", first: "partner", same: "gold", down: "silver", silent: "gold"}
    make_review(JULY_2026, {**after, new: "gold"})
    assert [(move.name, move.before, move.tier) for move in moves_up(TIERS, TODAY)] == [
        ("Up", "silver", "gold"),
        ("First", "none", "partner"),
    ]


def test_nobody_moves_in_the_first_review():
    make_review(JULY_2026, {make_partner("Acme"): "gold"})
    assert moves_up(TIERS, TODAY) == ()
