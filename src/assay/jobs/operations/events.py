"""Record who did what, in the transaction of the act."""

from __future__ import annotations

from datetime import datetime

from assay.store.models import Event, Partner, Person


def record(  # noqa: PLR0913 - who, what, on what, when
    act: str,
    words: str,
    *,
    at: datetime,
    by: Person | None = None,
    partner: Partner | None = None,
    target: str = "",
    as_partner: bool = False,
    **details: object,
) -> Event:
    """Append one event; `words` say it to people, `details` hold plain values."""
    return Event.objects.create(
        act=act,
        words=words,
        at=at,
        by=by,
        partner=partner,
        target=target,
        as_partner=as_partner,
        details=details,
    )
