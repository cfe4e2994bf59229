"""How pages look: templates, the one style sheet and its hash."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from assay.core.program import Program
from assay.words.findings import OUTCOMES


def page(template: str, program: Program, **values: object) -> str:
    """Render a page as one HTML file that needs nothing else and runs nothing.

    Everything but the package's own style sheet is escaped.
    """
    return (
        _environment()
        .get_template(template)
        .render(
            program=program,
            style=_style(),
            style_hash=style_hash(),
            outcomes=OUTCOMES,
            **values,
        )
    )


def fragment(template: str, **values: object) -> str:
    """Render a template alone, without the look of a page; every value is escaped."""
    return _environment().get_template(template).render(**values)


def marks() -> Any:  # noqa: ANN401 - Jinja's modules have what the template defines
    """Return the macros that draw marks: `outcome`, `dot`, `hallmark`, `tier`."""
    return macros("marks.html")


def macros(template: str) -> Any:  # noqa: ANN401 - Jinja's modules have what the template defines
    """Return the macros of one of the package's templates, e.g. of `matrix.html`."""
    return _environment().get_template(template).module


def style_hash() -> str:
    """Return the hash of the style sheet, as a content security policy names it."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"sha256-{digest}"


@cache
def _style() -> str:
    return resources.files("assay.words").joinpath("style/page.css").read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("assay.words", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment
