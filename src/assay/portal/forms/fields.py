"""Form fields for what people write: one line, a text, a host, a picture."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from assay.core.issues import Refused

# Marks that turn the direction of what follows: a text can be made to read as another.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# What no XML may hold, a feed among it, and nobody sees; NUL is left to Django, which refuses it.
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


class Line(forms.CharField):
    """One line of text: white space as single blanks, composed letters, nothing invisible."""

    def to_python(self, value: Any) -> str:
        """Return the line as it is kept."""
        line = unicodedata.normalize("NFC", super().to_python(value) or "")
        return " ".join("".join(letter for letter in line if _is_shown(letter)).split())

    def validate(self, value: str) -> None:
        """Refuse a line without a letter or digit."""
        super().validate(value)
        if value and not any(letter.isalnum() for letter in value):
            raise ValidationError(_("Write at least one letter or digit."))


class Text(forms.CharField):
    """Text of several lines, in Markdown where it is shown so."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return the text with one kind of line end, no controls, nothing that turns around."""
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return _CONTROLS.sub("", _TURNING.sub("", unicodedata.normalize("NFC", text))).strip()


class Address(forms.URLField):
    """A web address of http or https."""

    def __init__(self, **options: Any) -> None:
        super().__init__(assume_scheme="https", max_length=300, **options)

    def validate(self, value: str) -> None:
        """Refuse other schemes, and addresses with a password."""
        super().validate(value)
        if value and (not value.startswith(("http://", "https://")) or "@" in value):
            raise ValidationError(_("Give an address that begins with https:// or http://."))


class PictureField(forms.FileField):
    """A picture that somebody sends; what it really is, drawing it anew finds out."""

    widget = forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"})


class AppKey(forms.CharField):
    """The key that reports know an app by."""

    default_validators = [  # noqa: RUF012 - Django reads it off the class
        RegexValidator(
            r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z",
            _("Use letters, digits, dots, hyphens and underscores; begin with a letter or digit."),
        ),
    ]


@lru_cache(maxsize=1)
def time_zones() -> list[tuple[str, Any]]:
    """Offer the time zones by area; UTC is the empty choice."""
    areas: dict[str, list[tuple[str, str]]] = {}
    for zone in sorted(available_timezones()):
        area, slash, place = zone.partition("/")
        if slash and area not in ("Etc", "SystemV", "posix", "right", "US", "Canada", "Mexico"):
            areas.setdefault(area, []).append((zone, place.replace("_", " ")))
    return [("", _("Coordinated Universal Time (UTC)")), *areas.items()]


def _is_shown(letter: str) -> bool:
    return letter.isspace() or not (
        _TURNING.match(letter) or unicodedata.category(letter) in ("Cc", "Co", "Cs")
    )


def add_refusal(form: forms.Form, refused: Refused) -> None:
    """Tell what a job refused beside the fields it is about."""
    for issue in refused.issues:
        words = f"{issue.message}. {issue.hint}" if issue.hint else issue.message
        words = words[:1].upper() + words[1:].rstrip(".") + "."
        form.add_error(issue.column if issue.column in form.fields else None, words)
