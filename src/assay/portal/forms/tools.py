"""Forms of free tools: loading the stock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assay.store.models import ToolKey

MOST_BYTES = 3 * 1024 * 1024


class LoadForm(forms.Form):
    """Codes or seats of a tool, pasted or as a file."""

    tool = forms.ChoiceField(label=_("Tool"))
    kind = forms.ChoiceField(
        label=_("What they are"),
        choices=[
            (ToolKey.Kind.CODE, _("Codes: each is given once, and is not given again")),
            (ToolKey.Kind.SEAT, _("Seats: one that is taken back goes to the next")),
        ],
        widget=forms.RadioSelect,
        initial=ToolKey.Kind.CODE,
    )
    text = forms.CharField(
        label=_("Codes or seats"),
        required=False,
        max_length=1024 * 1024,
        help_text=_("One a line."),
        widget=forms.Textarea({"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        allow_empty_file=False,
        help_text=_("Its first column counts. At most 3 MB, in UTF-8."),
        widget=forms.FileInput({"accept": ".csv,.txt,text/csv,text/plain"}),
    )

    def __init__(self, tools: Iterable[tuple[str, str]], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tool"].choices = list(tools)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take the text of the field, or of the file; one of them is needed."""
        cells: dict[str, Any] = super().clean() or self.cleaned_data
        sent = cells.get("file")
        if sent is not None:
            cells["text"] = _text_of(sent)
        elif not (cells.get("text") or "").strip() and "text" not in self.errors:
            self.add_error("text", gettext("Paste them here, or choose a file."))
        return cells


def _text_of(sent: Any) -> str:
    if sent.size > MOST_BYTES:
        raise ValidationError({"file": gettext("The file is larger than 3 MB.")})
    try:
        return str(sent.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError({"file": gettext("This is not a text file in UTF-8.")}) from None
