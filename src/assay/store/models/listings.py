"""Apps as partners enter them and staff approve them; what is approved becomes facts."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class App(models.Model):
    """An app, from draft to retired. `public` apps that are listed have a public page.

    The columns are what is listed. `proposed` is what the partner would have instead (an
    `AppContent` as a document, None: nothing), and `step` where that stands; of an app that was
    never listed, `state` and the columns follow it. `reported` is what reports last said.
    """

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
    proposed = models.JSONField(null=True, blank=True)
    step = models.CharField(max_length=10, choices=State.choices, blank=True)
    from_facts = models.BooleanField(default=False)  # reports speak of it, nobody listed it here
    reported = models.JSONField(default=dict, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)  # by people, last
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("name", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=("", "draft", "submitted", "sent_back")),
                name="a_proposal_is_on_its_way",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """An app on one kind of hosting: how it is paid, since when, and its approval."""

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="listings")
    hosting = models.CharField(max_length=12)  # a choice of the vocabulary
    payment = models.CharField(max_length=10)  # a choice of the vocabulary
    listed_on = models.DateField(null=True, blank=True)
    retired_on = models.DateField(null=True, blank=True)
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
    """One step in an app's life: submitted, listed, sent back or retired, with the reason.

    `content` is what was listed or proposed at that moment, an `AppContent` as a document.
    """

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="revisions")
    state = models.CharField(max_length=10, choices=App.State.choices)
    reason = models.TextField(max_length=2000, blank=True)
    content = models.JSONField(default=dict, blank=True)
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


class Statement(models.Model):
    """What people said on the portal, on its way into the ledger as one batch.

    `rows` maps fact tables to rows; it never changes, so that a second try is the same batch.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="statements")
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    why = models.CharField(max_length=200)
    rows = models.JSONField()
    batch = models.PositiveBigIntegerField(null=True, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        indexes = (
            models.Index(fields=("id",), name="statement_to_state", condition=Q(stated_at=None)),
        )


class Disagreement(models.Model):
    """Where reports and people say different things about an app, and what was done about it.

    `kind` and the two words are as `core.disagreements` tells them.
    """

    class State(models.TextChoices):
        """What was done."""

        OPEN = "open"
        ASKED = "asked"
        REPORT = "report"  # the report's word was taken
        PARTNER = "partner"  # the partner's word was taken
        GONE = "gone"  # they agree again

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="disagreements")
    kind = models.CharField(max_length=16)
    hosting = models.CharField(max_length=12, blank=True)
    reported = models.CharField(max_length=200, blank=True)
    said = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("-found_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("app", "kind", "hosting", "reported", "said"),
                name="one_row_a_disagreement",
            ),
        )
