"""Technical partner managers: only where the tier gives one, one at a time, handed over by note."""

from datetime import date

import pytest

from assay.core.issues import Refused
from assay.core.rights import StaffRole
from assay.jobs.benefits.settle_benefits import settle_benefits
from assay.jobs.partner_managers.assign_manager import assign_manager, end_assignments, set_reach
from assay.jobs.programs.programs import program_of
from assay.store.models import ManagerAssignment, Notice
from assay.store.queries.partner_managers.assignments import lines, loads, manager_of, turns_of
from tests.few_partners import PROGRAM
from tests.grants import grant
from tests.people_of_partners import AT, LATER, partner, person, seat

pytestmark = pytest.mark.django_db
JULY = date(2026, 7, 1)
B2 = "technical_partner_manager"


def holding(tier, key="P1", slug="acme"):
    made = partner(key, slug)
    grant(made, tier, JULY)
    settle_benefits(PROGRAM, on=JULY, at=AT)
    return made


def staff(name, role=StaffRole.PROGRAM_MANAGER):
    return person(f"{name}@staff.example", staff=role)


def assigned(of, who, by, note="", at=AT):
    return assign_manager(of.pk, who.pk, program_of(PROGRAM), note=note, by=by, at=at)


def test_a_platinum_partner_gets_a_manager_and_sees_how_to_reach_them():
    acme, lead = holding("platinum"), staff("lead")
    owner = seat(acme, person("owner@acme.example"))
    set_reach(lead, "Monday to Thursday", at=AT)
    assigned(acme, lead, lead)
    found = manager_of(acme.pk)
    assert (found.email, found.reach) == ("lead@staff.example", "Monday to Thursday")
    assert Notice.objects.filter(person=owner, kind="manager_assigned").count() == 1


def test_a_gold_partner_has_none():
    acme, lead = holding("gold"), staff("lead")
    with pytest.raises(Refused, match="gives no manager"):
        assigned(acme, lead, lead)


def test_an_auditor_and_a_member_cannot_be_manager():
    acme, lead = holding("platinum"), staff("lead")
    for who in (staff("auditor", StaffRole.AUDITOR), person("member@acme.example")):
        with pytest.raises(Refused, match="choose somebody of the program team"):
            assigned(acme, who, lead)


def test_handing_over_needs_a_note_and_keeps_the_history():
    acme, lead, second = holding("platinum"), staff("lead"), staff("second", StaffRole.SUPPORT)
    assigned(acme, lead, lead)
    with pytest.raises(Refused, match="what the next manager has to know"):
        assigned(acme, second, lead, at=LATER)
    assigned(acme, second, lead, note="They move to cloud.", at=LATER)
    told = [(turn.name, turn.since_at, turn.until_at, turn.note) for turn in turns_of(acme.pk)]
    assert told == [
        (str(second), LATER, None, "They move to cloud."),
        (str(lead), AT, LATER, ""),
    ]
    now = {one.name: (one.now, one.before) for one in loads([StaffRole.PROGRAM_MANAGER, "support"])}
    assert now == {str(second): (1, 0), str(lead): (0, 1)}


def test_the_same_manager_twice_is_refused():
    acme, lead = holding("platinum"), staff("lead")
    assigned(acme, lead, lead)
    with pytest.raises(Refused, match="is the manager already"):
        assigned(acme, lead, lead, note="Again")


def test_partners_without_a_manager_stand_first():
    acme, lead = holding("platinum"), staff("lead")
    holding("platinum", "P2", "bold")
    assigned(acme, lead, lead)
    assert [(line.slug, line.manager) for line in lines([B2])] == [
        ("bold", ""),
        ("acme", str(lead)),
    ]


def test_the_manager_ends_with_the_benefit():
    acme, lead = holding("platinum"), staff("lead")
    assigned(acme, lead, lead)
    program = program_of(PROGRAM)
    assert end_assignments(program, at=LATER) == 0
    grant(acme, "gold", date(2027, 7, 1))
    settle_benefits(PROGRAM, on=date(2027, 7, 1), at=LATER)
    assert end_assignments(program, at=LATER) == 1
    assert end_assignments(program, at=LATER) == 0
    ended = ManagerAssignment.objects.get()
    assert (ended.until_at, ended.ended_why) == (LATER, "The tier gives no manager any more")
