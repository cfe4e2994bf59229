"""Partners, the people in them, and how people come to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from assay.core.rights import Role
from assay.store.models.people import Person

ROLES = [(role.value, role.value) for role in Role]


class Partner(models.Model):
    """A partner: its profile, and the key under which facts know it.

    A profile is a draft, or merely known, until every step of its path is done and the agreement
    is accepted; `begun_by` is who walks the path.
    """

    class State(models.TextChoices):
        """Where the profile stands."""

        KNOWN = "known"  # facts speak of it, nobody has finished its profile
        DRAFT = "draft"
        ACTIVE = "active"

    key = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    name = models.CharField(max_length=120)
    legal_name = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    website = models.URLField(max_length=300, blank=True)
    support_email = models.EmailField(max_length=254, blank=True)
    support_url = models.URLField(max_length=300, blank=True)
    support_phone = models.CharField(max_length=40, blank=True)
    support_hours = models.CharField(max_length=120, blank=True)
    description = models.TextField(max_length=8000, blank=True)
    logo = models.CharField(max_length=80, blank=True)  # name of the re-encoded file
    agreement_version = models.CharField(max_length=20, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    joined_on = models.DateField(null=True, blank=True)
    begun_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    announce_moves = models.BooleanField(default=False)  # by its owner's consent
    created_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("name", "key")
        constraints = (
            models.UniqueConstraint(
                fields=("begun_by",),
                condition=~Q(state="active"),
                name="one_path_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """A picture of a partner, re-encoded; `name` is that of its file in the installation's."""

    name = models.CharField(max_length=80, primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="pictures")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()


class Membership(models.Model):
    """A person in a partner, with one role."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES)
    since = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(fields=("partner", "person"), name="one_role_in_a_partner"),
        )


class Invitation(models.Model):
    """An address asked to join a partner; only the digest of the link's secret is kept."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=10, choices=ROLES)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(
                "partner",
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_invitation_an_address",
            ),
        )


class Claim(models.Model):
    """A person says that a partner known from facts is theirs; staff decide."""

    class State(models.TextChoices):
        """What became of the claim."""

        OPEN = "open"
        GRANTED = "granted"
        REFUSED = "refused"

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="claims")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="claims")
    evidence = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    claimed_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(max_length=2000, blank=True)

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(
                fields=("partner", "person"),
                condition=Q(state="open"),
                name="one_open_claim_a_person",
            ),
        )
