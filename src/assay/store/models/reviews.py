"""Reviews and standings: what the engine decided, kept as it was told."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.store.models.partners import Partner


class Review(models.Model):
    """One run of the engine over every partner.

    A `review` is of the program's calendar and gives credited tiers; a `standing` is computed
    between reviews and gives performing tiers. Never changed; a newer one follows.
    """

    class Kind(models.TextChoices):
        """What the run gives."""

        REVIEW = "review"
        STANDING = "standing"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    program = models.CharField(max_length=120)  # NAME@VERSION
    program_digest = models.CharField(max_length=80)
    facts_digest = models.CharField(max_length=80)
    on = models.DateField()
    cut_off = models.DateField()
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-on", "-made_at", "-pk")
        triggers = (
            pgtrigger.Protect(name="reviews_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="reviews_are_never_edited", exclude=["closed_at"]),
        )


class Decision(models.Model):
    """One partner's tier in a review, with its explanation.

    `explanation` is the document that `assay explain --json` prints, without rows, as text: it is
    read to the byte as it was written. `rank`, `sales`, `sales_are_least` and `unknown` are copied
    from it, for lists (`words.headline`).
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="decisions")
    tier = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(default=0)
    sales = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    sales_are_least = models.BooleanField(default=False)
    unknown = models.PositiveSmallIntegerField(default=0)
    explanation = models.TextField()

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(fields=("review", "partner"), name="one_decision_a_partner"),
        )
        triggers = (
            pgtrigger.Protect(
                name="decisions_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
