from __future__ import annotations

from types import SimpleNamespace

import pytest

from assay.portal.account_mail import LETTERS, account_letter
from assay.portal.templatetags.browsers import browser

KNOWN = {
    "email": "ann@acme.example",
    "from_email": "ann@acme.example",
    "to_email": "ann@home.example",
    "deleted_email": "ann@old.example",
    "provider": SimpleNamespace(name="Example"),
    "activate_url": "http://127.0.0.1:8000/sign-up/KEY/",
    "password_reset_url": "http://127.0.0.1:8000/password/new/1-KEY/",
}


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_can_be_written_and_what_tells_of_a_change_says_what_to_do(name):
    letter = account_letter(name, KNOWN)
    assert "{" not in letter.subject + letter.body
    assert bool(letter.link) == (not LETTERS[name].alarm)
    assert ("If this was not you" in letter.body) == LETTERS[name].alarm


def test_an_address_with_braces_is_no_template():
    letter = account_letter("account/email/unknown_account", {"email": "{site}@evil.example"})
    assert "for {site}@evil.example" in letter.body


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge 140 on Windows",
        ),
        ("Mozilla/5.0 (Macintosh) Version/26.0 Safari/605", "Safari 26 on macOS"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile", "Chrome 140 on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0", "Firefox 143 on Linux"),
        ("Firefox/143.0", "Firefox 143"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 500, "x" * 40),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_told_in_words(agent, words):
    assert browser(agent) == words
