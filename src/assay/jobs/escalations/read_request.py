"""Read what a machine or a mail asks for: every cell judged, every fault with field and hint."""

from __future__ import annotations

import base64
import binascii
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assay.core.escalations import Severity
from assay.core.issues import Issue, Refused
from assay.jobs.escalations.open_escalation import (
    MOST_OF_A_CUSTOMER,
    MOST_OF_A_SUBJECT,
    MOST_WORDS,
    Asked,
)
from assay.jobs.escalations.parts import MOST_FILES, SentFile

_MOST_OF_A_NAME = 200
_LINES = {
    "partner": (120, "the partner's key, or its slug in addresses"),
    "subject": (MOST_OF_A_SUBJECT, "one line that says what it is about"),
    "customer": (MOST_OF_A_CUSTOMER, "the customer's name"),
    "app": (_MOST_OF_A_NAME, "the key of one of the partner's apps, or leave it out"),
}
_FIELDS = (*_LINES, "text", "severity", "attachments")
_SEVERITIES = ", ".join(Severity)


@dataclass(frozen=True, kw_only=True)
class Request:
    """An escalation to open, as it was asked for."""

    partner: str
    asked: Asked
    files: tuple[SentFile, ...] = ()


def read_request(said: object) -> Request:
    """Read the fields of a request, as JSON has them; raises Refused with everything wrong."""
    if not isinstance(said, Mapping):
        raise Refused(_issue("", "is no object", f"send an object with {', '.join(_FIELDS)}"))
    issues = [
        _issue(str(name)[:80], "is not a field of an escalation", f"fields: {', '.join(_FIELDS)}")
        for name in said
        if name not in _FIELDS
    ]
    lines: dict[str, str] = {}
    for name, (most, hint) in _LINES.items():
        lines[name] = _words(said.get(name), issues, name, most, hint)
    lines["text"] = _words(said.get("text"), issues, "text", MOST_WORDS, "what happened, in words")
    severity = said.get("severity", Severity.NORMAL)
    if not isinstance(severity, str) or severity not in list(Severity):
        issues.append(_issue("severity", "is none of those known", f"one of {_SEVERITIES}"))
    files = _files(said.get("attachments"), issues)
    if issues:
        raise Refused(*issues)
    return Request(
        partner=lines["partner"],
        asked=Asked(
            subject=lines["subject"],
            text=lines["text"],
            customer=lines["customer"],
            severity=Severity(str(severity)),
            app=lines["app"],
        ),
        files=files,
    )


def _words(value: object, issues: list[Issue], name: str, most: int, hint: str) -> str:
    """Return a line, or for `text` several, as it is kept."""
    if value is None and name == "app":
        return ""
    if not isinstance(value, str):
        issues.append(_issue(name, "is missing" if value is None else "is no text", hint))
        return ""
    words = clean(value, lines=name == "text")
    if not words and name != "app":
        issues.append(_issue(name, "is empty", hint))
    elif len(words) > most:
        issues.append(_issue(name, f"has {len(words)} characters, more than {most}", hint))
    return words


def clean(text: str, *, lines: bool = False) -> str:
    """Return a text without what is not shown: one line, or `lines` of them."""
    whole = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = "".join(one for one in whole if one in "\n\t" or _is_shown(one))
    return shown.strip() if lines else " ".join(shown.split())


def _is_shown(letter: str) -> bool:
    turning = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return letter not in turning and unicodedata.category(letter) not in ("Cc", "Co", "Cs")


def _files(said: object, issues: list[Issue]) -> tuple[SentFile, ...]:
    if said is None:
        return ()
    hint = f"a list of at most {MOST_FILES} objects with name and content (base64)"
    if not isinstance(said, list) or len(said) > MOST_FILES:
        issues.append(_issue("attachments", "are not as they should be", hint))
        return ()
    try:
        return tuple(_decoded(said))
    except (binascii.Error, ValueError, TypeError, KeyError):
        issues.append(_issue("attachments", "are not as they should be", hint))
        return ()


def _decoded(said: list[object]) -> Iterator[SentFile]:
    for one in said:
        if not isinstance(one, dict) or set(one) != {"name", "content"}:
            raise KeyError
        content = base64.b64decode(str(one["content"]), validate=True)
        yield SentFile(content=io.BytesIO(content), name=clean(str(one["name"])))


def _issue(name: str, message: str, hint: str) -> Issue:
    return Issue(file="request", column=name or None, message=message, hint=hint)
