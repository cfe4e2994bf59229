"""A year in play on a ledger: late rows, a new version in between, a grace; worked out by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from assay.cli.main import app
from assay.core.issues import Refused
from assay.core.reviewing import Move
from assay.documents.programs import program_file
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.reviews.play_year import play_year
from assay.words.played import played_text
from tests.few_partners import PROGRAM, write_facts

# What was 124,999.99 is a cent over a quarter of all that Cent sold: Gold instead of Silver.
RESTATED = (
    "transaction_id,partner_id,app_id,hosting,sale_date,sale_type,purchase_price,vendor_amount,"
    "currency\nt31,P3,a3,cloud,2024-09-02,new,125000.01,,USD\n"
)


def at(year, month, day):
    return datetime(year, month, day, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A ledger that knew of June 2025 in time, and of one restatement in the settling days."""
    made = tmp_path_factory.mktemp("play")
    order = Order.under(PROGRAM, source="reports", partner_id=None, as_of=None)
    files = sorted(write_facts(made).glob("*.csv"))
    import_reports(made / "ledger", files, order, imported_at=at(2025, 6, 30))
    late = made / "late" / "transactions.csv"
    late.parent.mkdir()
    late.write_text(RESTATED, encoding="utf-8")
    import_reports(made / "ledger", [late], order, imported_at=at(2025, 7, 9))
    text = program_file(PROGRAM).read_text(encoding="utf-8")
    newer = (
        text.replace("version: 2024-06-13", "version: 2026-01-01")
        .replace("grace: none", "grace: 30 days")
        .replace("months: [9, 12, 3, 4, 5, 6]", "months: [8, 9]")
    )
    for version, written in (("2024-06-13", text), ("2026-01-01", newer)):
        file = made / "program" / version / "program.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(written, encoding="utf-8")
    return made


def played(folder, since, until, **more):
    reference = str(folder / "program" / "2024-06-13")
    days = {"since": since, "until": until, "settling_days": 14}
    return [one for one, _ in play_year(reference, folder / "ledger", **days, **more)]


def told(one):
    moved = ", ".join(f"{m.partner} {m.was}-{m.tier}" for m in one.moved)
    return f"{one.act.on} {one.act.kind} {moved}".strip()


def test_three_years_by_hand(folder):
    acts = played(folder, date(2025, 7, 1), date(2026, 9, 30))
    enter = "P1 none-gold, P2 none-partner, P3 none-silver, P5 none-partner"
    fall = "P1 gold-partner, P3 gold-partner"
    assert [told(one) for one in acts] == [
        f"2025-07-01 open {enter}",
        f"2025-07-15 may_close {enter.replace('silver', 'gold')}",
        "2025-09-01 assess",
        f"2025-12-01 assess {fall}",
        f"2026-07-01 open {fall}",
        f"2026-07-15 may_close {fall}",
        f"2026-08-01 assess {fall}",
        "2026-09-01 assess",
    ]
    assert acts[1].late == ("P3",)
    assert acts[5].late == ()
    assert [one.program.partition("@")[2] for one in acts[3:5]] == ["2024-06-13", "2026-01-01"]
    assert acts[0].counts == {"none": 1, "partner": 2, "silver": 1, "gold": 1, "platinum": 0}
    assert [acts[1].how_many(move) for move in Move] == [4, 0, 1, 0]
    assert [acts[5].how_many(move) for move in Move] == [0, 0, 3, 2]


def test_a_day_knows_what_was_known_at_its_end(folder):
    (first,) = played(folder, date(2024, 7, 1), date(2024, 7, 1))
    assert sum(first.counts.values()) == 0
    (seen,) = played(folder, date(2024, 7, 1), date(2024, 7, 1), hindsight=True)
    assert sum(seen.counts.values()) == 5


def test_what_may_be_closed_without_having_been_opened_is_told(folder):
    (one,) = played(folder, date(2025, 7, 2), date(2025, 7, 31))
    assert list(played_text(one)) == ["2025-07-15  review closed: not done, no review is open"]


def test_an_act_in_words(folder):
    acts = played(folder, date(2025, 7, 1), date(2025, 12, 1))
    counts = "1 none, 2 partner, 0 silver, 2 gold, 0 platinum"
    assert list(played_text(acts[1])) == [
        f"2025-07-15  review closed (atlassian-marketplace@2024-06-13): {counts}",
        "            4 enter, 0 up, 1 stay, 0 down",
        "            changed by what came late: P3",
    ]
    counts = "1 none, 4 partner, 0 silver, 0 gold, 0 platinum"
    assert list(played_text(acts[3])) == [
        f"2025-12-01  assessed (atlassian-marketplace@2024-06-13): {counts}",
        "            2 below the credited tier: P1 (gold to partner), P3 (gold to partner)",
    ]


def run(*arguments):
    return CliRunner().invoke(app, ["year", *map(str, arguments)])


def test_the_command_gives_the_same_bytes_and_writes_what_reviews_write(folder, tmp_path):
    asked = (
        *("--from", "2025-07-01", "--to", "2025-07-31", "--ledger", folder / "ledger"),
        *("--out", tmp_path / "out", "--json"),
    )
    first, second = run(*asked), run(*asked)
    assert (first.exit_code, first.output) == (0, second.output)
    assert [one["act"] for one in json.loads(first.stdout)] == ["review opened", "review closed"]
    decisions = (tmp_path / "out" / "2025-07-01" / "decisions.csv").read_text(encoding="utf-8")
    assert decisions.splitlines()[1:] == [
        "P1,gold",
        "P2,partner",
        "P3,gold",
        "P4,none",
        "P5,partner",
    ]
    told = run("--from", "2025-07-01", "--to", "2025-07-31", "--ledger", folder / "ledger")
    assert told.stdout.splitlines()[-1] == "            changed by what came late: P3"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2025-07-01", "--to", "2025-06-01", "--ledger", "x"), "is after --to"),
        (("--from", "July", "--to", "2025-06-01", "--ledger", "x"), "no date"),
        (("--from", "2025-07-01", "--to", "2025-08-01"), "give a ledger or --dir"),
        (("--from", "0001-01-01", "--to", "2025-08-01", "--ledger", "x"), "no day from 1970-01-01"),
        (("--from", "2025-07-01", "--to", "9999-12-31", "--ledger", "x"), "to 2999-12-31"),
        (
            ("--from", "2025-07-01", "--to", "2025-07-01", "--ledger", "/nowhere"),
            "cannot be played",
        ),
    ],
)
def test_what_cannot_be_played_is_refused(arguments, said):
    found = run(*arguments)
    assert isinstance(found.exception, Refused)
    assert said in str(found.exception)
