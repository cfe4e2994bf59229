"""Every text of the templates is marked for translation, and can be taken out of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType
from django.utils.translation import templatize

import assay.portal

TEMPLATES = Path(assay.portal.__file__).parent / "templates"
WORDS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = ("alt", "aria-label", "placeholder", "title")  # attributes that people read or hear
# Names of formats, of keys and of what stands for itself in every language.
AS_THEY_ARE = {
    *("CSV", "XLSX", "JSON", "JSONL", "JWT", "PNG", "SVG", "SHA", "jwks"),
    *("Inter", "Source", "Serif"),
}
FILES = re.compile(r"[\w./-]+\.json\b")  # a file's name is no text
LEFT_OUT = (
    "agreements/",  # a text of law is in the language it was written in
    "allauth/elements/button.html",  # the name of its element is a tag, and it has no text
)
WITHOUT = ("blocktranslate", "comment")  # what stands in these is no text of the page
SILENT = ("script", "style", "svg", "code")


def templates():
    found = (path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    return sorted(name for name in found if not name.startswith(LEFT_OUT))


class Bare(HTMLParser):
    """Collects the words that a page has outside of any template tag."""

    def __init__(self, text):
        super().__init__()
        self.found, self.silent = [], 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.look(*(value or "" for name, value in attrs if name in SPOKEN))

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.look(data)

    def look(self, *texts):
        for text in texts:
            words = WORDS.findall(FILES.sub("", text))
            self.found += [word for word in words if word not in AS_THEY_ARE]


def outside_tags(source):
    """Return a template's text, with a blank for every tag and for what stands in a translation."""
    kept, translated = [], False
    for token in Lexer(source).tokenize():
        name = token.contents.split(maxsplit=1)[:1]
        if token.token_type == TokenType.BLOCK and name in (["blocktranslate"], ["comment"]):
            translated = True
        elif token.token_type == TokenType.BLOCK and name in (
            ["endblocktranslate"],
            ["endcomment"],
        ):
            translated = False
        elif token.token_type == TokenType.TEXT and not translated:
            kept.append(token.contents)
    return " ".join(kept)


@pytest.mark.parametrize("name", templates())
def test_every_text_of_a_template_is_marked(name):
    assert Bare(outside_tags((TEMPLATES / name).read_text(encoding="utf-8"))).found == []


@pytest.mark.parametrize("name", templates())
def test_the_texts_of_a_template_can_be_taken_out(name):
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    marked = len(re.findall(r"{%-? *(?:translate|blocktranslate)\b", source))
    taken = templatize(source, origin=name)
    assert len(re.findall(r"\b(?:gettext|ngettext|pgettext)\(", taken)) >= marked
