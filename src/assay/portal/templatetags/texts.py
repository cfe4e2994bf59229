"""Texts that people wrote: Markdown as safe HTML."""

from __future__ import annotations

from collections.abc import Sequence

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image").enable("table")
_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "code",
    "pre", "blockquote", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SMALLEST = 6


@register.filter
def markdown(text: str | None, top: int = 3) -> SafeString:
    """Render Markdown: no HTML, pictures or scripts; links say that we do not vouch for them.

    Its headings begin at level `top`, below those of the page, and no level is skipped.
    """
    tokens = _MARKDOWN.parse(text or "")
    _level_headings(tokens, top)
    drawn: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    clean = nh3.clean(
        drawn,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow ugc",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has left nothing that is not on the list


def _level_headings(tokens: Sequence[Token], top: int) -> None:
    written = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    level = top - 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(top + int(token.tag[1]) - min(written), level + 1, _SMALLEST)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
