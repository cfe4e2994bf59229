"""The path to a profile: saved after each step, ended by the agreement, changed later."""

from __future__ import annotations

import pytest

from assay.core.issues import Refused
from assay.core.profiles import ProfileStep
from assay.core.rights import Role
from assay.jobs.partners.edit_profile import accept_agreement, begin_path, leave_paths, save_profile
from assay.store.models import Event, Membership, Partner, Statement
from assay.store.queries.partners.profiles import path_kept
from tests.people_of_partners import (
    ADDRESS,
    AT,
    LATER,
    NAMES,
    PRESENTATION,
    SUPPORT,
    partner,
    person,
    picture,
    seat,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann():
    return person("ann@acme.example")


def walked(ann, *said):
    begun = begin_path(ann, at=AT)
    for one in said or (NAMES, ADDRESS, SUPPORT, PRESENTATION):
        save_profile(begun.pk, one, by=ann, at=AT)
    return begun


def refusal(doing):
    with pytest.raises(Refused) as refused:
        doing()
    return refused.value.issues[0].message


def test_a_path_is_taken_up_where_it_was_left(ann):
    walked(ann, NAMES)
    kept = path_kept(ann)
    assert kept.profile.name == "Acme Links"
    assert kept.open_steps[0] is ProfileStep.ADDRESS
    assert begin_path(ann, at=LATER).pk == kept.partner_id


def test_a_country_with_one_time_zone_brings_it_along(ann):
    walked(ann, NAMES, ADDRESS | {"country": "PL"})
    assert path_kept(ann).profile.time_zone == "Europe/Warsaw"


def test_a_country_with_several_time_zones_asks(ann):
    walked(ann, NAMES, ADDRESS | {"country": "US"})
    assert path_kept(ann).profile.time_zone == ""
    assert ProfileStep.TIME_ZONE in path_kept(ann).open_steps


def test_another_country_takes_the_old_time_zone_away(ann):
    walked(ann, ADDRESS | {"country": "PL"}, ADDRESS | {"country": "US"})
    assert path_kept(ann).profile.time_zone == ""


def test_the_agreement_ends_the_path(ann, settings):
    begun = walked(ann, NAMES, ADDRESS | {"country": "PL"}, SUPPORT, PRESENTATION)
    made = accept_agreement(begun.pk, settings.AGREEMENT_VERSION, by=ann, at=LATER)
    assert (made.state, made.slug, made.agreed_by, made.agreed_at) == (
        "active",
        "acme-links",
        ann,
        LATER,
    )
    assert Membership.objects.get(partner=made).role == Role.OWNER
    assert path_kept(ann) is None
    assert Statement.objects.get().rows == {
        "partners": [
            {
                "partner_id": made.key,
                "name": "Acme Links",
                "country": "PL",
                "time_zone": "Europe/Warsaw",
                "joined_on": "2026-07-09",
            }
        ]
    }


def test_the_key_of_a_new_partner_cannot_be_guessed(ann, settings):
    begun = walked(ann, NAMES, ADDRESS | {"country": "PL"}, SUPPORT, PRESENTATION)
    made = accept_agreement(begun.pk, settings.AGREEMENT_VERSION, by=ann, at=AT)
    assert made.key.startswith("acme-links-")
    assert len(made.key) == len("acme-links-") + 8


def test_an_open_step_keeps_the_agreement_from_being_accepted(ann, settings):
    begun = walked(ann, NAMES)
    version = settings.AGREEMENT_VERSION
    assert refusal(lambda: accept_agreement(begun.pk, version, by=ann, at=AT)) == (
        "Address, Time zone, Website and support, Logo and description: still open"
    )
    assert Partner.objects.get().state == "draft"


def test_an_agreement_that_is_not_in_force_is_not_accepted(ann, settings):
    begun = walked(ann, NAMES, ADDRESS | {"country": "PL"}, SUPPORT, PRESENTATION)
    told = refusal(lambda: accept_agreement(begun.pk, "2025-01", by=ann, at=AT))
    assert told == f"version {settings.AGREEMENT_VERSION} is in force by now"


@pytest.mark.parametrize("name", ["Acme Links", "ACME links", "Acme-Links.", "\uff21cme Links"])
def test_the_name_of_a_known_partner_is_not_given_again(ann, name):
    partner(state="known")
    begun = begin_path(ann, at=AT)
    told = refusal(lambda: save_profile(begun.pk, {"name": name}, by=ann, at=AT))
    assert told == "is the name of a partner that is known here already"


def test_names_of_addresses_are_not_given_away(ann, settings):
    begun = walked(ann, NAMES | {"name": "New"}, ADDRESS | {"country": "PL"}, SUPPORT, PRESENTATION)
    made = accept_agreement(begun.pk, settings.AGREEMENT_VERSION, by=ann, at=AT)
    assert made.slug == "new-2"


def test_a_changed_name_is_stated_and_a_changed_phone_is_not(ann):
    acme = partner()
    seat(acme, ann)
    save_profile(acme.pk, {"support_phone": "+49 30 1234567"}, by=ann, at=LATER)
    assert Statement.objects.count() == 0
    save_profile(acme.pk, {"name": "Acme Chains"}, by=ann, at=LATER)
    assert Statement.objects.get().rows["partners"][0]["name"] == "Acme Chains"
    assert Event.objects.filter(act="profile_changed").count() == 2


def test_an_active_profile_stays_whole(ann):
    acme = partner()
    told = refusal(lambda: save_profile(acme.pk, {"support_email": ""}, by=ann, at=LATER))
    assert told == "Website and support would be incomplete"
    assert Partner.objects.get().support_email == "help@acme.example"


def test_an_active_partner_keeps_a_time_zone_when_it_moves(ann):
    acme = partner()
    save_profile(acme.pk, {"country": "US"}, by=ann, at=LATER)
    assert Partner.objects.get().time_zone == "Europe/Berlin"


def test_a_new_logo_takes_the_place_of_the_old(ann):
    acme = partner()
    first = save_profile(acme.pk, {}, by=ann, at=AT, logo=picture((64, 64))).logo
    second = save_profile(acme.pk, {}, by=ann, at=AT, logo=picture((64, 64))).logo
    assert list(acme.pictures.values_list("name", flat=True)) == [second]
    assert first != second


def test_who_lost_a_claimed_partner_is_no_longer_on_its_path(ann):
    known = partner(state="known", begun_by=ann)
    seat(known, ann)
    assert path_kept(ann).partner_id == known.pk
    Membership.objects.all().delete()
    assert path_kept(ann) is None
    assert begin_path(ann, at=AT).pk != known.pk


def test_a_path_can_be_left(ann):
    walked(ann, NAMES)
    leave_paths(ann)
    assert path_kept(ann) is None
