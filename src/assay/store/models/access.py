"""Access to the portal: who asks for it, what is said about it, and how it ends."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assay.store.models.partners import ROLES, Invitation, Partner
from assay.store.models.people import Person


class MailDomain(models.Model):
    """A domain on the operator's own list: allowed or refused, whatever the shipped lists say."""

    domain = models.CharField(max_length=253, unique=True)  # lower case, xn-- form
    allowed = models.BooleanField()
    reason = models.CharField(max_length=400)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("domain",)


class AccessRequest(models.Model):
    """Somebody with an address asks for access to a partner: a ticket once the address is shown."""

    class State(models.TextChoices):
        """Where it stands."""

        UNCONFIRMED = "unconfirmed"  # nobody has opened the mailed link yet
        OPEN = "open"  # staff's turn
        ASKED = "asked"  # the asker's turn
        GRANTED = "granted"
        REFUSED = "refused"
        LAPSED = "lapsed"  # never confirmed

    email = models.EmailField(max_length=254)  # lower case
    name = models.CharField(max_length=120)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="access_requests")
    app = models.CharField(max_length=200, blank=True)
    why = models.TextField(max_length=2000)
    state = models.CharField(max_length=11, choices=State.choices, default=State.UNCONFIRMED)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    times_asked = models.PositiveIntegerField(default=1)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=2000, blank=True)
    role = models.CharField(max_length=10, choices=ROLES, blank=True)  # as granted
    invitation = models.ForeignKey(
        Invitation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "email"),
                condition=Q(state__in=("unconfirmed", "open", "asked")),
                name="one_open_access_request_an_address",
            ),
        )
        indexes = (models.Index(fields=("state", "asked_at"), name="access_by_state"),)

    def __str__(self) -> str:
        return f"{self.email} to {self.partner}"


class AccessLink(models.Model):
    """A link by which the asker follows a request; only the digest of its secret is kept.

    Each mail has one of its own, so that none has to be kept to be sent again.
    """

    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()


class AccessMessage(models.Model):
    """What staff (`by`) or the asker (no `by`) wrote on a request."""

    request = models.ForeignKey(AccessRequest, on_delete=models.CASCADE, related_name="messages")
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(max_length=2000)
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("at", "pk")


class AccessEnding(models.Model):
    """A member's access is to end on a day, because a condition does not hold any more."""

    class Condition(models.TextChoices):
        """Which condition does not hold."""

        PAID_APP = "paid_app"  # the partner has no app paid via the platform
        ADDRESS = "address"  # the member has no address at a private domain

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open"
        CANCELLED = "cancelled"  # the conditions hold again, or the member left
        ENDED = "ended"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="access_endings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="access_endings")
    condition = models.CharField(max_length=8, choices=Condition.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    noticed_at = models.DateTimeField()
    ends_on = models.DateField()
    warned_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("ends_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("partner", "person"),
                condition=Q(state="open"),
                name="one_open_ending_a_member",
            ),
        )
