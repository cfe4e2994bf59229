"""What invitations to a partner and to the program team have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from assay.core.issues import Issue, Refused
from assay.jobs.people.one_time import digest_of, fresh_secret
from assay.store.models import Invitation, Person, StaffInvitation

LIFETIME = timedelta(days=7)
MOST_OPEN = 50


def refuse_another(open_ones: QuerySet[Any], email: str, *, at: datetime) -> None:
    """Raise Refused where an address is invited already, or too many invitations are open.

    Those that ran out are withdrawn first, so that the address can be invited anew.
    """
    open_ones.filter(email__iexact=email, expires_at__lte=at).update(withdrawn_at=at)
    if open_ones.filter(email__iexact=email).exists():
        raise _refused(f"{email} is invited already.", "Send the invitation again, or withdraw it.")
    if open_ones.count() >= MOST_OPEN:
        raise _refused(f"{MOST_OPEN} invitations are open.", "Withdraw some of them first.")


def renew(invitation: Invitation | StaffInvitation, *, by: Person, at: datetime) -> str:
    """Give an invitation a new link for another seven days; return the link's secret."""
    secret = fresh_secret()
    invitation.digest = digest_of(secret)
    invitation.invited_by, invitation.invited_at = by, at
    invitation.expires_at = at + LIFETIME
    invitation.save()
    return secret


def _refused(message: str, hint: str) -> Refused:
    return Refused(Issue(file="invitations", message=message, hint=hint))
