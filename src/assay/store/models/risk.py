"""At-risk assessments of partners, and what was said of them."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.core.risk import Level
from assay.store.models.partners import Partner
from assay.store.models.people import Person
from assay.store.models.reviews import Review


class RiskAssessment(models.Model):
    """How much a partner's credited tier was at risk on a day; appended, never changed.

    `document` says why, in words (`words.risk`); `was` is the level of the assessment before,
    "" for none.
    """

    assessment = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="risks")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="risks")
    tier = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=9, choices=[(one.value, one.value) for one in Level])
    was = models.CharField(max_length=9, blank=True)
    review_on = models.DateField()
    document = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-assessment__on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("assessment", "partner"), name="one_risk_an_assessment"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="risks_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class RiskTurn(models.Model):
    """One thing said of a partner's risk: its answer, or what staff agreed with it; appended."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="risk_turns")
    by_staff = models.BooleanField()
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-at", "-pk")
        triggers = (
            pgtrigger.Protect(
                name="risk_turns_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
