"""Rows of a program's benefits table: what each tier gets, and what becomes of amounts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypedDict

from assay.core.program import Benefit, BenefitKind, Lowered, Tier, Unspent
from assay.documents.hints import known
from assay.documents.values import check_name, day, money, one_of
from assay.documents.yaml import Form


class _AmountRules(TypedDict, total=False):
    unspent: Unspent
    lowered: Lowered


def read_benefit(
    key: str, form: Form, tiers: Mapping[str, Tier], levels: tuple[str, ...]
) -> Benefit:
    """Read one benefit; `levels` are the words that a benefit of the kind level may have."""
    check_name(form, key)
    kind = one_of(form, "kind", tuple(BenefitKind))
    cells = {
        tier: form.text(tier) if kind is None else _cell(form, tier, BenefitKind(kind), levels)
        for tier in tiers
        if form.has(tier)
    }
    if not cells:
        form.fault(f"{form.what} is given to no tier", f"tiers: {', '.join(tiers)}")
    benefit = Benefit(
        key=key,
        clause=form.text("clause"),
        since=day(form, "since"),
        title=form.text("title"),
        kind=BenefitKind(kind or BenefitKind.ACCESS),
        by_tier=MappingProxyType(cells),
        **_amount_rules(form, kind),
    )
    form.close(tiers=tiers)
    return benefit


def _amount_rules(form: Form, kind: str | None) -> _AmountRules:
    """Read what becomes of an amount that is left, or whose tier falls; only amounts say so."""
    written = {key: form.text(key, default="") for key in ("unspent", "lowered")}
    for key in (key for key, text in written.items() if text and kind != BenefitKind.MONEY):
        form.fault(f"{form.what} is no amount: it has no `{key}`", "leave it out", key=key)
    rules = _AmountRules()
    if written["unspent"]:
        rules["unspent"] = Unspent(one_of(form, "unspent", tuple(Unspent)) or Unspent.EXPIRES)
    if written["lowered"]:
        rules["lowered"] = Lowered(one_of(form, "lowered", tuple(Lowered)) or Lowered.KEPT)
    return rules


def _cell(form: Form, tier: str, kind: BenefitKind, levels: tuple[str, ...]) -> str:
    if kind is BenefitKind.MONEY:
        return str(money(form, tier))
    written = form.text(tier)
    if kind is BenefitKind.ACCESS and written != "yes":
        form.fault(f"{form.what}, `{tier}`: write yes or leave the tier out", "yes", key=tier)
    if kind is BenefitKind.LEVEL and written not in levels:
        hint = known(written, levels, what="levels")
        form.fault(f"{form.what}, `{tier}`: no level `{written}`", hint, key=tier)
    return written
