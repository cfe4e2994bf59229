"""Record who did what, in the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from assay.core.events import Act
from assay.store.models import Event, Partner, Person

_from_where: ContextVar[str] = ContextVar("from_where", default="")


@contextmanager
def acting_from(address: str) -> Iterator[None]:
    """Record events as from a client's address, until this is left."""
    token = _from_where.set(address)
    try:
        yield
    finally:
        _from_where.reset(token)


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
    """Append one event; `words` say it to people, `details` hold plain values without decimals.

    At the end of the transaction it gets its place in the chain (`store.models.events`).
    """
    done = Act(
        at=at,
        by=None if by is None else by.pk,
        partner=None if partner is None else partner.pk,
        act=act,
        target=target,
        words=words,
        details=json.loads(json.dumps(details)),
        as_partner=as_partner,
        from_where=_from_where.get(),
    )
    return Event.objects.create(
        at=at,
        by=by,
        partner=partner,
        act=act,
        target=target,
        words=words,
        details=done.details,
        as_partner=as_partner,
        from_where=done.from_where,
        content=done.digest,
    )
