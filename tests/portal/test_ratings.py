"""What readers say of pages is read by staff: unread first, marked once, recorded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assay.store.models import Event, Rating
from tests.portal.test_staff import sign_in

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 10, 9, tzinfo=UTC)


def rated(day, *, helped=False, comment=""):
    at = AT + timedelta(days=day)
    return Rating.objects.create(path="/program/", helped=helped, comment=comment, at=at).pk


def shown(client):
    """Return the numbers of the ratings as they are listed, and how many wait to be read."""
    context = client.get("/staff/ratings/").context
    return [row.record["pk"] for row in context["table"].rows], context["unread_count"]


def card(client):
    """Return how many ratings wait, by the page of today."""
    context = client.get("/staff/").context
    return {one.key: one.count for one in (*context["mine"], *context["others"])}.get("ratings", 0)


def test_what_is_to_be_read_comes_first_until_it_is_read(client):
    complaint, thanks = rated(1), rated(2, helped=True)
    praise, older = rated(3, helped=True, comment="Good"), rated(0, comment="Unclear")
    sign_in(client, "support")
    assert shown(client) == ([praise, complaint, older, thanks], 3)
    assert card(client) == 3
    client.post("/staff/ratings/read/", {"number": str(praise)})
    assert shown(client) == ([complaint, older, praise, thanks], 2)
    client.post("/staff/ratings/read/", {"until": str(older)})
    assert shown(client) == ([praise, thanks, complaint, older], 0)
    assert card(client) == 0


def test_what_is_marked_is_recorded_once_and_stays_as_it_was_marked(client):
    complaint = rated(1)
    sign_in(client, "support")
    client.post("/staff/ratings/read/", {"number": str(complaint)})
    first = Rating.objects.get(pk=complaint)
    client.post("/staff/ratings/read/", {"number": str(complaint)})
    assert Rating.objects.get(pk=complaint).read_at == first.read_at
    assert Event.objects.filter(act="ratings_read").count() == 1


def test_a_comment_that_comes_while_one_reads_is_not_marked(client):
    seen = rated(1)
    later = rated(2)
    sign_in(client, "support")
    client.post("/staff/ratings/read/", {"until": str(seen)})
    assert shown(client) == ([later, seen], 1)


@pytest.mark.parametrize("body", [{}, {"number": "x"}, {"number": "9" * 40}, {"until": "-1"}])
def test_no_such_rating(client, body):
    sign_in(client, "support")
    assert client.post("/staff/ratings/read/", body).status_code == 404


def test_an_auditor_reads_and_marks_nothing(client):
    number = rated(1)
    sign_in(client, "auditor")
    assert b"Mark as read" not in client.get("/staff/ratings/").content
    assert client.post("/staff/ratings/read/", {"number": str(number)}).status_code == 403
