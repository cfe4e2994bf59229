"""What the program of 2024 allows: three places, each confirmed by the engine on facts."""

from datetime import date
from decimal import Decimal

from assay.core.policy import PolicyFinding, PolicyKind, Witness, WitnessRows
from assay.documents.folder import open_folder
from assay.documents.programs import load_program
from assay.engine.policy import policy_findings
from assay.engine.reviews import review

EASIER = PolicyKind.EASIER


def test_the_2024_program_has_three_places_where_a_higher_tier_is_easier():
    program = load_program("atlassian-marketplace@2024-06-13")
    sale = {"source": "transactions", "distinct": {}}
    assert policy_findings(program) == (
        PolicyFinding(
            kind=EASIER,
            tier="gold",
            requirements=("annual_gross_sales",),
            other="silver",
            witness=Witness(
                rows=(
                    WitnessRows(
                        count=1,
                        values={"hosting": "data_center"},
                        totals={"purchase_price": 300_000_000},
                        **sale,
                    ),
                ),
                measures={"gross_sales": Decimal(3_000_000), "cloud_sales": Decimal(0)},
            ),
            overall=True,
        ),
        PolicyFinding(
            kind=EASIER,
            tier="gold",
            requirements=("bounty_participation",),
            other="silver",
            witness=Witness(
                rows=(
                    WitnessRows(
                        source="listings_on_the_day",
                        count=1,
                        values={
                            "hosting": "cloud",
                            "payment": "platform",
                            "public": True,
                            "installs": 1,
                            "in_bug_bounty": False,
                        },
                        totals={},
                        distinct={"app_id": (1,)},
                    ),
                ),
                measures={
                    "larger_apps_outside_bounty": Decimal(0),
                    "most_installs_in_bounty": Decimal(-1),
                    "most_installs_outside_bounty": Decimal(1),
                },
            ),
            overall=True,
        ),
        PolicyFinding(
            kind=EASIER,
            tier="platinum",
            requirements=("annual_gross_sales",),
            other="silver",
            witness=Witness(
                rows=(
                    WitnessRows(
                        count=1,
                        values={"hosting": "cloud"},
                        totals={"purchase_price": 200_000_000},
                        **sale,
                    ),
                    WitnessRows(
                        count=1,
                        values={"hosting": "data_center"},
                        totals={"purchase_price": 1_200_000_000},
                        **sale,
                    ),
                ),
                measures={"gross_sales": Decimal(14_000_000), "cloud_sales": Decimal(2_000_000)},
            ),
            overall=True,
        ),
    )


def test_the_engine_confirms_each_place_on_facts(tmp_path):
    program = load_program("atlassian-marketplace@2024-06-13")
    for number, finding in enumerate(policy_findings(program)):
        folder, scratch = tmp_path / f"facts{number}", tmp_path / f"scratch{number}"
        folder.mkdir()
        scratch.mkdir()
        (folder / "partners.csv").write_text("partner_id\np\n", encoding="utf-8")
        for name, lines in _marketplace_tables(finding.witness).items():
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        facts = open_folder(folder, vocabulary=program.vocabulary, currency="USD", scratch=scratch)
        found = review(program, facts, on=date(2025, 7, 1), scratch=scratch)
        outcomes = {
            row["tier"]: row["outcome"]
            for row in found.findings.to_pylist()
            if (row["requirement"],) == finding.requirements
        }
        assert outcomes[finding.tier] == "met"
        assert outcomes[finding.other] == "not_met"


def _marketplace_tables(witness):
    """Write the facts behind sales, and behind listings as they stood on the day."""
    tables = {
        "transactions": ["transaction_id,partner_id,hosting,sale_date,purchase_price,currency"],
        "apps": ["app_id,partner_id,public"],
        "listings": ["app_id,hosting,listed_on,payment"],
        "installs": ["app_id,hosting,on_date,active_installs"],
    }
    for number, rows in enumerate(witness.rows):
        values, day = rows.values, "2025-06-30"
        assert rows.count == 1
        if rows.source == "transactions":
            price = Decimal(rows.totals["purchase_price"]) / 100
            tables["transactions"].append(f"t{number},p,{values['hosting']},{day},{price},USD")
        else:
            assert not values["in_bug_bounty"]
            tables["apps"].append(f"a{number},p,{str(values['public']).lower()}")
            tables["listings"].append(f"a{number},{values['hosting']},{day},{values['payment']}")
            tables["installs"].append(f"a{number},{values['hosting']},{day},{values['installs']}")
    return tables
