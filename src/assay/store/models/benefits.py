"""Benefits of partners: what was granted, changed and ended, each dated and explained."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.core.benefits import Act
from assay.store.models.partners import Partner
from assay.store.models.reviews import Grant


class BenefitChange(models.Model):
    """One change of one benefit of a partner, from the day `on`; appended, never edited.

    What a partner has is the newest change of each benefit. `before` and `after` are as the
    program file writes them, "" for nothing; `grant` is the credited tier that caused it, None
    where no tier is credited any more.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="benefit_changes")
    benefit = models.CharField(max_length=80)
    act = models.CharField(max_length=7, choices=[(act.value, act.value) for act in Act])
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    program = models.CharField(max_length=120)  # NAME@VERSION
    grant = models.ForeignKey(
        Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="benefit_changes"
    )
    words = models.CharField(max_length=600)
    made_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-pk",)
        indexes = (
            models.Index(fields=("partner", "benefit", "-id"), name="newest_change_of_a_benefit"),
        )
        triggers = (
            pgtrigger.Protect(
                name="benefit_changes_are_never_edited",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )
