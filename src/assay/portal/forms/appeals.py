"""Forms of appeals: the case with its evidence, the proposal, what sends it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assay.portal.forms.escalations import FilesField
from assay.portal.forms.fields import Text

_REFUSE = "refuse"


class CorrectionForm(forms.Form):
    """Why a decision is wrong."""

    case = Text(
        label=_("What is wrong, and what shows it"),
        max_length=4000,
        help_text=_("The partner and the program team read it, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )


class AppealForm(CorrectionForm):
    """A case against a decision, with evidence."""

    attachments = FilesField()


class ProposalForm(forms.Form):
    """How a case shall end."""

    outcome = forms.ChoiceField(label=_("Proposal"))
    reason = Text(
        label=_("Reason"),
        max_length=2000,
        help_text=_("The partner reads it, and it stays on record."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *arguments: Any, tiers: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [("", _("Choose")), *tiers, (_REFUSE, _("Refuse: the decision stands"))]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]

    def tier(self) -> str:
        """Return the tier to grant, "" to refuse."""
        said: str = self.cleaned_data["outcome"]
        return "" if said == _REFUSE else said


class ConfirmForm(forms.Form):
    """What a second person says who sends a proposal back."""

    words = Text(
        label=_("If you send it back: why"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
