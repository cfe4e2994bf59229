"""Free tools: the stock of codes and seats that staff load, and who was given which."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class ToolKey(models.Model):
    """A code or a seat of a tool; `sealed` is its text, `digest` tells it from every other."""

    class Kind(models.TextChoices):
        """What it is."""

        CODE = "code"  # given once
        SEAT = "seat"  # goes back to the stock

    class State(models.TextChoices):
        """Where it is."""

        FREE = "free"
        GIVEN = "given"
        TO_REVOKE = "to_revoke"  # taken back here; staff end it at the vendor
        REVOKED = "revoked"

    tool = models.CharField(max_length=60)  # a benefit of the program
    kind = models.CharField(max_length=4, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.FREE)
    sealed = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # its last characters, to tell it by
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        indexes = (
            models.Index(fields=("tool", "id"), name="tool_keys_free", condition=Q(state="free")),
        )


class ToolGrant(models.Model):
    """A partner was given a code or a seat; `taken_back_at` once it was taken back."""

    tool = models.CharField(max_length=60)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tool_grants")
    key = models.ForeignKey(ToolKey, on_delete=models.PROTECT, related_name="grants")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who claimed it
    given_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-given_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("tool", "partner"),
                condition=Q(taken_back_at=None),
                name="one_grant_of_a_tool",
            ),
            models.UniqueConstraint(
                fields=("key",), condition=Q(taken_back_at=None), name="one_holder_of_a_key"
            ),
        )


class ToolWait(models.Model):
    """A partner waits for a tool that is out of stock; the longest waiting is served first."""

    tool = models.CharField(max_length=60)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="tool_waits")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("since", "pk")
        constraints = (
            models.UniqueConstraint(fields=("tool", "partner"), name="one_wait_for_a_tool"),
        )
