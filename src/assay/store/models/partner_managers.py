"""Technical partner managers: who of the program team is there for a partner, and who was (B2)."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class ManagerCard(models.Model):
    """How partners reach a manager: hours, a link to book a talk, whatever helps."""

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.PROTECT, related_name="manager_card"
    )
    reach = models.TextField(max_length=1000)
    changed_at = models.DateTimeField()


class ManagerAssignment(models.Model):
    """A manager of a partner, from one moment to another; `note` is what was handed over to them.

    One at a time. Past ones stay: they are the history of who was there.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="managers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="managed")
    since_at = models.DateTimeField()
    assigned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=4000, blank=True)
    until_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=400, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-since_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partner",), condition=Q(until_at=None), name="one_manager_a_partner"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="assignments_are_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="assignments_are_never_edited", exclude=["until_at", "ended_why"]
            ),
        )
