"""Many that do the same to a review at once: it is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assay.core.issues import Refused
from assay.core.rights import StaffRole
from assay.store.models import (
    Event,
    Grant,
    Review,
    ReviewRecord,
)
from tests.jobs.reviews.lives import (
    at_nine,
    calendar,
    close,
    opened,
    staff,
)

pytestmark = pytest.mark.django_db(transaction=True)


def together(count, act):
    """Do the same in so many threads at once; returns what each gave, or refused."""
    ready = Barrier(count)

    def one(number):
        try:
            ready.wait()
            return act(number)
        except Refused as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def test_ten_that_close_at_once_close_it_once(ledger, ann):
    review = opened(ledger, by=ann)
    people = [staff(f"closer-{number}", StaffRole.FINANCE) for number in range(10)]
    found = together(10, lambda number: close(review, by=people[number]).state)
    assert found.count("closed") == 1
    refused = "the review of 1 July 2025: is closed already — nothing is left to do here"
    assert found.count(refused) == 9
    assert Grant.objects.count() == 5
    assert ReviewRecord.objects.count() == 1
    assert Event.objects.filter(act="review_closed").count() == 1


def test_two_workers_do_an_act_once(ledger):
    calendar(ledger, at_nine(2026, 5, 2))
    found = together(2, lambda _: [run.kind for run in calendar(ledger, at_nine(2026, 7, 2))])
    assert sorted(kind for kinds in found for kind in kinds) == ["assess", "open"]
    assert Review.objects.filter(kind="review").count() == 1
    assert Review.objects.filter(kind="assessment").count() == 1


def test_two_that_open_at_once_open_it_once(ledger, ann, ben):
    found = together(2, lambda number: opened(ledger, by=(ann, ben)[number]).state)
    first, second = sorted(found)
    assert first == "open"
    assert "is there already, and is open" in second
    assert Review.objects.count() == 1
