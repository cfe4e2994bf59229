"""Roles as people write them."""

from __future__ import annotations

from django import template

from assay.core import rights

register = template.Library()


@register.filter
def role_title(role: str) -> str:
    """Return `Program manager` for `program_manager`."""
    return rights.role_title(role)
