"""Home, standing and decisions: the same words and figures as `assay explain`."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from assay.core.rights import Role
from assay.jobs.reviews.explain import explain_decision
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.refresh_standing import refresh_standing
from assay.store.models import Decision, Partner, Review
from assay.words.explanation_document import explanation_document
from tests.few_partners import PROGRAM
from tests.portal.reviewed import AT, REVIEW_ON, STANDING_ON, member, record, write_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_ledger(tmp_path_factory.mktemp("standing"))


@pytest.fixture(scope="module")
def ledger(folder, lasting):
    return record(folder, lasting)


def text_of(answer):
    """The words of a page, without tags, each space once."""
    told = re.sub(r"<(script|style).*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", told)).split())


def explained(ledger, key, on):
    source = Source(ledger=ledger, known_at=AT)
    program, explanation = explain_decision(PROGRAM, source, key, on=on)
    return explanation_document(explanation, program)


def lines_of(line):
    yield line
    for part in line["parts"]:
        yield from lines_of(part)


@pytest.mark.parametrize("key", ["P1", "P2", "P3", "P4", "P5"])
def test_the_page_says_what_explain_says(client, ledger, key):
    person, address = member(key)
    client.force_login(person)
    told = text_of(client.get(f"{address}standing/"))
    document = explained(ledger, key, STANDING_ON)
    shown = document["next_tier"] or document["tier"]
    (sentence,) = [one["sentence"] for one in document["tiers"] if one["tier"] == shown]
    assert told.count(sentence) == 1
    for tier in document["tiers"]:
        for asked in tier["requirements"]:
            for line in lines_of(asked["parts"]):
                if line["kind"] == "comparison":
                    assert f"{line['found']} {line['distance']} {line['rule']}".split() in (
                        Within(told)
                    )


class Within:
    """Words in a text, however they are spaced."""

    def __init__(self, text):
        self.words = "".join(text.split())

    def __contains__(self, words):
        return "".join(words) in self.words


@pytest.mark.parametrize(("kind", "on"), [("review", REVIEW_ON), ("standing", STANDING_ON)])
def test_what_is_kept_is_the_document_of_explain(client, ledger, kind, on):
    person, address = member("P1")
    client.force_login(person)
    kept = Decision.objects.get(partner__key="P1", review__kind=kind)
    answer = client.get(f"{address}decisions/{kept.pk}/explanation.json")
    assert answer["Content-Disposition"].startswith("attachment")
    assert json.loads(answer.content) == explained(ledger, "P1", on)


def test_the_credited_tier_stands_beside_the_performing_one(client):
    person, address = member("P3")
    client.force_login(person)
    told = text_of(client.get(f"{address}standing/"))
    # Reviewed with sales of $500,000, a cent short of a quarter in cloud; nothing changed since.
    assert re.search(r"Credited tier\s+Silver by the review of 1 Jul 2025", told)
    assert re.search(r"Performing as\s+Silver as of 2 Sep 2025", told)


def test_home_says_that_a_tier_is_safe_and_by_how_much(client):
    person, address = member("P1")
    client.force_login(person)
    told = text_of(client.get(address))
    assert (
        "You hold Gold. On the facts up to 1 September 2025 you would keep it: "
        "annual gross sales, $41,200 above."
    ) in told


def test_home_says_that_a_tier_is_at_risk(client, folder, settings):
    ledger = record(folder, settings)
    refresh_standing(PROGRAM, ledger, at=AT + timedelta(days=1))  # the sales of 2 September leave
    person, address = member("P3")
    client.force_login(person)
    told = text_of(client.get(address))
    assert (
        "You hold Silver. It is at risk: on the facts up to 2 September 2025 you would hold "
        "Marketplace Partner. For Silver, 1 of 7 requirements is not met"
    ) in told
    assert "Annual gross sales R5 $500,000 → is now $0" in told
    standing = text_of(client.get(f"{address}standing/"))
    assert standing.count("For Silver, 1 of 7 requirements is not met") == 1


def test_a_tier_that_is_chosen_shows_only_what_is_missing(client):
    person, address = member("P1")
    client.force_login(person)
    told = client.get(f"{address}standing/?target=platinum").content.decode()
    matrix = re.search(r'<table class="matrix">.*?</table>', told, re.DOTALL).group()
    assert re.findall(r'<th scope="row">.*?<span class="clause">(\w+)', matrix) == ["R5", "R6"]
    steps = re.findall(r"<h3>.*?<span class=\"clause\">(\w+)", told)
    assert steps == ["R5", "R6"]  # $458,800 of $1,000,000 is nearer than 1 app of none
    assert '<th scope="col" class="lit">' in matrix
    everything = client.get(f"{address}standing/?target=platinum&all=1").content.decode()
    matrix = re.search(r'<table class="matrix">.*?</table>', everything, re.DOTALL).group()
    assert len(re.findall(r'<th scope="row">', matrix)) == 7


def test_a_tier_that_is_not_one_chooses_the_next(client):
    person, address = member("P1")
    client.force_login(person)
    told = text_of(client.get(f"{address}standing/?target=emperor"))
    assert "For Platinum, 2 of 7 requirements are not met" in told


def test_a_partner_without_a_decision_is_told_what_comes(client):
    fresh = Partner.objects.create(key="fresh", slug="fresh", name="Fresh", created_at=AT)
    person, address = member(fresh.key)
    client.force_login(person)
    for page in ("", "standing/", "sales/", "rows/slowest_response/"):
        assert "Nothing has been computed about you yet" in text_of(client.get(address + page))
    assert "No decision yet" in text_of(client.get(f"{address}decisions/"))


def test_the_decision_of_another_partner_does_not_exist(client):
    person, address = member("P1")
    client.force_login(person)
    other = Decision.objects.filter(partner__key="P3").first()
    for page in ("", "explanation.json", "explanation.html"):
        assert client.get(f"{address}decisions/{other.pk}/{page}").status_code == 404
    assert client.get(f"{address}rows/slowest_response/?decision={other.pk}").status_code == 404
    assert client.get("/portal/cent/standing/").status_code == 404


def test_a_decision_as_one_page_allows_its_own_style_and_nothing_else(client):
    person, address = member("P2")
    client.force_login(person)
    kept = Decision.objects.get(partner__key="P2", review__kind="review")
    answer = client.get(f"{address}decisions/{kept.pk}/explanation.html")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; "
        r"form-action 'none'; frame-ancestors 'none'",
        answer["Content-Security-Policy"],
    )
    assert "<script" not in answer.content.decode()


def test_a_decision_is_listed_and_told_as_it_was(client):
    person, address = member("P1", Role.VIEWER)
    client.force_login(person)
    listed = text_of(client.get(f"{address}decisions/"))
    assert re.search(r"1 Jul 2025 .*?Review: credits the tier", listed)
    assert "Standing: between reviews" in listed
    kept = Decision.objects.get(partner__key="P1", review__kind="review")
    told = text_of(client.get(f"{address}decisions/{kept.pk}/"))
    assert "Acme (P1) holds Gold as of 1 July 2025." in told
    assert kept.review.facts_digest in told


@pytest.mark.parametrize(
    ("page", "most"),
    [("", 14), ("standing/", 12), ("decisions/", 14), ("sales/", 14)],
)
def test_how_many_questions_a_page_asks_the_database(
    client, django_assert_max_num_queries, page, most
):
    person, address = member("P1")
    client.force_login(person)
    client.get(address + page)
    with django_assert_max_num_queries(most):
        assert client.get(address + page).status_code == 200


def test_nothing_new_leaves_the_standing_as_it_is(ledger):
    refresh_standing(PROGRAM, ledger, at=AT + timedelta(hours=1))
    assert Review.objects.filter(kind="standing").count() == 1
    refresh_standing(PROGRAM, ledger, at=AT + timedelta(days=1))
    assert [one.on.isoformat() for one in Review.objects.filter(kind="standing")] == [
        "2025-09-03",
        "2025-09-02",
    ]
