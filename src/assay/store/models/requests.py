"""Rounds in which partners ask for a benefit: a seat, a campaign, sponsorship, tickets, access."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class Round(models.Model):
    """A round of one benefit: from when until when it is asked for, and how many can get it.

    `gives_tickets`: partners ask for a number of tickets, and `quotas` is the most a tier gets;
    `capacity` is then how many tickets there are, else how many partners can be granted.
    """

    benefit = models.CharField(max_length=80)
    title = models.CharField(max_length=160)
    description = models.TextField(max_length=8000, blank=True)
    capacity = models.PositiveIntegerField()
    gives_tickets = models.BooleanField(default=False)
    quotas = models.JSONField(default=dict, blank=True)  # tier to tickets
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    allotted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-closes_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="a_round_closes_after_it_opens"
            ),
        )


class BenefitRequest(models.Model):
    """What a partner asks for in a round, and what became of it."""

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        GRANTED = "granted"
        WAITING = "waiting"  # no place is left; it moves up when one becomes free
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="requests")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="benefit_requests")
    text = models.TextField(max_length=4000)
    wanted = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    rank_words = models.CharField(max_length=300, blank=True)  # as it was decided
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "partner"),
                condition=~Q(state="withdrawn"),
                name="one_request_a_round",
            ),
            models.CheckConstraint(condition=Q(wanted__gt=0), name="a_request_wants_something"),
        )
        triggers = (pgtrigger.Protect(name="requests_are_kept", operation=pgtrigger.Delete),)


class Ticket(models.Model):
    """One ticket of a round's stock: given to one request, or to nobody yet."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="tickets")
    number = models.PositiveIntegerField()
    request = models.ForeignKey(
        BenefitRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="tickets"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="one_ticket_a_number"),
        )
