"""The record of who did what: appended in the transaction of the act, never changed."""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class Event(models.Model):
    """One act: by whom, on which partner and object, and what it was in words.

    `by` is None where the product acted by itself. `as_partner`: staff looked as the partner.
    """

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField(max_length=60)  # e.g. app_submitted
    target = models.CharField(max_length=200, blank=True)  # e.g. app:KEY
    words = models.CharField(max_length=400)
    details = models.JSONField(default=dict, blank=True)
    as_partner = models.BooleanField(default=False)

    class Meta:
        """How rows are kept."""

        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("partner", "-at"), name="event_of_partner"),
            models.Index(fields=("target", "-at"), name="event_of_target"),
        )
        triggers = (
            pgtrigger.Protect(
                name="events_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
