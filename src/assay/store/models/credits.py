"""Credits: a double-entry ledger a partner and program year, and the orders that spend them."""

from __future__ import annotations

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assay.core.credits import Act, Side
from assay.store.models.partners import Partner
from assay.store.models.people import Person


class CreditSide(models.Model):
    """What stands on one side of a partner's credits of a program year, in minor units.

    It is the sum of the entries that put there less those that took from there; the row is what
    is locked while an entry is made.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="credit_sides")
    year_from = models.DateField()
    side = models.CharField(max_length=9, choices=[(side.value, side.value) for side in Side])
    amount = models.BigIntegerField(default=0)

    class Meta:
        """How rows are kept."""

        ordering = ("year_from", "partner", "side")
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "year_from", "side"), name="one_row_a_side_of_credits"
            ),
            models.CheckConstraint(
                condition=Q(side=Side.PROGRAM, amount__lte=0)
                | (~Q(side=Side.PROGRAM) & Q(amount__gte=0)),
                name="no_side_of_credits_below_zero",
            ),
        )


class CreditOrder(models.Model):
    """What a partner wants to have for credits; its amount is reserved until it is decided.

    Above the program team's limit `first_approved_by` and `decided_by` are two people.
    """

    class Kind(models.TextChoices):
        """What it is: an order, or a correction by staff."""

        ORDER = "order"
        RAISE = "raise"
        LOWER = "lower"
        TAKE_BACK = "take_back"  # of what was spent

    class State(models.TextChoices):
        """What became of it."""

        PLACED = "placed"
        APPROVED_ONCE = "once"  # above the limit: a second person has to approve
        APPROVED = "approved"
        REFUSED = "refused"
        CANCELLED = "cancelled"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="credit_orders")
    year_from = models.DateField()
    kind = models.CharField(max_length=9, choices=Kind.choices, default=Kind.ORDER)
    what = models.CharField(max_length=200)
    note = models.TextField(max_length=2000, blank=True)
    amount = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLACED)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    first_approved_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-placed_at", "-pk")
        indexes = (models.Index(fields=("state", "placed_at"), name="credit_orders_to_decide"),)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_order_is_of_something"),
        )


class CreditEntry(models.Model):
    """One entry of the ledger: an amount from one side to another, and why; never changed.

    `uid` is made by whoever asks for it: asked again, nothing more is moved.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    act = models.CharField(max_length=12, choices=[(act.value, act.value) for act in Act])
    taken_from = models.ForeignKey(CreditSide, on_delete=models.PROTECT, related_name="taken")
    put_to = models.ForeignKey(CreditSide, on_delete=models.PROTECT, related_name="put")
    amount = models.BigIntegerField()
    order = models.ForeignKey(
        CreditOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="entries"
    )
    why = models.CharField(max_length=400)
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    seconded_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="an_entry_moves_something"),
            models.CheckConstraint(
                condition=~Q(taken_from=F("put_to")), name="an_entry_has_two_sides"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="credit_entries_are_never_edited",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )
