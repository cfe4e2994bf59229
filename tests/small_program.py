"""A small program about deeds, written anew for each test, and its facts as a folder."""

import csv
from datetime import date

from assay.documents.folder import open_folder
from assay.documents.programs import load_program
from assay.engine.reviews import review

HEAD = """\
program: deeds
version: 1
title: Good Deeds
source: A test
vocabulary: marketplace-1
currency: USD
time_zone: UTC
review: {month: 7, clause: V1, since: 2024-01-01}
placement: highest_tier_met
facts:
  deeds:
    title: Deeds
    key: [deed_id]
    columns:
      deed_id: {type: text}
      partner_id: {type: text, references: partners}
      app: {type: text}
      kind: {type: choice, values: [red, green, blue]}
      open: {type: boolean}
      size: {type: integer, optional: true}
      price: {type: money}
      fee: {type: money, optional: true}
      day: {type: date, optional: true}
      seen: {type: date}
windows:
  ever: {title: ever, clause: V1, since: 2024-01-01, months: all}
amounts:
  minimum:
    title: Minimum
    clause: R1
    by: kind
    since:
      2000-01-01: {red: 10, green: 20.50}
      2020-01-01: {red: 30, green: 40, blue: 50}
"""
ROW = "title: T, clause: R1, since: 2024-01-01"
MEASURES = {
    "deeds": ("count(*)", ""),
    "red": ("count(*)", "kind = 'red'"),
    "apps": ("count(distinct app)", ""),
    "red_apps": ("count(distinct app)", "kind = 'red'"),
    "blue_apps": ("count(distinct app)", "kind = 'blue'"),
    "kinds": ("count(distinct kind)", "open"),
    "total": ("sum(price)", ""),
    "red_total": ("sum(price)", "kind = 'red' and open"),
    "other_total": ("sum(price)", "kind in ('green', 'blue')"),
    "largest": ("max(size)", "size is not null"),
    "smallest": ("min(size)", "size is not null and not open"),
    "sizeless": ("count(*)", "size is null"),
    "low_fees": ("count(*)", "fee is not null and fee < minimum(kind, seen)"),
    "dear": ("sum(price)", "price > 100"),
    "early": ("count(*)", "day < '2020-01-01' or day > '2024-12-31'"),
    "named": ("count(*)", "app = 'x'"),
    "ids": ("count(distinct deed_id)", "open = true"),
    "first": ("count(*)", "deed_id = 'd0'"),
    "mixed": ("count(*)", "open or (kind = 'red' and size is not null and size > -1)"),
    "dues": ("sum(minimum(kind, seen))", "kind = 'red'"),
}
SHARE = f"  red_share: {{{ROW}, share: red_total, of: total, when_not_positive: met}}\n"


def program_text(rows, *, tiers=("low", "high"), measures=MEASURES, base=None):
    """Write a program with the requirements `rows`: for each key its conditions by tier."""
    lines = [HEAD, "tiers:\n"]
    if base is not None:
        lines.append(f"  base: {{title: Base, clause: S1, since: 2024-01-01, base: '{base}'}}\n")
    lines += [
        f"  {tier}: {{title: {tier.title()}, clause: S1, since: 2024-01-01}}\n" for tier in tiers
    ]
    lines.append("measures:\n")
    for name, (value, where) in measures.items():
        none = "none: -1, " if value.startswith("m") else ""
        only = f'where: "{where}", ' if where else ""
        lines.append(
            f'  {name}: {{{ROW}, from: deeds, {only}{none}value: "{value}", unit: "deed[s]"}}\n'
        )
    lines += [SHARE, "requirements:\n"]
    for key, cells in rows.items():
        conditions = ", ".join(f'{tier}: "{text}"' for tier, text in cells.items())
        lines.append(f"  {key}: {{{ROW}, {conditions}}}\n")
    return "".join(lines)


def small_program(folder, rows, **more):
    """Load the program with the requirements `rows`."""
    path = folder / "program.yaml"
    path.write_text(program_text(rows, **more), encoding="utf-8")
    return load_program(str(path))


def judged(program, deeds, folder):
    """Review one partner with these deeds; return what the engine judged, by column."""
    facts, scratch = folder / "facts", folder / "scratch"
    facts.mkdir(parents=True)
    scratch.mkdir()
    (facts / "partners.csv").write_text("partner_id\np\n", encoding="utf-8")
    columns = list(program.vocabulary.tables["deeds"].columns)
    with (facts / "deeds.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {"deed_id": f"d{number}", "partner_id": "p", **deed}
            for number, deed in enumerate(deeds)
        )
    opened = open_folder(
        facts, vocabulary=program.vocabulary, currency=program.currency, scratch=scratch
    )
    found = review(program, opened, on=date(2025, 7, 1), scratch=scratch)
    return found.judged.to_pylist()[0]
