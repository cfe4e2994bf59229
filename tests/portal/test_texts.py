from __future__ import annotations

from assay.portal.templatetags.texts import markdown


def test_html_in_a_text_is_shown_and_not_run():
    assert markdown("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_a_link_leads_away_without_our_address():
    assert markdown("[Here](https://acme.example/)") == (
        '<p><a href="https://acme.example/" rel="noopener nofollow ugc">Here</a></p>\n'
    )


def test_a_link_that_would_run_is_no_link():
    assert "href" not in markdown("[x](javascript:alert) [y](data:text/html;base64,PHM+)")


def test_pictures_are_not_loaded():
    assert "<img" not in markdown("![x](https://acme.example/x.png)")


def test_headings_begin_at_the_asked_level_and_skip_none():
    shown = markdown("### Deep\n# First\n#### Deeper still", 2)
    assert [part[:2] for part in shown.split("<h")[1:]] == ["2>", "2>", "3>"]


def test_the_same_at_the_usual_level():
    assert markdown("# One\n## Two") == "<h3>One</h3>\n<h4>Two</h4>\n"
