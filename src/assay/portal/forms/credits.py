"""Forms of credits: an order, a correction, a decision."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.portal.forms.fields import Line, Text


class Amount(forms.DecimalField):
    """An amount of the program's currency, with at most two decimals."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            min_value=Decimal("0.01"),
            max_digits=14,
            decimal_places=2,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            **options,  # type: ignore[arg-type]
        )


class OrderForm(forms.Form):
    """What a partner wants to have for credits."""

    what = Line(
        label=_("What for"),
        max_length=200,
        help_text=_("The product and how many, for your own use: 25 seats for a year."),
    )
    amount = Amount(label=_("Amount"))
    note = Text(
        label=_("Note to the program team"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """What staff correct; a second person approves it."""

    kind = forms.ChoiceField(
        label=_("Correction"),
        choices=[
            ("raise", _("Give more")),
            ("lower", _("Take back from what is available")),
            ("take_back", _("Give back what was spent")),
        ],
        widget=forms.RadioSelect,
        initial="raise",
    )
    what = Line(label=_("What is corrected, in a line"), max_length=200)
    amount = Amount(label=_("Amount"))
    note = Text(
        label=_("Why"),
        max_length=2000,
        help_text=_("It stays on record, and the partner reads it in the statement."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(forms.Form):
    """A word to the decision on an order; refusing needs one."""

    reason = Text(
        label=_("Reason"),
        max_length=2000,
        required=False,
        help_text=_("The partner reads it. Needed to refuse."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
