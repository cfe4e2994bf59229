"""Appeals against decisions of closed reviews, corrections by staff, and looks at late facts."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assay.store.models.people import Person
from assay.store.models.reviews import Decision, Grant, Review


class Appeal(models.Model):
    """A case against a decision: of the partner, or a correction that staff open.

    One person of the program team proposes how it ends, another confirms; the decision itself
    stays. `redecision` is what was computed on corrected facts, where the proposal rests on it.
    """

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        PROPOSED = "proposed"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    class Outcome(models.TextChoices):
        """How it is proposed to end."""

        GRANT = "grant"
        REFUSE = "refuse"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="appeals")
    by_staff = models.BooleanField(default=False)
    case = models.TextField(max_length=4000)
    stated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stated_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, blank=True)
    tier = models.CharField(max_length=40, blank=True)  # to grant
    rank = models.PositiveSmallIntegerField(default=0)
    redecision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="redecides"
    )
    reason = models.TextField(max_length=2000, blank=True)
    proposed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    grant = models.OneToOneField(
        Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("-stated_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("decision",),
                condition=Q(state__in=("open", "proposed")),
                name="one_open_appeal_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("granted", "refused"))
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="appeals_are_decided_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="granted", grant__isnull=False)
                | (~Q(state="granted") & Q(grant=None)),
                name="a_granted_appeal_grants",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="appeals_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="cases_are_never_edited",
                fields=["decision", "by_staff", "case", "stated_by", "stated_at"],
            ),
        )


class AppealFile(models.Model):
    """Evidence of an appeal; `file` is its name as kept."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")
    file = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)


class LateLook(models.Model):
    """What the facts known later say of a closed review: the newest look, one a review.

    `found` holds the decisions that would come out otherwise, None where there are none.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="late_look")
    facts_digest = models.CharField(max_length=80)
    looked_at = models.DateTimeField()
    found = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    differing = models.PositiveIntegerField()  # how many would come out otherwise
