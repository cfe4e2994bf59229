from __future__ import annotations

import pytest

from assay.core.rights import RIGHTS, Role, StaffRole
from assay.store.models import Event, Person
from tests.people import account, partner, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(client):
    found = account("ann@acme.example", name="Ann")
    sign_in(client, found.email)
    return found


def test_one_changes_name_language_and_time_zone(client, ann):
    form = {"name": "Ann B", "locale": "de_DE", "time_zone": "Europe/Berlin"}
    assert client.post("/account/", form)["Location"] == "/account/"
    found = Person.objects.get()
    assert (found.name, found.locale, found.time_zone) == ("Ann B", "de_DE", "Europe/Berlin")
    assert Event.objects.filter(act="account_changed", by=ann).count() == 1
    assert b"Times are shown in Europe/Berlin" in client.get("/account/").content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\nb"),
        ("name", "a\0b"),
        ("locale", "xx_XX"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
    ],
)
@pytest.mark.usefixtures("ann")
def test_what_is_not_right_is_refused_and_nothing_is_changed(client, field, value):
    form = {"name": "Ann B", "locale": "de_DE", "time_zone": "Europe/Berlin", field: value}
    assert b"errorlist" in client.post("/account/", form).content
    assert Person.objects.get().name == "Ann"


@pytest.mark.usefixtures("ann")
def test_what_the_form_does_not_ask_is_not_taken(client):
    form = {
        "name": "Ann",
        "email": "root@program.example",
        "staff_role": "administrator",
        "is_active": "",
        "is_staff": "true",
        "password": "x",
    }
    client.post("/account/", form)
    found = Person.objects.get()
    assert (found.email, found.staff_role, found.is_active) == ("ann@acme.example", "", True)
    assert found.check_password("four words nobody guesses")


def test_the_account_shows_addresses_factors_and_partners(client):
    partner("acme", ann="owner")
    sign_in(client, "ann@acme.example")
    page = client.get("/account/").content.decode()
    for words in ("ann@acme.example", "/account/leave/acme/", "no second factor", "1 session"):
        assert words in page


@pytest.mark.usefixtures("ann")
def test_a_name_is_shown_as_text(client):
    client.post("/account/", {"name": "<img src=x onerror=alert(1)>"})
    page = client.get("/account/").content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_the_rights_page_is_the_table_that_the_code_asks(client):
    page = client.get("/rights/").content.decode()
    for right in RIGHTS.values():
        assert right.title in page
    may = sum(len(right.roles) + len(right.staff) for right in RIGHTS.values())
    assert page.count('class="may"') == may
    every = sum(
        len(Role) * bool(right.roles) + len(StaffRole) * bool(right.staff)
        for right in RIGHTS.values()
    )
    assert page.count('class="may-not"') == every - may
