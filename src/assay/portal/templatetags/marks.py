"""Marks: outcomes and tiers, drawn by the same macros as on the pages that are sent.

The macros escape what they are given.
"""

from __future__ import annotations

from datetime import date

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from assay.jobs.programs.programs import program_of
from assay.words.hallmarks import hallmarks
from assay.words.look import marks
from assay.words.standing import tier_title

register = template.Library()


@register.simple_tag
def outcome(value: str, word: str) -> SafeString:
    """Draw an outcome: shape and word."""
    return SafeString(marks().outcome(value, word))


@register.simple_tag
def dot(value: str) -> SafeString:
    """Draw an outcome's shape alone; the word must stand beside it."""
    return SafeString(marks().dot(value))


@register.simple_tag
def tier(name: str, on: date) -> SafeString:
    """Draw a tier of the program in force as given in the year of `on`: mark and title."""
    program = program_of(settings.PROGRAM)
    mark = hallmarks(program, on).get(name)
    return SafeString(marks().tier(mark, tier_title(name, program)))


@register.simple_tag
def hallmark(name: str, on: date, size: str = "") -> SafeString:
    """Draw a tier's mark alone, `large` or small; the word must stand beside it."""
    mark = hallmarks(program_of(settings.PROGRAM), on).get(name)
    drawn = marks().hallmark(mark, size) if mark else ""
    return SafeString(drawn)
