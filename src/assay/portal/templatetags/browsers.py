"""A browser in words: what its user agent says, cut down to what a person recognises."""

from __future__ import annotations

import re

from django import template
from django.utils.translation import gettext as _

register = template.Library()

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Chrome|CriOS|HeadlessChrome)/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("macOS", "Mac OS X|Macintosh"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """Return `Firefox 140 on Linux` for a user agent, or its first words where it is unknown."""
    system = next((name for name, mark in _SYSTEMS if re.search(mark, agent)), "")
    for name, mark in _BROWSERS:
        found = re.search(mark, agent)
        if found:
            told = f"{name} {found[1]}"
            return (
                _("%(browser)s on %(system)s") % {"browser": told, "system": system}
                if system
                else told
            )
    return agent[:40] or _("Unknown browser")
