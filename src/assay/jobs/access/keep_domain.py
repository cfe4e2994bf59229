"""The operator's own lists: a domain is allowed or refused, with the reason, on record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assay.core.addresses import Kind, NoDomain, judge_domain, read_domain, spoken
from assay.core.issues import Issue, Refused
from assay.documents.mail_lists import shipped_lists
from assay.jobs.operations.events import record
from assay.store.models import MailDomain, Person

_NOBODYS = (Kind.SUFFIX, Kind.UNKNOWN)


def keep_domain(text: str, *, allowed: bool, reason: str, by: Person, at: datetime) -> MailDomain:
    """Put a domain (or the domain of an address) on a list, or change what is said of it.

    It counts for its subdomains too. Raises Refused for what is no domain, and for allowing the
    ending of many domains, such as co.uk; a reserved name such as example may be allowed.
    """
    try:
        domain = read_domain(text.rpartition("@")[2])
    except NoDomain as fault:
        raise _refused(f"this is no domain: {fault}", "Write it as company.com.") from None
    if allowed and judge_domain(domain, shipped_lists()).kind in _NOBODYS:
        raise _refused(
            f"{spoken(domain)} is not the domain of one organisation",
            "Allow the organisation's own domain.",
        )
    with transaction.atomic():
        kept, _ = MailDomain.objects.update_or_create(
            domain=domain, defaults={"allowed": allowed, "reason": reason, "by": by, "at": at}
        )
        record(
            "domain_allowed" if allowed else "domain_refused",
            f"{by} {'allowed' if allowed else 'refused'} addresses at {spoken(domain)}",
            at=at,
            by=by,
            target=f"domain:{domain}"[:200],
            reason=reason,
        )
    return kept


def drop_domain(number: int, *, by: Person, at: datetime) -> None:
    """Take a domain off the lists; taken off before, nothing happens."""
    with transaction.atomic():
        kept = MailDomain.objects.select_for_update().filter(pk=number).first()
        if kept is None:
            return
        kept.delete()
        record(
            "domain_dropped",
            f"{by} took {spoken(kept.domain)} off the list of "
            f"{'allowed' if kept.allowed else 'refused'} domains",
            at=at,
            by=by,
            target=f"domain:{kept.domain}"[:200],
        )


def _refused(message: str, hint: str) -> Refused:
    return Refused(Issue(file="domains", column="domain", message=message, hint=hint))
