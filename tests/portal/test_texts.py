"""Markdown that people wrote: what it may say, and what it may not do."""

from __future__ import annotations

import pytest

from assay.portal.templatetags.texts import markdown


def test_markdown_is_rendered_below_the_headings_of_the_page():
    assert markdown("# One\n\n**two** _three_\n\n- four") == (
        "<h3>One</h3>\n<p><strong>two</strong> <em>three</em></p>\n<ul>\n<li>four</li>\n</ul>\n"
    )


def test_a_link_says_that_nobody_vouches_for_it():
    assert markdown("[here](https://a.example)") == (
        '<p><a href="https://a.example" rel="noopener nofollow ugc">here</a></p>\n'
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](JaVaScRiPt&#58;alert(1))", "<p>[x](JaVaScRiPt:alert(1))</p>\n"),
        (
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "<p>[x](data:text/html;base64,PHNjcmlwdD4=)</p>\n",
        ),
        ("[x](vbscript:x)", "<p>[x](vbscript:x)</p>\n"),
        ("<javascript:alert(1)>", "<p>&lt;javascript:alert(1)&gt;</p>\n"),
    ],
)
def test_nothing_that_people_write_runs(text, shown):
    assert markdown(text) == shown


def test_a_picture_elsewhere_is_not_loaded():
    assert "<img" not in markdown("![x](https://tracker.example/p.png)")


def test_an_attribute_cannot_be_broken_out_of():
    drawn = markdown('[x](https://a.example/"onmouseover="alert(1))')
    assert "onmouseover=" not in drawn.replace("%22onmouseover=%22", "")


def test_no_text_is_no_html():
    assert (markdown(None), markdown("")) == ("", "")


def test_deep_nesting_ends():
    assert len(markdown(">" * 8000)) < 20_000
