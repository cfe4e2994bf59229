from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import ProgrammingError, transaction

from assay.core.rights import StaffRole
from assay.jobs.operations.events import record
from assay.store.models import Event
from tests.people import partner, person
from tests.portal.test_staff_people import staff

pytestmark = pytest.mark.django_db
BERLIN = "Europe/Berlin"


@pytest.fixture
def acts(client):
    """Three acts, around midnight in Berlin (summer: two hours before UTC)."""
    acme = partner("acme", ann="owner")
    auditor = staff(client, "aud", StaffRole.AUDITOR)
    auditor.time_zone = BERLIN
    auditor.save(update_fields=["time_zone"])
    ann = person("ann")
    record(
        "first", "Ann did it", at=datetime(2026, 6, 30, 21, 59, tzinfo=UTC), by=ann, partner=acme
    )
    record("second", "=1+1 is told", at=datetime(2026, 6, 30, 22, 0, tzinfo=UTC), by=ann)
    record("third", "It happened", at=datetime(2026, 7, 1, 22, 0, tzinfo=UTC))
    return client


def told(client, query):
    answer = client.get(f"/staff/record/?download=csv&{query}")
    return [line.split(",")[2] for line in b"".join(answer).decode().splitlines()[1:]]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=2026-07-01&until=2026-07-01", ["'=1+1 is told"]),
        ("until=2026-06-30", ["Ann did it"]),
        ("act=third", ["It happened"]),
        ("person=ann", ["'=1+1 is told", "Ann did it"]),
        ("partner=acme", ["Ann did it"]),
        ("partner=nobody", []),
    ],
)
def test_the_record_is_narrowed_and_downloaded(acts, query, words):
    assert told(acts, query) == words


def test_the_page_shows_the_newest_first_with_who_and_when(acts):
    page = acts.get("/staff/record/?until=2026-07-02").content.decode()
    assert page.index("It happened") < page.index("Ann did it")
    assert "30 Jun 2026, 23:59" in page


@pytest.mark.parametrize("role", [StaffRole.FINANCE, StaffRole.SECURITY, StaffRole.SUPPORT])
def test_the_record_is_not_for_every_role(client, role):
    staff(client, "one", role)
    assert client.get("/staff/record/").status_code == 403
    assert client.get("/staff/record/?download=csv").status_code == 403


@pytest.mark.usefixtures("acts")
def test_no_event_is_changed_or_deleted():
    for act in (
        lambda: Event.objects.update(words="nothing happened"),
        lambda: Event.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
            act()
    assert Event.objects.filter(words="Ann did it").count() == 1
