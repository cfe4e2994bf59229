"""Pages of free tools: the stock that staff load, and what partners claim of it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assay.portal.access import BOTH_FACTORS
from assay.store.models import Membership, ToolKey
from tests.access import paid_app
from tests.people import account, partner, person

pytestmark = pytest.mark.django_db
CODES = {"tool": "code_hosting", "kind": "code", "text": "AAAA-1111\nAAAA-2222\nAAAA-1111\nx"}


@pytest.fixture(autouse=True)
def _acme():
    paid_app(partner("acme", olga="owner", sid="security", vera="viewer"))


def window(who, *, both=False):
    client = Client()
    client.force_login(who)
    session = client.session
    session[BOTH_FACTORS] = both
    session.save()
    return client


def member(name):
    return window(person(name))


def staff(role="security"):
    return window(account(f"{role}@platform.example", staff_role=role), both=True)


def claim(client, tool="code_hosting"):
    return client.post(f"/portal/acme/tools/{tool}/claim/", follow=True).content.decode()


def test_staff_load_codes_and_read_what_became_of_each_and_no_code_again():
    page = staff().post("/staff/tools/load/", CODES).content.decode()
    for words in ("2 are new.", "One was a duplicate.", "One was refused.", "Line 4:"):
        assert words in page
    assert "AAAA-1111" not in page


def test_staff_load_a_csv_file():
    file = SimpleUploadedFile("codes.csv", b"code,note\nAAAA-1111,a\nAAAA-2222,b\n")
    form = {"tool": "code_hosting", "kind": "seat", "file": file}
    assert b"2 are new." in staff().post("/staff/tools/load/", form).content
    assert set(ToolKey.objects.values_list("kind", flat=True)) == {"seat"}


@pytest.mark.parametrize(
    "cells",
    [
        {"text": ""},
        {"text": "\n\n"},
        {"tool": "communications"},
        {"kind": "all"},
        {"text": "", "file": SimpleUploadedFile("c.csv", b"\xff\xfe\x00")},
    ],
)
def test_what_cannot_be_loaded_is_told_beside_the_form(cells):
    assert staff().post("/staff/tools/load/", {**CODES, **cells}).status_code == 422
    assert not ToolKey.objects.exists()


@pytest.mark.parametrize("role", ["support", "finance", "auditor", "administrator"])
def test_who_does_not_load_sees_the_stock_alone(role):
    reader = staff(role)
    assert b"/staff/tools/load/" not in reader.get("/staff/tools/").content
    assert reader.post("/staff/tools/load/", CODES).status_code == 403
    assert reader.get("/staff/tools/end/").status_code == 403


@pytest.mark.parametrize("name", ["olga", "sid"])
def test_owners_and_security_members_claim_a_code_and_read_it(name):
    staff().post("/staff/tools/load/", CODES)
    page = claim(member(name))
    assert "AAAA-1111" in page
    assert f"claimed by {name.title()}" in page
    assert "Comes with: Marketplace Partner, Silver, Gold, Platinum (B13)." in page


def test_a_viewer_sees_that_there_is_one_and_not_the_code():
    staff().post("/staff/tools/load/", CODES)
    assert (
        "Owners and security members claim it."
        in member("vera").get("/portal/acme/tools/").content.decode()
    )
    claim(member("olga"))
    page = member("vera").get("/portal/acme/tools/").content.decode()
    assert "AAAA-1111" not in page
    assert "Ends in 1111." in page
    assert member("vera").post("/portal/acme/tools/code_hosting/claim/").status_code == 403


def test_out_of_stock_is_told_with_ones_place_and_staff_see_who_waits():
    page = claim(member("olga"))
    assert "out of stock. You wait for the next" in page
    assert "You are the next to get one." in page
    manager = staff("program_manager")
    assert b"Partners that wait for a free tool" in manager.get("/staff/").content
    assert (
        b"One went to a partner that waited." in manager.post("/staff/tools/load/", CODES).content
    )
    assert b"AAAA-1111" in member("olga").get("/portal/acme/tools/").content


def test_a_tool_that_there_is_not_is_not_found():
    for tool in ("profile_badge", "x", "credits"):
        assert member("olga").post(f"/portal/acme/tools/{tool}/claim/").status_code == 404


def test_the_stock_tells_who_has_which_by_its_last_characters():
    loader = staff()
    loader.post("/staff/tools/load/", CODES)
    claim(member("olga"))
    page = loader.get("/staff/tools/").content.decode()
    assert "1111" in page
    assert "AAAA-1111" not in page
    file = loader.get("/staff/tools/?download=csv")
    assert b"AAAA-1111" not in b"".join(file.streaming_content)


def test_who_is_no_member_any_more_reads_no_code():
    staff().post("/staff/tools/load/", CODES)
    sid = member("sid")
    claim(sid)
    Membership.objects.filter(person=person("sid")).delete()
    assert sid.get("/portal/acme/tools/").status_code == 404
