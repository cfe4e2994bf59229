"""The consent to being announced: given, taken back, recorded where it changes."""

from __future__ import annotations

import pytest

from assay.jobs.partners.announce_moves import announce_moves
from assay.store.models import Event, Partner
from tests.people_of_partners import AT, partner, person

pytestmark = pytest.mark.django_db


def test_nobody_is_announced_who_did_not_consent():
    ann, acme = person("ann@acme.example"), partner()
    assert Partner.objects.get(pk=acme.pk).announce_moves is False
    for consents in (True, True, False):
        announce_moves(acme.pk, consents=consents, by=ann, at=AT)
        assert Partner.objects.get(pk=acme.pk).announce_moves is consents
    events = Event.objects.filter(act="announcing_chosen").order_by("pk")
    assert [event.details for event in events] == [{"consents": True}, {"consents": False}]
