"""The explanation as a page that one can send."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date

from assay.words.explanation_page import explanation_page
from assay.words.hallmarks import Hallmark, hallmarks


def page_of(explained, partner, *, rows=True):
    program, explanation = explained(partner, rows=rows)
    return explanation_page(explanation, program)


def test_a_name_is_words_whatever_it_says(explained):
    page = page_of(explained, "P2")
    assert "<script" not in page
    assert "<h1>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt; (P2)</h1>" in page


def test_the_page_allows_its_own_style_and_nothing_else(explained):
    page = page_of(explained, "P1")
    style = re.search(r"<style>(.*)</style>", page, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert re.findall(r"""\s(?:src|href|style|on\w+)=|url\(|@import""", page) == []


def test_the_next_tier_is_lit(explained):
    page = page_of(explained, "P1")
    heads = re.findall(r'<th scope="col"( class="lit")?><span class="tier">.*?</svg>(\w+)', page)
    assert heads == [("", "Silver"), ("", "Gold"), (' class="lit"', "Platinum")]


def test_the_next_tier_says_what_helps_and_who_can_do_it(explained):
    assert re.findall('<p class="remedy">(.*)</p>', page_of(explained, "P1")) == [
        (
            "Sales dated before the window&#39;s end still count once they are reported. "
            "Owner or finance can act."
        ),
        "Enrol these apps in the paid bug bounty program. Owner or security can act.",
    ]


def test_alternatives_are_branches_of_one_cell(explained):
    page = page_of(explained, "P1")
    assert page.count('<ul class="branches">') == 2  # of Gold and of Platinum
    assert page.count('<span class="either">or</span>') == 2


def test_rows_that_were_not_asked_for_are_said_to_be(explained):
    page = page_of(explained, "P1", rows=False)
    assert "The rows were not asked for" in page
    assert "<tbody>\n<tr class=" not in page


def test_a_missing_fact_is_named(explained):
    cell = '<p class="remedy unknown">response time missing in 1 row of answered escalations</p>'
    assert page_of(explained, "P2").count(cell) == 3


def test_how_many_rows_are_not_shown(explained):
    program, explanation = explained("P1")
    sales = explanation.evidence["gross_sales"]
    rows = sales.rows[:1] * 20
    many = replace(sales, rows=rows, counts=dict.fromkeys(sales.counts, 0) | {rows[0].standing: 99})
    page = explanation_page(replace(explanation, evidence={"gross_sales": many}), program)
    assert "Counted: 99 rows; the first 12 are shown, 87 more are not" in page


def test_hallmarks_have_shapes_from_the_highest_tier_down(explained):
    program, _ = explained("P1")
    assert hallmarks(program, date(2025, 7, 1)) == {
        "none": None,
        "partner": Hallmark(shape="cartouche", metal="metal-0", letter="A", year=2025),
        "silver": Hallmark(shape="oval", metal="metal-3", letter="A", year=2025),
        "gold": Hallmark(shape="octagon", metal="metal-2", letter="A", year=2025),
        "platinum": Hallmark(shape="house", metal="metal-1", letter="A", year=2025),
    }
