"""Badges: what was attested of a partner, as it was signed, and whether it was taken back."""

from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assay.store.models.partners import Partner
from assay.store.models.reviews import Grant


class Badge(models.Model):
    """A badge that a grant brought, until the day `until_on`, the first it no longer holds.

    What is signed never changes. A badge may be revoked, once, for good, and be suspended as long
    as the program has it so; the status lists tell both at its `place` of list `list_number`.
    """

    number = models.CharField(max_length=16, unique=True)  # in its address; cannot be guessed
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="badges")
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="badges")
    issuer = models.CharField(max_length=300)  # in whose name it is signed, a DID
    program = models.CharField(max_length=120)  # NAME@VERSION
    tier = models.CharField(max_length=40)
    words = models.CharField(max_length=120)  # e.g. Gold Marketplace Partner
    since_on = models.DateField()
    until_on = models.DateField()
    list_number = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    token = models.TextField()  # the signed credential
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_why = models.CharField(max_length=300, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_why = models.CharField(max_length=300, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-since_on", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("grant", "until_on", "issuer"), name="one_badge_a_grant_and_year"
            ),
            models.UniqueConstraint(fields=("list_number", "place"), name="one_badge_a_place"),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("since_on")), name="a_badge_lasts_a_day"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="badges_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="badges_are_never_edited",
                fields=[
                    *(
                        "number",
                        "partner",
                        "grant",
                        "issuer",
                        "program",
                        "tier",
                        "words",
                        "since_on",
                    ),
                    *("until_on", "list_number", "place", "token", "issued_at"),
                ],
            ),
            pgtrigger.Protect(
                name="badges_are_revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False)
                & (
                    pgtrigger.Q(old__revoked_at__df=pgtrigger.F("new__revoked_at"))
                    | pgtrigger.Q(old__revoked_why__df=pgtrigger.F("new__revoked_why"))
                ),
            ),
        )
