"""People: accounts that sign in, and one-time links that do it for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from assay.core.rights import StaffRole

STAFF_ROLES = [(role.value, role.value) for role in StaffRole]


class People(BaseUserManager["Person"]):
    """Creates accounts; addresses are compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> Person:
        """Create an account; without a password it signs in by link or provider alone."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find an account by its address in any case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Someone with an account: a member of partners, staff, both or neither."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    locale = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    staff_role = models.CharField(max_length=20, blank=True, choices=STAFF_ROLES)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = People()

    class Meta:
        """How rows are kept."""

        constraints = (models.UniqueConstraint(Lower("email"), name="person_email_any_case"),)

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the person is in the program team."""
        return bool(self.staff_role)


class SignInLink(models.Model):
    """A link that signs one person in, once; only the digest of its secret is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    both_factors = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)


class StaffInvitation(models.Model):
    """An address asked to join the program team; only the digest of the link's secret is kept."""

    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=20, choices=STAFF_ROLES)
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
                Lower("email"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="one_open_staff_invitation_an_address",
            ),
        )
