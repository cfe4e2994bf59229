"""Records of closed reviews and of cases against them: signed, and never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.store.models.appeals import Appeal
from assay.store.models.events import never_emptied
from assay.store.models.reviews import Review


class ReviewRecord(models.Model):
    """All that a closed review rests on and says, as one signed text (`core.records`).

    `digest` is the SHA-256 of what is signed; `key` the thumbprint of the key that signed it.
    """

    review = models.OneToOneField(
        Review, primary_key=True, on_delete=models.PROTECT, related_name="record"
    )
    text = models.TextField()
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=43)
    kept_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        triggers = (
            pgtrigger.Protect(
                name="records_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            never_emptied("records_are_never_emptied"),
        )


class CaseRecord(models.Model):
    """How an appeal or a correction was decided, as one signed text (`core.case_records`).

    It names the record of the review by its digest; fields are those of `ReviewRecord`.
    """

    appeal = models.OneToOneField(
        Appeal, primary_key=True, on_delete=models.PROTECT, related_name="record"
    )
    text = models.TextField()
    digest = models.CharField(max_length=64)
    key = models.CharField(max_length=43)
    kept_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        triggers = (
            pgtrigger.Protect(
                name="case_records_are_never_edited",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            never_emptied("case_records_are_never_emptied"),
        )
