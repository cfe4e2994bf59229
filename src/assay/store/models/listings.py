"""Apps as partners enter them and staff approve them; what is approved becomes facts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class App(models.Model):
    """An app, from draft to retired. `public` apps that are listed have a public page."""

    class State(models.TextChoices):
        """Where the app stands."""

        DRAFT = "draft"
        SUBMITTED = "submitted"
        SENT_BACK = "sent_back"
        LISTED = "listed"
        RETIRED = "retired"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="apps")
    key = models.CharField(max_length=200, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    name = models.CharField(max_length=120)
    tagline = models.CharField(max_length=160, blank=True)
    description = models.TextField(max_length=8000, blank=True)
    products = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    categories = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    public = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    from_facts = models.BooleanField(default=False)  # reports speak of it, nobody listed it here
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("name", "key")

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """An app on one kind of hosting: how it is paid, since when, and its approval."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="listings")
    hosting = models.CharField(max_length=12)  # a choice of the vocabulary
    payment = models.CharField(max_length=10)  # a choice of the vocabulary
    listed_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
    approval_asked_at = models.DateTimeField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    installs = models.PositiveIntegerField(null=True, blank=True)
    installs_on = models.DateField(null=True, blank=True)
    enrolled_on = models.DateField(null=True, blank=True)  # in the bug bounty program, by facts

    class Meta:
        """How rows are kept."""

        ordering = ("hosting",)
        constraints = (
            models.UniqueConstraint(fields=("app", "hosting"), name="one_listing_a_hosting"),
        )


class AppRevision(models.Model):
    """One step in an app's life: submitted, approved or sent back, with the reason."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="revisions")
    state = models.CharField(max_length=10, choices=App.State.choices)
    reason = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("at", "pk")


class Screenshot(models.Model):
    """A re-encoded picture of an app; `file` is its name in the installation's files."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="screenshots")
    file = models.CharField(max_length=80)
    caption = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField()

    class Meta:
        """How rows are kept."""

        ordering = ("position", "pk")
