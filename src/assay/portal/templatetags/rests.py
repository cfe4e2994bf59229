"""What requirements rest on, for pages that explain a decision."""

from __future__ import annotations

from django import template

from assay.core.issues import Refused
from assay.jobs.programs.programs import program_of
from assay.words.definitions import rests_on_words

register = template.Library()


@register.simple_tag
def requirements_rest_on(label: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return title, clause and what it rests on for each requirement of `NAME@VERSION`.

    There are none where that version is not to be had any more.
    """
    try:
        program = program_of(label)
    except Refused:
        return []
    return [
        (row.title, row.clause, rests_on_words(row, program))
        for row in program.requirements.values()
    ]
