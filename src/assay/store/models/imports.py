"""Files that staff send in, from upload to report."""

from __future__ import annotations

from django.db import models

from assay.store.models.people import Person


class Upload(models.Model):
    """One file on its way into the ledger; the row is the truth, the job only moves it on.

    `preview` and `report` are plain documents: kinds, columns, counts, issues grouped by cause.
    """

    class State(models.TextChoices):
        """Where the file stands."""

        READING = "reading"
        READY = "ready"  # previewed, waits for a person
        COMMITTING = "committing"
        DONE = "done"
        REFUSED = "refused"
        DROPPED = "dropped"
        UNDOING = "undoing"
        UNDONE = "undone"

    name = models.CharField(max_length=200)
    file = models.CharField(max_length=80)  # name in the installation's files
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=60)
    partner_key = models.CharField(max_length=120, blank=True)  # whose report it is
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    preview = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    rejected_file = models.CharField(max_length=80, blank=True)
    batch = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-uploaded_at", "-pk")
