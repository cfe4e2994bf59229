"""`assay explain` as text."""

from dataclasses import replace

from assay.core.explanations import Standing
from assay.words.explanation_text import explanation_text


def paragraphs(explained, partner, *, rows=False, width=100):
    program, explanation = explained(partner, rows=rows)
    return explanation_text(explanation, program, rows=rows, width=width).split("\n\n")


def test_the_first_paragraph_answers(explained):
    assert paragraphs(explained, "P1")[0].splitlines() == [
        (
            "Acme (P1) holds Gold as of 1 July 2025. For Platinum, 2 of 7 requirements are not "
            "met: annual gross"
        ),
        (
            "sales, and what cloud contributes to them ($458,800 short); participation in the paid "
            "bug bounty"
        ),
        "program (1 app too many).",
        (
            "Facts up to 30 June 2025 count: 1 July 2024 to 30 June 2025 (V5: 1 July of the "
            "previous year to 30"
        ),
        "June); up to 30 June 2025 (V6: everything before 1 July).",
    ]


def test_every_requirement_of_a_tier_with_alternatives_as_branches(explained):
    assert paragraphs(explained, "P3", width=120)[2].splitlines() == [
        "Gold: 6 of 7 requirements met",
        "  ● All paid cloud and Data Center apps are paid via the platform (R1)",
        "    no cloud or Data Center apps paid outside the platform; found 0 apps",
        "  ● At least one paid cloud app (R2)",
        "    at least 1 paid cloud app; found 1 app, none to spare",
        "  ● All paid server apps with at least 500 installs are Data Center approved (R3)",
        (
            "    no paid server apps with at least 500 installs and without Data Center approval; "
            "found 0 apps"
        ),
        (
            "  ● Response time to the platform for customer escalations, Monday to Friday at the "
            "partner's address (R4)"
        ),
        "    escalations answered in less than 24 hours at the slowest; found none",
        "  ○ Annual gross sales, and what cloud contributes to them (R5)",
        "    either",
        "      ● at least $500,000 gross sales; found $500,000, none to spare",
        (
            "      ○ at least 25 % of it cloud; found 24.9 % ($124,999.99 of $500,000), $0.02 more "
            "of annual gross sales from cloud"
        ),
        "        would reach it",
        "    or",
        "      ○ at least $3,000,000 gross sales; found $500,000, $2,500,000 short",
        (
            "    What helps: Sales dated before the window's end still count once they are "
            "reported. Owner or finance can act."
        ),
        "  ● Participation in the paid bug bounty program (R6)",
        (
            "    no public paid cloud apps with more than 100 installs outside the bug bounty "
            "program; found 0 apps"
        ),
        "  ● Bug bounty awards meet the minimum payouts (R7)",
        "    no bounty awards below the minimum of the day; found 0 awards",
    ]


def test_what_is_unknown_says_what_is_missing(explained):
    silver = paragraphs(explained, "P2", width=120)[1].splitlines()
    assert silver[7:11] == [
        (
            "  ◌ Response time to the platform for customer escalations, Monday to Friday at the "
            "partner's address (R4)"
        ),
        "    escalations answered in less than 48 hours at the slowest; found at least 0 hours",
        "    Unknown: response time missing in 1 row of answered escalations.",
        "  ○ Annual gross sales, and what cloud contributes to them (R5)",
    ]


def test_without_a_tier_the_base_comes_first(explained):
    assert paragraphs(explained, "P4", width=200)[0].splitlines()[0] == (
        "P4 holds no tier as of 1 July 2025. Marketplace Partner asks for at least 1 listing paid "
        "via the platform (listings paid via the platform: 0 listings). For Silver, 2 of 7 "
        "requirements are not met: at"
    )


def test_rows_counted_near_the_edges_and_left_out(explained):
    sales = next(
        text for text in paragraphs(explained, "P5", rows=True) if text.startswith("Annual gross")
    )
    assert sales.splitlines() == [
        "Annual gross sales: $150,000 (R5)",
        (
            "  from Sales and refunds, 1 July 2024 to 30 June 2025 (V5: 1 July of the previous "
            "year to 30 June)"
        ),
        "  Within a week of the window's edges: 3 rows",
        "              transaction id  app id  hosting  sale date   sale type  purchase price",
        "    left out  t50             a5      cloud    2024-06-30  new                   $10",
        "    counted   t51             a5      cloud    2024-07-01  new              $150,000",
        "    left out  t52             a5      cloud    2025-07-01  new            $99,999.99",
        "  Counted: 1 row",
        "    transaction id  app id  hosting  sale date   sale type  purchase price",
        "    t51             a5      cloud    2024-07-01  new              $150,000",
        "  Left out: before 2024-07-01: 1 row",
        "    transaction id  app id  hosting  sale date   sale type  purchase price",
        "    t50             a5      cloud    2024-06-30  new                   $10",
        "  Left out: on or after 2025-07-01: 1 row",
        "    transaction id  app id  hosting  sale date   sale type  purchase price",
        "    t52             a5      cloud    2025-07-01  new            $99,999.99",
    ]


def test_lines_fit_the_width_and_rows_are_cut(explained):
    program, explanation = explained("P5")
    text = explanation_text(explanation, program, rows=True, width=60)
    long = [line for line in text.splitlines() if len(line) > 60]
    assert [line.split(",")[0].split(" d2:")[0] for line in long] == [
        "Program atlassian-marketplace@2024-06-13",
        "Facts digest",
    ]


def test_rows_that_are_not_shown_are_counted(explained):
    program, explanation = explained("P5")
    sales = explanation.evidence["gross_sales"]
    counted = [row for row in sales.rows if row.standing is Standing.COUNTED]
    counts = dict.fromkeys(sales.counts, 0) | {Standing.COUNTED: 99}
    many = replace(sales, rows=tuple(counted * 9), counts=counts)
    told = replace(explanation, evidence={"gross_sales": many})
    text = explanation_text(told, program, rows=True, width=100)
    assert "\n  Counted: 99 rows\n" in text
    assert "\n    and 94 more rows\n" in text
