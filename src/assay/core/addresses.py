"""Mail addresses: whether an address is at a domain that an organisation keeps for itself.

The program asks for an address at a private domain (P2). What is before the @ does not matter:
neither plus-addresses nor dots. The domain is read as mail programs read it (NFKC, IDNA 2008), and
its parents are looked at up to the domain that was registered: mail.gmail.com is gmail.com's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import idna

MOST_CHARACTERS, MOST_BEFORE_AT = 254, 64  # RFC 5321

# Never given to anybody: RFC 2606, RFC 6761, RFC 6762, RFC 7686, RFC 9476, and ICANN in 2018, 2024.
RESERVED = frozenset(
    {"alt", "arpa", "corp", "example", "home", "internal", "invalid", "local", "localhost"}
    | {"mail", "onion", "test", "example.com", "example.net", "example.org"}
)
# The best known, which look-alikes in plain letters and digits are made of; by hand, 2026-11-23.
WELL_KNOWN = frozenset(
    {
        "126.com",
        "163.com",
        "aol.com",
        "daum.net",
        "disroot.org",
        "fastmail.com",
        "free.fr",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hanmail.net",
        "hey.com",
        "hotmail.com",
        "icloud.com",
        "laposte.net",
        "libero.it",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "mailbox.org",
        "me.com",
        "msn.com",
        "naver.com",
        "neuf.fr",
        "orange.fr",
        "outlook.com",
        "pm.me",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rediffmail.com",
        "riseup.net",
        "rocketmail.com",
        "runbox.com",
        "seznam.cz",
        "sfr.fr",
        "startmail.com",
        "t-online.de",
        "tuta.com",
        "tuta.io",
        "tutamail.com",
        "tutanota.com",
        "tutanota.de",
        "web.de",
        "wp.pl",
        "yahoo.com",
        "yandex.com",
        "yandex.ru",
        "ymail.com",
        "zoho.com",
        "zohomail.com",
    }
)
_NO_LOCAL_PART = re.compile(r"[\s\x00-\x1f\x7f\ud800-\udfff<>()\[\],;:\\\"]|\.\.|\A\.|\.\Z")
_QUOTED = re.compile(  # RFC 5322: "quoted string"@ what is after it
    r"(\"(?:[^\"\\\x00-\x1f\x7f\ud800-\udfff]|\\[ -~])*\")@(.*)", re.DOTALL
)
_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+){3}")
_ASCII_TWINS = (("0", "o"), ("rn", "m"), ("vv", "w"))
_WRITTEN_TOGETHER = (  # scripts that one word mixes: "highly restrictive" in UTS 39
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)
_ANY_SCRIPT = {"COMMON", "INHERITED"}
_PLAIN_NAME = re.compile(r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL) ([A-Z])(?: WITH .*)?")


class Kind(StrEnum):
    """What was found of an address; the first two are private."""

    PRIVATE = "private"
    ALLOWED = "allowed"  # by the operator's own list
    REFUSED = "refused"  # by the operator's own list
    PUBLIC = "public"
    DISPOSABLE = "disposable"
    LOOK_ALIKE = "look_alike"
    MIXED = "mixed"
    RESERVED = "reserved"
    SUFFIX = "suffix"
    UNKNOWN = "unknown"
    NO_ADDRESS = "no_address"


_WORK = "Use the address that your employer gave you, at its own domain."
_OWN = "If it is your organisation's own, tell the program team: they keep a list of exceptions."
HELP: Mapping[Kind, str] = {
    Kind.PRIVATE: "",
    Kind.ALLOWED: "",
    Kind.REFUSED: f"{_WORK} {_OWN}",
    Kind.PUBLIC: _WORK,
    Kind.DISPOSABLE: _WORK,
    Kind.LOOK_ALIKE: f"Write the domain in plain letters. {_OWN}",
    Kind.MIXED: f"Write the domain in the letters of one script. {_OWN}",
    Kind.RESERVED: _WORK,
    Kind.SUFFIX: _WORK,
    Kind.UNKNOWN: "Look for a slip of the keys after the last dot.",
    Kind.NO_ADDRESS: "Write it as name@company.com.",
}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Whether an address is private, the domain as it is kept (xn-- forms), and why, in a sentence.

    `domain` is "" where there is none.
    """

    kind: Kind
    domain: str
    reason: str

    @property
    def private(self) -> bool:
        """Whether the address is at a private domain."""
        return self.kind in (Kind.PRIVATE, Kind.ALLOWED)

    @property
    def help(self) -> str:
        """What would help, "" where nothing has to."""
        return HELP[self.kind]


@dataclass(frozen=True, kw_only=True)
class MailLists:
    """What is known of domains; names are in lower case and in their xn-- form.

    `registered` gives the domain that was registered, None where a name is only a suffix, such as
    co.uk; `suffix` gives the suffix, None where there is no such; `scripts` the scripts of a text;
    `twins` the plain letters that letters of other scripts look like.
    """

    public: frozenset[str]
    disposable: frozenset[str]
    registered: Callable[[str], str | None]
    suffix: Callable[[str], str | None]
    scripts: Callable[[str], set[str]]
    twins: Mapping[str, str]


class NoDomain(ValueError):
    """A text is no domain or address; the message says why, in a clause."""


def judge(address: str, lists: MailLists, own: Mapping[str, bool] | None = None) -> Judged:
    """Judge an address; `own` maps the operator's own domains to whether they are allowed.

    The operator's word goes before the lists; of two own domains that fit, the longer one counts.
    What is no address is not private.
    """
    try:
        domain = read_domain(_after_at(address))
    except NoDomain as fault:
        return Judged(kind=Kind.NO_ADDRESS, domain="", reason=f"This is no address: {fault}.")
    return _by_own_list(domain, own or {}) or judge_domain(domain, lists)


def judge_domain(domain: str, lists: MailLists) -> Judged:
    """Judge a domain, as `read_domain` gives it, by the lists that come with the product."""
    for find in (_by_form, _by_lists, _by_looks):
        found = find(domain, lists)
        if found is not None:
            kind, reason = found
            return Judged(kind=kind, domain=domain, reason=reason)
    reason = f"{spoken(domain)} is not a public mail domain."
    return Judged(kind=Kind.PRIVATE, domain=domain, reason=reason)


def is_everybodys(domain: str, lists: MailLists) -> bool:
    """Tell whether anybody can have an address at a domain, so that it says nothing about them."""
    try:
        read = read_domain(domain)
    except NoDomain:
        return False
    return _by_lists(read, lists) is not None


def read_domain(text: str) -> str:
    """Return a domain in lower case and in xn-- form; raises NoDomain.

    An address of the Internet Protocol stays as it is; so does a name of one part.
    """
    name = unicodedata.normalize("NFKC", text).strip().lower()
    for dot in "\u3002\uff61":  # dots of IDNA
        name = name.replace(dot, ".")
    name = name.removesuffix(".")
    if not name:
        raise NoDomain("nothing is after the @")
    if len(name) > MOST_CHARACTERS:
        raise NoDomain("the domain is too long")
    if _NUMBERS.fullmatch(name) or (name.startswith("[") and name.endswith("]")):
        return name
    try:
        return idna.encode(name, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise NoDomain("what is after the @ is no domain name") from None


def spoken(domain: str) -> str:
    """Return a domain as people write it: in its own letters, its xn-- form beside them."""
    try:
        letters = idna.decode(domain)
    except (idna.IDNAError, UnicodeError):
        return domain
    return domain if letters == domain else f"{letters} ({domain})"


def _after_at(address: str) -> str:
    """Return what is after the @ of what can be an address; raises NoDomain."""
    if len(address) > 4 * MOST_CHARACTERS:
        raise NoDomain("it is too long")
    text = unicodedata.normalize("NFKC", address).strip()
    if not text:
        raise NoDomain("it is empty")
    quoted = _QUOTED.match(text)
    before, at, after = (quoted[1], "@", quoted[2]) if quoted else text.partition("@")
    if not at:
        raise NoDomain("it has no @")
    if "@" in after:
        raise NoDomain("it has more than one @")
    if not before:
        raise NoDomain("nothing is before the @")
    if len(text) > MOST_CHARACTERS or len(before.encode(errors="replace")) > MOST_BEFORE_AT:
        raise NoDomain("it is too long")
    if not quoted and _NO_LOCAL_PART.search(before):
        raise NoDomain("what is before the @ has characters that no address has there")
    return after


def _by_own_list(domain: str, own: Mapping[str, bool]) -> Judged | None:
    for part in _parents(domain):
        if part in own:
            word = "allowed" if own[part] else "refused"
            kind = Kind.ALLOWED if own[part] else Kind.REFUSED
            reason = f"{_of(domain, part)} on the program team's list of {word} domains."
            return Judged(kind=kind, domain=domain, reason=reason)
    return None


def _by_form(domain: str, lists: MailLists) -> tuple[Kind, str] | None:
    """Find names that nobody owns: numbers, reserved names, suffixes, and what is not there."""
    last = domain.rpartition(".")[2]
    if domain.startswith("[") or _NUMBERS.fullmatch(domain):
        return Kind.RESERVED, "An address of a machine is not a domain."
    if RESERVED.intersection(_parents(domain)):
        return Kind.RESERVED, f"{domain} is a name that is reserved; nobody has addresses there."
    if lists.suffix(last) is None:
        if "." not in domain:
            return Kind.UNKNOWN, f"{spoken(domain)} is not a whole domain name."
        return Kind.UNKNOWN, f"There is no top-level domain {spoken(last)}."
    if lists.registered(domain) is None:
        words = "is the ending of many domains, and not the domain of an organisation."
        return Kind.SUFFIX, f"{spoken(domain)} {words}"
    return None


def _by_lists(domain: str, lists: MailLists) -> tuple[Kind, str] | None:
    registered = lists.registered(domain)
    if registered is None:
        return None
    for part in _parents(domain):
        if part in lists.disposable:
            words = "a domain for addresses that are thrown away."
            return Kind.DISPOSABLE, f"{_of(domain, part)} {words}"
        if part in lists.public:
            words = "a public mail domain: anybody can have an address there."
            return Kind.PUBLIC, f"{_of(domain, part)} {words}"
        if part == registered:
            break
    return None


def _by_looks(domain: str, lists: MailLists) -> tuple[Kind, str] | None:
    """Find names that look like a public mail domain, and names of mixed scripts."""
    registered = lists.registered(domain) or domain
    letters = idna.decode(registered)
    known = WELL_KNOWN if letters.isascii() else lists.public
    for twin in _twins(letters, lists.twins):
        if twin != letters and twin in known:
            return Kind.LOOK_ALIKE, f"{spoken(registered)} is made to look like {twin}."
    for label in idna.decode(domain).split("."):
        if not _of_one_script(label, lists):
            return Kind.MIXED, f"{spoken(domain)} mixes letters of different scripts."
    return None


def _twins(letters: str, twins: Mapping[str, str]) -> Iterator[str]:
    """Yield the plain names that a name looks like."""
    plain = "".join(_plain(letter, twins) for letter in unicodedata.normalize("NFKD", letters))
    plain = plain.casefold()
    for one in ("l", "i"):
        told = plain.replace("1", one)
        yield told
        for shown, meant in _ASCII_TWINS:
            told = told.replace(shown, meant)
        yield told


def _plain(letter: str, twins: Mapping[str, str]) -> str:
    if letter.isascii():
        return letter
    if unicodedata.combining(letter):
        return ""
    if letter in twins:
        return twins[letter]
    named = _PLAIN_NAME.fullmatch(unicodedata.name(letter, ""))
    return named[1].lower() if named else letter


def _of_one_script(label: str, lists: MailLists) -> bool:
    scripts = lists.scripts(label) - _ANY_SCRIPT
    return len(scripts) <= 1 or any(scripts <= together for together in _WRITTEN_TOGETHER)


def _parents(domain: str) -> Iterator[str]:
    """Yield a domain and every one that it is in, the longest first."""
    while domain:
        yield domain
        domain = domain.partition(".")[2]


def _of(domain: str, part: str) -> str:
    return f"{spoken(domain)} is" if domain == part else f"{spoken(domain)} is of {spoken(part)},"
