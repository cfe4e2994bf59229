"""Texts that people enter: Markdown, shown without anything that could run or load."""

from __future__ import annotations

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

_TAGS = {
    *("p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "a"),
    *("ul", "ol", "li", "h2", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_LOWEST = 6


@register.filter
def markdown(text: str, top: int = 3) -> SafeString:
    """Show Markdown; its headings begin at level `top` and none is skipped.

    HTML in it is shown as text, pictures are left out, and links lead away without our address.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable("image")
    tokens = parser.parse(text)
    _level_headings(tokens, top)
    drawn = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        drawn,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned in the line above


def _level_headings(tokens: list[Token], top: int) -> None:
    opened = [token for token in tokens if token.type == "heading_open"]
    least = min((int(token.tag[1]) for token in opened), default=1)
    before = top - 1
    for token in tokens:
        if token.type == "heading_open":
            before = min(top + int(token.tag[1]) - least, before + 1, _LOWEST)
            token.tag = f"h{before}"
        elif token.type == "heading_close":
            token.tag = f"h{before}"
