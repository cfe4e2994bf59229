"""Reading golden cases: what is filled in, and every fault with its line."""

from datetime import date

import pytest

from assay.core.issues import Refused
from assay.documents.cases import read_cases
from assay.documents.programs import load_program

HEAD = "about: a test\nclause: R5\non: 2025-07-01\n"
PARTNER = "facts: {partners: [{partner_id: p}]}\n"


@pytest.fixture(scope="module")
def program():
    return load_program("atlassian-marketplace@2024-06-13")


@pytest.fixture
def read(tmp_path, program):
    def read(text, name="a.yaml"):
        (tmp_path / "cases").mkdir(exist_ok=True)
        (tmp_path / "cases" / name).write_text(text, encoding="utf-8")
        return read_cases(tmp_path, program)

    return read


def faults(read, text):
    with pytest.raises(Refused) as refused:
        read(text)
    return [(issue.file, issue.line, issue.message) for issue in refused.value.issues]


def cells(case, table):
    return [dict(row.cells) for row in case.rows[table]]


def test_a_case_has_the_facts_of_its_file_and_its_own(read):
    (case,) = read(
        f"{HEAD}{PARTNER}"
        "cases:\n"
        "  - name: more\n"
        "    facts: {apps: [{app_id: a, public: true}]}\n"
        "    expect: {tier: none}\n"
    )
    assert (case.name, case.clause, case.on, case.subject, case.line) == (
        "more",
        "R5",
        date(2025, 7, 1),
        "p",
        6,
    )
    assert cells(case, "partners") == [{"partner_id": "p"}]
    assert cells(case, "apps") == [{"app_id": "a", "partner_id": "p", "public": "true"}]
    assert case.expect.tier == "none"


def test_a_table_that_is_replaced_begins_anew(read):
    (case,) = read(
        f"{HEAD}facts: {{partners: [{{partner_id: p}}, {{partner_id: q}}]}}\n"
        "cases:\n"
        "  - name: other\n"
        "    clause: V5\n"
        "    on: 2026-07-01\n"
        "    replace: {partners: [{partner_id: r}]}\n"
        "    facts: {partners: [{partner_id: s}]}\n"
        "    expect: {tier: none}\n"
    )
    assert cells(case, "partners") == [{"partner_id": "r"}, {"partner_id": "s"}]
    assert (case.subject, case.clause, case.on) == ("r", "V5", date(2026, 7, 1))


def test_cells_left_out_are_defaults_then_ids_then_the_only_row_to_refer_to(read):
    (case,) = read(
        f"{HEAD}{PARTNER}"
        "defaults: {transactions: {hosting: cloud, currency: USD}}\n"
        "cases:\n"
        "  - name: filled\n"
        "    facts:\n"
        "      apps: [{public: true}]\n"
        "      transactions: [{purchase_price: 1}, {hosting: server, transaction_id: t}]\n"
        "    expect: {tier: none}\n"
    )
    assert cells(case, "transactions") == [
        {
            "transaction_id": "transactions-1",
            "partner_id": "p",
            "hosting": "cloud",
            "currency": "USD",
            "purchase_price": "1",
        },
        {"transaction_id": "t", "partner_id": "p", "hosting": "server", "currency": "USD"},
    ]
    assert cells(case, "apps") == [{"app_id": "apps-1", "partner_id": "p", "public": "true"}]


def test_with_two_partners_none_is_filled_in(read):
    (case,) = read(
        f"{HEAD}"
        "facts: {partners: [{partner_id: p}, {partner_id: q}], apps: [{app_id: a}]}\n"
        "cases:\n"
        "  - {name: two, expect: {tier: none}}\n"
    )
    assert cells(case, "apps") == [{"app_id": "a"}]


def test_expectations_are_by_tier_and_requirement(read):
    (case,) = read(
        f"{HEAD}{PARTNER}"
        "cases:\n"
        "  - name: all\n"
        "    expect:\n"
        "      tier: gold\n"
        "      met: {gold: [annual_gross_sales, paid_cloud_app]}\n"
        "      not_met: {silver: [annual_gross_sales]}\n"
        "      unknown: {platinum: [escalation_response]}\n"
        "      measured: {gross_sales: 3000000.00}\n"
    )
    assert case.expect.outcomes == {
        ("gold", "annual_gross_sales"): "met",
        ("gold", "paid_cloud_app"): "met",
        ("silver", "annual_gross_sales"): "not_met",
        ("platinum", "escalation_response"): "unknown",
    }
    assert case.expect.measured == {"gross_sales": "3000000.00"}


def test_every_fault_of_a_file_is_told_with_its_line(read):
    text = (
        "about: a test\n"  # 1
        "clause: R5\n"
        "on: 1 July\n"  # 3
        "facts:\n"
        "  partners: [{partner_id: p, colour: red}]\n"  # 5
        "  planets: []\n"
        "  apps: none\n"  # 7
        "extra: 1\n"
        "cases:\n"
        "  - name: one\n"  # 10
        "    on: 2025-07-01\n"
        "    facts: {apps: [x, {name: [y]}]}\n"  # 12
        "    expect:\n"
        "      tier: bronze\n"  # 14
        "      met: {gold: [sales], partner: [annual_gross_sales]}\n"
        "      not_met: {gold: [annual_gross_sales]}\n"  # 16
        "      unknown: {gold: [annual_gross_sales]}\n"
        "      measured: {speed: 3}\n"  # 18
        "    until: 3\n"
        "  - two\n"  # 20
    )
    assert faults(read, text) == [
        ("a.yaml", 3, "case file: `1 July` is no date"),
        ("a.yaml", 5, "`partners` has no column `colour`"),
        ("a.yaml", 6, "no table `planets`"),
        ("a.yaml", 7, "`apps` must be a list of rows"),
        ("a.yaml", 8, "case file: `extra` is not known"),
        ("a.yaml", 12, "a row of `apps` has cells"),
        ("a.yaml", 12, "`name` must be one value"),
        ("a.yaml", 14, "case `one`, expect: no tier `bronze`"),
        ("a.yaml", 15, "gold has no requirement `sales`"),
        ("a.yaml", 15, "partner has no requirement `annual_gross_sales`"),
        ("a.yaml", 17, "case `one`, expect: `annual_gross_sales` of gold is expected twice"),
        ("a.yaml", 18, "case `one`, expect: no measure `speed`"),
        ("a.yaml", 19, "case `one`: `until` is not known"),
        ("a.yaml", 20, "a case must have fields"),
    ]


def test_defaults_are_checked_too(read):
    text = (
        f"{HEAD}{PARTNER}"
        "defaults: {planets: {size: 1}, apps: {colour: red}}\n"
        "cases:\n"
        "  - {name: a, expect: {tier: none, met: 3}}\n"
    )
    assert faults(read, text) == [
        ("a.yaml", 5, "no table `planets`"),
        ("a.yaml", 5, "`apps` has no column `colour`"),
        ("a.yaml", 7, "case `a`, expect: `met` is missing"),
    ]


def test_a_measure_that_no_requirement_shows_is_not_known(read):
    text = (
        f"{HEAD}{PARTNER}"
        "cases:\n"
        "  - {name: base, expect: {tier: none, measured: {platform_listings: 1}}}\n"
    )
    assert faults(read, text) == [
        ("a.yaml", 6, "case `base`, expect: no measure `platform_listings`")
    ]


def test_a_case_needs_somebody_and_something_expected(read):
    text = f"{HEAD}cases:\n  - name: nobody\n    facts: 3\n"
    assert faults(read, text) == [
        ("a.yaml", 5, "case `nobody`: nobody to judge"),
        ("a.yaml", 5, "case `nobody`: `expect` is missing"),
        ("a.yaml", 6, "case `nobody`: `facts` must have tables"),
    ]


def test_a_file_without_cases_is_a_fault(read):
    assert faults(read, HEAD) == [("a.yaml", 1, "`cases` is missing or no list")]


def test_a_program_without_case_files_is_refused(tmp_path, program):
    with pytest.raises(Refused) as refused:
        read_cases(tmp_path, program)
    assert [issue.message for issue in refused.value.issues] == ["no case there"]


def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_another(read):
    with pytest.raises(Refused):
        read("cases: [", name="a.yaml")
    with pytest.raises(Refused) as refused:
        read(HEAD, name="b.yaml")
    assert [issue.file for issue in refused.value.issues] == ["a.yaml", "b.yaml"]
