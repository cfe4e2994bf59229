"""What is said in public, and what readers think of a page."""

from __future__ import annotations

from django.db import models

from assay.store.models.people import Person


class Announcement(models.Model):
    """A public post in Markdown; a draft until `published_at`."""

    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=160)
    body = models.TextField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-published_at", "-pk")

    def __str__(self) -> str:
        return self.title


class Rating(models.Model):
    """What a reader says of a page: whether it helped, and why."""

    path = models.CharField(max_length=300, db_index=True)
    helped = models.BooleanField()
    comment = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-at", "-pk")
