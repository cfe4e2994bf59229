"""Decision letters as they were sent, and the announcement of who moved up in a review."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.store.models.content import Post
from assay.store.models.partners import Partner
from assay.store.models.reviews import Decision, Grant, Review


class DecisionLetter(models.Model):
    """What a partner was written of a decision: one letter a grant, kept as it was made.

    `text` is the letter as JSON (`words.decision_letter`); it is read, never computed again.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="letters")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="letters")
    grant = models.OneToOneField(Grant, on_delete=models.PROTECT, related_name="letter")
    appeal_until = models.DateField(null=True, blank=True)  # the last day; None: it is the end
    text = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-made_at", "-pk")
        triggers = (
            pgtrigger.Protect(
                name="letters_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Advancement(models.Model):
    """A review's announcement of who moved up was drafted; `post` is None once it was dropped."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="advancement")
    post = models.OneToOneField(Post, null=True, blank=True, on_delete=models.SET_NULL)
    moved = models.PositiveIntegerField()  # how many it names
    drafted_at = models.DateTimeField()
