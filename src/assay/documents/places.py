"""Places: countries, and the time zones in use there, as the time-zone database tells them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def zones_by_country() -> Mapping[str, tuple[str, ...]]:
    """Map countries (ISO 3166-1 alpha-2) to their time zones (IANA), the most used first.

    From `zone.tab`; most countries have one zone.
    """
    found: dict[str, list[str]] = {}
    for country, _, zone in _rows("zone.tab"):
        found.setdefault(country, []).append(zone)
    return MappingProxyType({country: tuple(zones) for country, zones in found.items()})


@cache
def countries() -> tuple[str, ...]:
    """Return every country code, sorted."""
    return tuple(sorted(country for country, *_ in _rows("iso3166.tab")))


def zones_of(country: str) -> tuple[str, ...]:
    """Return the time zones in use in a country; none where none is known."""
    return zones_by_country().get(country, ())


def _rows(name: str) -> list[list[str]]:
    text = (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return [line.split("\t")[:3] for line in text.splitlines() if line and line[0] != "#"]
