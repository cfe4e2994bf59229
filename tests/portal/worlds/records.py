"""The record: an event in its place, and a closed review's signed record."""

from __future__ import annotations

from django.db import connection

from assay.store.models import Link, ReviewRecord


def values(world):  # noqa: ARG001 - as every topic is asked
    """Give the events of the world their places; find the record of the review."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return {
        "staff_event.number": Link.objects.order_by("number").first().number,
        "staff_review_record.review": ReviewRecord.objects.first().review_id,
    }
