"""Files that staff send in, from upload to report."""

from __future__ import annotations

from django.db import models

from assay.store.models.people import Person


class Upload(models.Model):
    """One file on its way into the ledger; the row is the truth, the job only moves it on.

    `preview`, `report` and `undo_report` are plain documents (jobs/imports/told_uploads.py).
    `done` of about `total` rows are read (0: not known how many) since `started_at`. The counts
    are those of the preview until it is imported, then those of the batch.
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

    class Stage(models.TextChoices):
        """What the worker is at."""

        WAITING = "waiting"
        READING = "reading"
        KEEPING = "keeping"  # or comparing, in a preview

    name = models.CharField(max_length=200)  # as its sender called it, made harmless
    file = models.CharField(max_length=80)  # name in the installation's files
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=60)
    partner_key = models.CharField(max_length=120, blank=True)  # whose report it is
    as_of = models.DateField(null=True, blank=True)  # the day it shows
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=60, blank=True)
    rows = models.PositiveBigIntegerField(default=0)
    new = models.PositiveBigIntegerField(default=0)
    same = models.PositiveBigIntegerField(default=0)
    restated = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)  # of the step it is at
    trouble = models.JSONField(default=list, blank=True)  # why the last step failed
    preview = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    undo_report = models.JSONField(default=dict, blank=True)
    rejected_file = models.CharField(max_length=80, blank=True)
    batch = models.PositiveIntegerField(null=True, blank=True)
    undo_batch = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    committed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_why = models.CharField(max_length=300, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-uploaded_at", "-pk")
