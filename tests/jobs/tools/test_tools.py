from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from assay.core.issues import Refused
from assay.core.tools import read_pasted
from assay.jobs.tools.claim_tool import claim_tool
from assay.jobs.tools.load_keys import load_keys
from assay.jobs.tools.show_tools import codes_to_end, shown_tools
from assay.jobs.tools.take_back import end_at_vendor, take_back_tools
from assay.store.models import (
    Event,
    Membership,
    Notice,
    ToolGrant,
    ToolKey,
    ToolWait,
)
from tests.access import AT, decided, paid_app
from tests.people import account, partner, person

pytestmark = pytest.mark.django_db
CODE, SEAT = ToolKey.Kind.CODE, ToolKey.Kind.SEAT
HOSTING, BOUNTY = "code_hosting", "security_tools"
LATER = AT + timedelta(days=1)


@pytest.fixture
def staff():
    return account("security@platform.example", name="Sam", staff_role="security")


@pytest.fixture
def acme():
    made = partner("acme", olga="owner", sid="security", vera="viewer")
    paid_app(made)
    return made


def other(slug):
    made = partner(slug, boss="owner")
    paid_app(made)
    return made


def load(staff, *codes, tool=HOSTING, kind=CODE):
    done = load_keys(tool, kind, "\n".join(codes), by=staff, at=AT)
    return done.new, done.duplicate, len(done.refused), done.served


def claim(of, name="olga", tool=HOSTING, at=AT):
    return claim_tool(of.pk, tool, by=person(name, of.slug), at=at)


def shown(of, tool=HOSTING, *, with_codes=True):
    return next(
        one for one in shown_tools(of.pk, AT.date(), with_codes=with_codes) if one.key == tool
    )


@pytest.mark.parametrize(
    ("text", "codes", "repeated", "refused"),
    [
        ("AAAA-1\nAAAA-2\n", ("AAAA-1", "AAAA-2"), 0, {}),
        ("code\r\nAAAA-1\r\n\r\nAAAA-1\r\n", ("AAAA-1",), 1, {}),
        ('"AAAA,1",note\nAAAA-2,other\n', ("AAAA,1", "AAAA-2"), 0, {}),
        ("\ufeffSeats\nann@acme\n", ("ann@acme",), 0, {}),
        ("abc\nAAAA-1\n", ("AAAA-1",), 0, {1: "shorter than 4 characters"}),
        ("A" * 501, (), 0, {1: "longer than 500 characters"}),
        ("AAAA\u200b1", (), 0, {1: "has characters that cannot be seen"}),
        ("", (), 0, {}),
    ],
)
def test_what_is_pasted_is_read_line_by_line(text, codes, repeated, refused):
    pasted = read_pasted(text)
    assert (pasted.codes, pasted.repeated, pasted.refused) == (codes, repeated, refused)


def test_what_comes_after_five_thousand_codes_is_refused():
    pasted = read_pasted("\n".join(f"CODE-{n}" for n in range(5001)))
    assert (len(pasted.codes), pasted.refused) == (5000, {5001: "too many lines at once"})


def test_a_code_is_loaded_once_whoever_loads_it_again_and_for_whatever_tool(staff):
    assert load(staff, "AAAA-1", "AAAA-2", "AAAA-1", "x") == (2, 1, 1, 0)
    assert load(staff, "AAAA-2", "AAAA-3") == (1, 1, 0, 0)
    assert load(staff, "AAAA-3", tool=BOUNTY) == (0, 1, 0, 0)
    assert ToolKey.objects.count() == 3


def test_codes_are_sealed_in_the_database(staff):
    load(staff, "SECRET-CODE-1")
    kept = ToolKey.objects.get()
    for value in vars(kept).values():
        assert "SECRET" not in str(value)
    assert kept.ending == "DE-1"


def test_a_code_that_another_installation_sealed_is_told_by_its_end(acme, staff):
    load(staff, "SECRET-CODE-1")
    elsewhere = Fernet(Fernet.generate_key()).encrypt(b"SECRET-CODE-1").decode()
    ToolKey.objects.update(sealed=elsewhere)
    claim(acme, "olga")
    assert shown(acme).code == "…DE-1 (sealed with another installation's key)"


@pytest.mark.parametrize("role", ["", "finance", "support", "auditor"])
def test_who_does_not_load_loads_nothing(role):
    by = account("by@platform.example", staff_role=role)
    with pytest.raises(Refused):
        load_keys(HOSTING, CODE, "AAAA-1", by=by, at=AT)
    assert not ToolKey.objects.exists()


@pytest.mark.parametrize("name", ["olga", "sid"])
def test_owners_and_security_members_claim_once_for_all(acme, staff, name):
    load(staff, "AAAA-1", "AAAA-2")
    first = claim(acme, name)
    assert claim(acme, "olga") == first
    assert shown(acme).code == "AAAA-1"
    assert shown(acme, with_codes=False).code == ""
    assert ToolKey.objects.filter(state="free").count() == 1


def test_a_viewer_claims_nothing(acme, staff):
    load(staff, "AAAA-1")
    with pytest.raises(Refused):
        claim(acme, "vera")


def test_who_has_no_app_paid_via_the_platform_and_no_tier_claims_nothing(staff):
    load(staff, "AAAA-1")
    fresh = partner("fresh", olga="owner")
    assert not shown(fresh).entitled
    with pytest.raises(Refused, match="not free for your partner"):
        claim(fresh)


def test_a_tool_that_the_program_does_not_have_is_refused(acme):
    with pytest.raises(Refused):
        claim(acme, tool="profile_badge")


@pytest.mark.parametrize("tier", ["partner", "silver", "gold", "platinum"])
def test_every_tier_of_the_program_has_both_tools(tier):
    made = partner("tiered", olga="owner")
    decided(made, tier, credited=True)
    found = shown_tools(made.pk, AT.date(), with_codes=True)
    assert [(one.key, one.entitled) for one in found] == [(BOUNTY, True), (HOSTING, True)]


def test_where_the_stock_is_out_one_waits_and_is_served_first(acme, staff):
    second = other("second")
    assert claim(acme) is None
    assert claim(acme) is None
    assert claim(second, "boss", at=LATER) is None
    assert [shown(one).place for one in (acme, second)] == [1, 2]
    (out,) = Notice.objects.filter(kind="tools_out", person=staff, occasion__contains="07-01")
    assert "waits" in out.body
    assert load(staff, "AAAA-1") == (1, 0, 0, 1)
    assert [shown(one).code for one in (acme, second)] == ["AAAA-1", ""]
    assert shown(second).place == 1
    told = Notice.objects.filter(kind="tool_given").values_list("person__email", flat=True)
    assert sorted(told) == ["olga@acme.example", "sid@acme.example"]


def test_a_code_is_taken_back_and_goes_on_the_list_of_what_to_end(acme, staff):
    load(staff, "AAAA-1")
    claim(acme)
    assert take_back_tools(at=LATER) == 0
    Membership.objects.filter(partner=acme).delete()  # access has ended
    assert take_back_tools(at=LATER) == 1
    assert take_back_tools(at=LATER) == 0
    (ending,) = codes_to_end(LATER.date())
    assert (ending.code, ending.partner) == ("AAAA-1", "Acme")
    assert Notice.objects.filter(kind="tools_to_end", person=staff).count() == 1
    end_at_vendor(ending.number, by=staff, at=LATER)
    end_at_vendor(ending.number, by=staff, at=LATER)
    assert codes_to_end(LATER.date()) == ()
    assert load(staff, "AAAA-1") == (0, 1, 0, 0)  # never given again
    acts = [event.act for event in Event.objects.filter(target__startswith="tool:").order_by("pk")]
    assert acts == ["tool_given", "tool_taken_back", "tool_ended"]


def test_a_seat_that_is_taken_back_goes_to_who_waits(acme, staff):
    second = other("second")
    load(staff, "seat-1", kind=SEAT)
    claim(acme)
    assert claim(second, "boss") is None
    acme.apps.all().delete()
    assert take_back_tools(at=LATER) == 1
    assert shown(second).code == "seat-1"
    told = Notice.objects.filter(kind="tool_taken_back").values_list("person__email", flat=True)
    assert sorted(told) == ["olga@acme.example", "sid@acme.example"]
    assert codes_to_end(LATER.date()) == ()


def test_a_tier_that_is_gone_takes_its_tools_with_it(staff):
    made = partner("tiered", olga="owner")
    decided(made, "gold", credited=True, until=LATER.date())
    load(staff, "AAAA-1")
    claim(made)
    assert take_back_tools(at=AT) == 0
    assert take_back_tools(at=LATER) == 1


def test_who_is_not_entitled_any_more_does_not_wait_any_more(acme, staff):
    claim(acme)
    acme.apps.all().delete()
    assert load(staff, "AAAA-1") == (1, 0, 0, 0)
    assert not ToolWait.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_who_ask_at_once_for_the_last_ten_codes_get_ten_and_no_code_twice(staff):
    partners = [other(f"p{number:02}") for number in range(50)]
    bosses = [person("boss", one.slug) for one in partners]
    codes = [f"CODE-{number:02}" for number in range(10)]
    assert load(staff, *codes) == (10, 0, 0, 0)
    begin = Barrier(50)

    def ask(number):
        try:
            begin.wait(timeout=60)
            return claim_tool(partners[number].pk, HOSTING, by=bosses[number], at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=50) as threads:
        got = list(threads.map(ask, range(50)))
    assert Counter(one is None for one in got) == {False: 10, True: 40}
    assert sorted(shown(one).code for one in partners) == [""] * 40 + codes
    assert sorted(shown(one).place for one in partners) == [0] * 10 + list(range(1, 41))
    assert ToolGrant.objects.count() == 10
    assert load(staff, *codes, "CODE-10") == (1, 10, 0, 1)  # loaded again, given to no second one
    assert Counter(ToolGrant.objects.values_list("key", flat=True)).most_common(1)[0][1] == 1
