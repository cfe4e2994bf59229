"""Escalations of platform support to partners, what was said, and machines that open them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assay.core.escalations import Severity, Source, Turn
from assay.store.models.listings import App
from assay.store.models.partners import Partner
from assay.store.models.people import Person


class ApiToken(models.Model):
    """A token by which a machine opens escalations; only the digest of its secret is kept."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-made_at", "-pk")


class Escalation(models.Model):
    """One escalation; `key` is under which facts know it.

    `answered_at` is the first response as it holds now; what held before a dispute is in the
    dispute. One of a `report` has no words, and is as facts have it until somebody disputes it.
    `request` is the key and `request_digest` the digest of the request that opened it by a machine
    or a mail: a second time it opens nothing. `warned` counts the warnings that were sent.
    """

    key = models.CharField(max_length=120, unique=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="escalations")
    source = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Source])
    app = models.ForeignKey(
        App, null=True, blank=True, on_delete=models.SET_NULL, related_name="escalations"
    )
    customer = models.CharField(max_length=200, blank=True)
    severity = models.CharField(
        max_length=8, blank=True, choices=[(one.value, one.value) for one in Severity]
    )
    subject = models.CharField(max_length=200, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    token = models.ForeignKey(
        ApiToken, null=True, blank=True, on_delete=models.PROTECT, related_name="escalations"
    )
    request = models.CharField(max_length=255, blank=True)
    request_digest = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """How rows are kept."""

        ordering = ("-opened_at", "-pk")
        indexes = (
            models.Index(fields=("partner", "-opened_at"), name="escalation_of_partner"),
            models.Index(
                fields=("opened_at",), name="escalation_to_answer", condition=Q(answered_at=None)
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("source", "token", "request"),
                condition=~Q(request=""),
                nulls_distinct=False,
                name="one_escalation_a_request",
            ),
        )


class EscalationTurn(models.Model):
    """One thing that was said or done in an escalation, by which side."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="turns")
    turn = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Turn])
    by_partner = models.BooleanField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(max_length=8000, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("at", "pk")


class EscalationFile(models.Model):
    """A file that came with a turn or as evidence of a dispute; `file` is its name as kept."""

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="files")
    turn = models.ForeignKey(
        EscalationTurn, null=True, blank=True, on_delete=models.CASCADE, related_name="files"
    )
    file = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)


class EscalationDispute(models.Model):
    """A partner says that it answered at another moment; staff decide.

    `held` is the moment of the answer that facts had, `claimed` the one that the partner says, and
    `granted` the one that holds since, where it was granted.
    """

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        GRANTED = "granted"
        REFUSED = "refused"

    escalation = models.ForeignKey(Escalation, on_delete=models.CASCADE, related_name="disputes")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(max_length=2000)
    held = models.DateTimeField(null=True, blank=True)
    claimed = models.DateTimeField()
    file = models.OneToOneField(
        EscalationFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    granted = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(max_length=2000, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("escalation",),
                condition=Q(state="open"),
                name="one_open_dispute_an_escalation",
            ),
        )
