"""Security programs at work: enrolments with their steps and evidence, awards, changed rules."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from assay.store.models.listings import App
from assay.store.models.people import Person


class Enrolment(models.Model):
    """An app in a security program, from the application on.

    `program` is the security program's key. `state` is where it stands; of one that takes part,
    `renewal` is where its renewal stands ("": none is asked for). `evidence` holds what was shown
    last, by key. `told_as` is the app's key or number in the facts that tell of it. It holds from
    `valid_from` and ends on `valid_until` (None: no end is set), whose `ending` says why where
    people set it; on that day it no longer shows.
    """

    class State(models.TextChoices):
        """Where it stands."""

        APPLIED = "applied"
        ASKED_BACK = "asked_back"
        APPROVED = "approved"
        REFUSED = "refused"
        ENDED = "ended"  # by people, by a report, or with its security program
        EXPIRED = "expired"  # nobody renewed it

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="enrolments")
    program = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices)
    renewal = models.CharField(max_length=10, choices=State.choices, blank=True)
    from_report = models.BooleanField(default=False)
    told_as = models.CharField(max_length=200, blank=True)
    evidence = models.JSONField(default=dict, blank=True)
    applied_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=2000, blank=True)
    ending = models.TextField(max_length=2000, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    warned = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)  # days ahead
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-changed_at", "-pk")
        indexes = (models.Index(fields=("state", "valid_until"), name="enrolment_by_end"),)
        constraints = (
            models.UniqueConstraint(
                fields=("app", "program"),
                condition=Q(state__in=("applied", "asked_back", "approved")),
                name="one_live_enrolment_a_program",
            ),
            models.CheckConstraint(
                condition=Q(renewal="")
                | Q(state="approved", renewal__in=("applied", "asked_back")),
                name="only_what_holds_is_renewed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.app} in {self.program}"


class EnrolmentStep(models.Model):
    """One step in an enrolment's life, with what was shown at that moment; never changed."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=20)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.TextField(max_length=2000, blank=True)
    evidence = models.JSONField(default=dict, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("at", "pk")


class EvidenceFile(models.Model):
    """A file shown as evidence; `file` is its name among the installation's attachments."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="files")
    asked = models.CharField(max_length=80)  # the key of the evidence
    file = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)


class Award(models.Model):
    """A submission to a security program with its award, entered here, or reported and too low.

    Amounts are whole minor units of the program's currency; `minimum` is the least award of the
    submission's day and severity.
    """

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="awards")
    program = models.CharField(max_length=80)
    key = models.CharField(max_length=200, unique=True)
    severity = models.CharField(max_length=20)
    submitted_on = models.DateField()
    awarded = models.PositiveBigIntegerField(null=True, blank=True)
    minimum = models.PositiveBigIntegerField(null=True, blank=True)
    below = models.BooleanField(default=False)
    from_report = models.BooleanField(default=False)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-submitted_on", "-pk")
        indexes = (models.Index(fields=("below", "app"), name="award_below"),)


class RuleChange(models.Model):
    """A change of the program's rules: the version it makes, why, and who was told.

    `text` is the whole program file of `version`; the file is written from it. `told` has the
    keys of the partners whose standing it changes and who were told.
    """

    program = models.CharField(max_length=80)
    version = models.CharField(max_length=10)
    words = models.CharField(max_length=400)
    reason = models.TextField(max_length=2000)
    follows = models.CharField(max_length=200)  # label of the version that was edited
    change = models.JSONField()
    text = models.TextField()
    told = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(fields=("program", "version"), name="one_change_a_version"),
        )
