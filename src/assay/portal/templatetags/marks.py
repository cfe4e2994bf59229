"""Marks: outcomes and tiers, drawn by the same macros as on the pages that are sent."""

from __future__ import annotations

from datetime import date

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from assay.jobs.programs import program_of
from assay.words.look import hallmarks, marks
from assay.words.standing import tier_title

register = template.Library()


@register.simple_tag
def outcome(value: str, word: str) -> SafeString:
    """Draw an outcome: shape and word."""
    return mark_safe(marks().outcome(value, word))  # noqa: S308 - our own macro escapes


@register.simple_tag
def dot(value: str) -> SafeString:
    """Draw an outcome's shape alone; the word must stand beside it."""
    return mark_safe(marks().dot(value))  # noqa: S308 - our own macro escapes


@register.simple_tag
def tier(name: str, on: date) -> SafeString:
    """Draw a tier of the program in force as given in the year of `on`: mark and title."""
    program = program_of(settings.PROGRAM)
    mark = hallmarks(program, on).get(name)
    return mark_safe(marks().tier(mark, tier_title(name, program)))  # noqa: S308 - as above


@register.simple_tag
def hallmark(name: str, on: date, size: str = "") -> SafeString:
    """Draw a tier's mark alone, `large` or small; the word must stand beside it."""
    mark = hallmarks(program_of(settings.PROGRAM), on).get(name)
    drawn = marks().hallmark(mark, size) if mark else ""
    return mark_safe(drawn)  # noqa: S308 - as above
