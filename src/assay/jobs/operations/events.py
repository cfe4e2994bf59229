"""Record who did what, in the transaction of the act."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
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
    """Append one event; `words` say it to people, `details` hold plain values without decimals."""
    done = Act(
        at=at,
        by=None if by is None else by.pk,
        partner=None if partner is None else partner.pk,
        act=act,
        target=target,
        words=words,
        details=details,
        as_partner=as_partner,
    )
    return record_all([done])[0]


def record_all(acts: Iterable[Act]) -> list[Event]:
    """Append events in the order of their acts, in one statement.

    At the end of the transaction each gets its place in the chain (`store.models.events`).
    """
    where = _from_where.get()
    done = (
        replace(act, details=json.loads(json.dumps(act.details)), from_where=where) for act in acts
    )
    return Event.objects.bulk_create([_event(act) for act in done])


def _event(act: Act) -> Event:
    return Event(
        at=act.at,
        by_id=act.by,
        partner_id=act.partner,
        act=act.act,
        target=act.target,
        words=act.words,
        details=act.details,
        as_partner=act.as_partner,
        from_where=act.from_where,
        content=act.digest,
    )
