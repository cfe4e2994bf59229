"""What readers think of a page."""

from __future__ import annotations

from django.db import models

from assay.store.models.people import Person


class Rating(models.Model):
    """What a reader says of a page: whether it helped, and why; and who of staff has read it."""

    path = models.CharField(max_length=300, db_index=True)
    helped = models.BooleanField()
    comment = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("-at", "-pk")
