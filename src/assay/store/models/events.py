"""The record of who did what: appended in the transaction of the act, never changed.

Events are chained. Each has the digest of its own content; at the end of its transaction the
database gives it the next number, without a gap, and a digest over number, event, the digest
before it and its content (`core.events`). One transaction at a time does so, when nothing else is
left to wait for, so that two never wait for each other.
"""

from __future__ import annotations

import pgtrigger
from django.db import models

from assay.store.models.partners import Partner
from assay.store.models.people import Person


def never_emptied(name: str) -> pgtrigger.Trigger:
    """Return the trigger that forbids to empty a table at once."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
    )


class Event(models.Model):
    """One act: by whom, on which partner and object, and what it was in words.

    `by` is None where the product acted by itself. `as_partner`: staff looked as the partner.
    `from_where` is the client's address as its request had it, empty where there was none.
    """

    at = models.DateTimeField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    act = models.CharField(max_length=60)  # e.g. app_submitted
    target = models.CharField(max_length=200, blank=True)  # e.g. app:KEY
    words = models.CharField(max_length=400)
    details = models.JSONField(default=dict, blank=True)
    as_partner = models.BooleanField(default=False)
    from_where = models.CharField(max_length=45, blank=True)
    content = models.CharField(max_length=64)  # SHA-256 of the fields above

    class Meta:
        """How rows are kept."""

        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("-at", "-id"), name="events_newest_first"),
            models.Index(fields=("partner", "-at"), name="event_of_partner"),
            models.Index(fields=("target", "-at"), name="event_of_target"),
            models.Index(fields=("by", "-at"), name="event_by_person"),
            models.Index(fields=("act", "-at"), name="event_of_act"),
            models.Index(fields=("from_where", "-at"), name="event_from_where"),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(content__regex="^[0-9a-f]{64}$"), name="event_has_a_digest"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="events_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            never_emptied("events_are_never_emptied"),
            pgtrigger.Trigger(
                name="events_are_chained",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                func="INSERT INTO store_link (event_id) VALUES (NEW.id); RETURN NULL;",
            ),
        )


class Link(models.Model):
    """An event's place in the chain: its number and digest, given at the end of the transaction."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.PROTECT, related_name="link"
    )
    number = models.BigIntegerField(unique=True, null=True)
    previous = models.CharField(max_length=64, null=True)  # noqa: DJ001 - none until it is given
    digest = models.CharField(max_length=64, null=True)  # noqa: DJ001 - likewise

    class Meta:
        """How rows are kept."""

        triggers = (
            pgtrigger.Protect(name="links_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="links_are_given_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__number__isnull=False),
            ),
            never_emptied("links_are_never_emptied"),
            pgtrigger.Trigger(
                name="links_follow_each_other",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                timing=pgtrigger.Deferred,
                declare=[("last", "store_link%ROWTYPE")],
                func="""
                    PERFORM pg_advisory_xact_lock(4172021);
                    SELECT * INTO last FROM store_link
                        WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1;
                    UPDATE store_link AS mine SET
                        number = coalesce(last.number, 0) + 1,
                        previous = coalesce(last.digest, repeat('0', 64)),
                        digest = encode(sha256(convert_to(concat_ws(chr(10),
                            coalesce(last.number, 0) + 1, NEW.event_id,
                            coalesce(last.digest, repeat('0', 64)), event.content
                        ), 'UTF8')), 'hex')
                    FROM store_event AS event
                    WHERE mine.event_id = NEW.event_id AND event.id = NEW.event_id;
                    RETURN NULL;
                """,
            ),
        )
