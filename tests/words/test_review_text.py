"""`assay review` as text."""

from dataclasses import replace

import pytest

from assay.words.review_text import review_text


@pytest.fixture
def paragraphs(summarised):
    def of(**options):
        program, summary = summarised(**options)
        return review_text(summary, program, width=100).split("\n\n")

    return of


def test_the_outcome_counts_movers_near_misses_and_rows(paragraphs):
    outcome, counts, movers, near, rows, _ = paragraphs()
    assert outcome.splitlines() == [
        (
            "Of 5 reviewed for 1 July 2025: 0 Platinum, 1 Gold, 1 Silver, 2 Marketplace Partner "
            "and 1 without a"
        ),
        (
            "tier. Since the earlier decisions 1 moved up, 1 moved down and 1 left. Exact missed "
            "Silver by least"
        ),
        "(exactly the limit, which is not enough).",
        "Facts up to 30 June 2025 count (V5: 1 July 2024 to 30 June 2025; V6: up to 30 June 2025).",
    ]
    assert counts.splitlines() == [
        "Platinum                   0  before       0",
        "Gold                       1  before       2",
        "Silver                     1  before       1",
        "Marketplace Partner        2  before       2",
        "No tier                    1  before       0",
    ]
    assert movers.splitlines() == [
        "Up: 1",
        "  Acme (P1): Silver → Gold",
        "Down: 1",
        "  Cent (P3): Gold → Silver",
        "Left: 1",
        "  P9: Gold",
    ]
    assert near.splitlines() == [
        "Nearest to the next tier:",
        "  Exact (P5), Marketplace Partner, for Silver: R4, exactly the limit, which is not enough",
        (
            "  Cent (P3), Silver, for Gold: R5, $0.02 more of annual gross sales from cloud would "
            "reach it"
        ),
        "  Acme (P1), Gold, for Platinum: R5, $458,800 short; R6, 1 app too many",
        "  P4, No tier, for Silver: R2, 1 app short; R5, $100,000 short",
    ]
    assert rows.splitlines() == [
        "Rows read: partners 5, apps 5, app_numbers 0, listings 5, installs 2, transactions 8,",
        "bounty_enrolments 1, bounty_submissions 0, escalations 2.",
        "1 row of transactions left out: partner_id names nothing known (PX)",
        "There is no file of bounty_submissions: it is taken as empty.",
    ]


def test_without_earlier_decisions_nobody_is_said_to_move(paragraphs):
    outcome, counts, near, *_ = paragraphs(before=False)
    assert "Since" not in outcome
    assert counts.splitlines()[0] == "Platinum                   0"
    assert near.splitlines()[0] == "Nearest to the next tier:"


def test_nobody_at_all(paragraphs, tmp_path):
    (tmp_path / "partners.csv").write_text("partner_id\n", encoding="utf-8")
    outcome, _, near, *_ = paragraphs(before=False, source=tmp_path)
    assert outcome.splitlines()[0] == "Nobody was reviewed: the facts name no one."
    assert near == "Nobody missed the next tier by a distance that is known."


def test_long_lists_are_cut_and_rejected_rows_are_told(summarised):
    program, summary = summarised()
    rows = replace(summary.tables[0], rejected=2, repeated=1)
    movers = summary.movers[:1] * 12
    near = summary.near_misses[:1] * 11
    text = review_text(
        replace(summary, tables=(rows,), movers=movers, near_misses=near, near_miss_count=40),
        program,
        width=100,
    )
    assert "\n  and 2 more\n" in text
    assert "\n  and 30 more\n" in text
    assert "\nRows read: partners 5 (2 rejected, 1 repeated).\n" in text


def test_everybody_with_a_tier(summarised):
    program, summary = summarised()
    counts = dict.fromkeys(summary.counts, 0) | {"gold": 3}
    text = review_text(replace(summary, counts=counts), program, width=200)
    assert text.startswith(
        "Of 3 reviewed for 1 July 2025: 0 Platinum, 3 Gold, 0 Silver and 0 Marketplace Partner. "
    )
