"""Know the escalations that reports speak of, so that pages list everything a review counts."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from assay.core.clock import moment_of
from assay.core.escalations import Source
from assay.engine.duck import Session
from assay.jobs.imports.state_facts import FILE
from assay.store.models import Escalation, Partner, Statement
from assay.tables.duck import parquet, quoted

_AT_ONCE = 1000


def know_escalations(session: Session) -> int:
    """Bring the rows of escalations up to what the ledger counts; returns how many differ.

    A word of a report replaces what was held where the ledger lets it count; what people said and
    is still on its way into the ledger is left alone.
    """
    if "escalations" not in session.vocabulary.tables:
        return 0
    told = {row["escalation_id"]: row for row in _reported(session)}
    with transaction.atomic():
        partners = dict(Partner.objects.values_list("key", "pk"))
        waiting = set(Statement.objects.filter(stated_at=None).values_list("partner_id", flat=True))
        held = {one.key: one for one in Escalation.objects.select_for_update().filter(key__in=told)}
        changed = [
            one
            for one in held.values()
            if one.partner_id not in waiting and _take(one, told[one.key], partners)
        ]
        Escalation.objects.bulk_update(
            changed, ["partner", "opened_at", "answered_at"], batch_size=_AT_ONCE
        )
        fresh = [
            _put(Escalation(key=key, source=Source.REPORT), row, partners)
            for key, row in told.items()
            if key not in held and row["partner_id"] in partners
        ]
        Escalation.objects.bulk_create(fresh, batch_size=_AT_ONCE)
        gone = Escalation.objects.filter(source=Source.REPORT, turns=None, disputes=None)
        dropped, _ = gone.exclude(key__in=told).delete()
    return len(fresh) + len(changed) + dropped


def _take(one: Escalation, row: dict[str, Any], partners: dict[str, int]) -> bool:
    before = (one.partner_id, one.opened_at, one.answered_at)
    _put(one, row, partners)
    return before != (one.partner_id, one.opened_at, one.answered_at)


def _put(one: Escalation, row: dict[str, Any], partners: dict[str, int]) -> Escalation:
    answered = row["responded_at"]
    one.partner_id = partners.get(row["partner_id"], one.partner_id)
    one.opened_at = moment_of(row["opened_at"])
    one.answered_at = None if answered is None else moment_of(answered)
    return one


def _reported(session: Session) -> list[dict[str, Any]]:
    """Return the rows that count now and were last said by a report."""
    held = session.facts.tables["escalations"]
    columns = "escalation_id, partner_id, opened_at, responded_at"
    if not held.paths:
        sql = f"SELECT {columns} FROM ({held.sql})"  # noqa: S608 - our own SELECT
    else:
        by_report = f"NOT starts_with(_file, {quoted(FILE)})"
        sql = f"SELECT {columns} FROM {parquet(held.paths)}"  # noqa: S608 - names are quoted
        if held.superseded:
            sql += f" ANTI JOIN (SELECT _row FROM {parquet(held.superseded)}) USING (_row)"  # noqa: S608 - as above
        sql += f" WHERE {by_report}"
    sql += " ORDER BY escalation_id"
    return [row for batch in session.rows(sql).to_batches() for row in batch.to_pylist()]
