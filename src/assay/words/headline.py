"""A decision's headline: the few figures that lists show, copied from its explanation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from assay.core.explanations import Outcome
from assay.core.program import Program
from assay.words.standing import NO_TIER


@dataclass(frozen=True, kw_only=True)
class Headline:
    """What a list of decisions shows of one.

    `rank` is the tier's place in the program, lowest 1, no tier 0. `sales` is the first amount of
    money that requirements ask for, None where none does; `sales_are_least`: a missing fact may
    raise it. `unknown` counts the requirements that are not known to be met or not.
    """

    rank: int
    sales: Decimal | None
    sales_are_least: bool
    unknown: int


def headline(document: dict[str, Any], program: Program) -> Headline:
    """Return the headline of an explanation's document."""
    tier = document["tier"]
    sales = _first_money(document, program)
    return Headline(
        rank=0 if tier == NO_TIER else list(program.tiers).index(tier) + 1,
        sales=None if sales is None else Decimal(sales["at_least"] or 0),
        sales_are_least=sales is not None and sales["at_least"] != sales["at_most"],
        unknown=len(
            {
                requirement["requirement"]
                for requirement in _requirements(document)
                if requirement["outcome"] == Outcome.UNKNOWN.value
            }
        ),
    )


def _first_money(document: dict[str, Any], program: Program) -> dict[str, Any] | None:
    for requirement in _requirements(document):
        for name in _measures(requirement["judged"]):
            measured: dict[str, Any] = document["measures"].get(name, {})
            if measured.get("unit") == program.currency:
                return measured
    return None


def _requirements(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for tier in document["tiers"]:
        yield from tier["requirements"]


def _measures(judged: dict[str, Any]) -> Iterator[str]:
    if judged["kind"] == "comparison":
        yield judged["measure"]
    for part in judged.get("parts", ()):
        yield from _measures(part)
