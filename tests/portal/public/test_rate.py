"""Every page can be rated by a plain form, and staff read what was said."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from assay.core.rights import StaffRole
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Person, Rating
from tests.portal.public.pages import Page
from tests.public_marketplace import AT, make_app, make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_rated_yet():
    cache.clear()


def rate(client, path="/program/", helped="yes", **headers):
    return client.post("/rate/", {"path": path, "helped": helped}, headers=headers)


def ratings():
    return list(Rating.objects.order_by("pk").values_list("path", "helped", "comment"))


def test_yes_or_no_is_kept_and_a_comment_asked_for(client):
    answer = rate(client, helped="no")
    assert ratings() == [("/program/", False, "")]
    asked = Page(client.get(answer["Location"]).content.decode())
    assert asked.faults == []
    assert "What would make this page better?" in asked.text
    assert "/program/" in asked.links
    client.post(answer["Location"], {"words": "More examples"})
    assert ratings() == [("/program/", False, "More examples")]


def test_a_script_gets_the_foot_alone(client):
    answer = rate(client, hx_request="true").content.decode()
    assert answer.lstrip().startswith('<div class="rating"')
    assert "<textarea" in answer


def test_a_comment_is_taken_once(client):
    address = rate(client)["Location"]
    client.post(address, {"words": "First"})
    assert b"here already" in client.post(address, {"words": "Second"}).content
    assert ratings() == [("/program/", True, "First")]


def test_an_empty_comment_and_one_too_long_are_told(client):
    address = rate(client)["Location"]
    for words in ("", "x" * 2001):
        answer = client.post(address, {"words": words})
        assert Page(answer.content.decode()).faults == []
        assert b"errorlist" in answer.content
    assert ratings() == [("/program/", True, "")]


@pytest.mark.parametrize(
    "path",
    ["", "/nowhere/", "https://other.example/", "//other.example/", "/" * 301, "javascript:1"],
)
def test_only_pages_of_ours_are_rated(client, path):
    answer = rate(client, path)
    assert (answer.status_code, ratings()) == (400, [])
    assert Page(answer.content.decode()).faults == []


def test_an_answer_that_is_neither_is_not_counted(client):
    assert (rate(client, helped="maybe").status_code, ratings()) == (400, [])


def test_a_query_is_not_a_page(client):
    assert (rate(client, "/partners/?q=my+secret").status_code, ratings()) == (400, [])


def test_of_an_address_with_a_secret_the_pattern_is_kept(client):
    rate(client, "/sign-in/link/very-secret/")
    assert ratings() == [("/sign-in/link/<str:secret>/", True, "")]


def test_a_page_named_by_words_is_kept_by_its_address(client):
    make_app(make_partner("Acme"), "Links")
    rate(client, "/apps/links/")
    assert ratings() == [("/apps/links/", True, "")]


def test_a_forged_comment_is_not_taken(client):
    assert client.get("/rate/forged/").status_code == 404
    assert client.post("/rate/forged/", {"words": "x"}).status_code == 404


def test_a_rating_from_elsewhere_is_refused():
    assert rate(Client(enforce_csrf_checks=True)).status_code == 403
    assert ratings() == []


def test_the_form_of_a_page_is_accepted():
    browser = Client(enforce_csrf_checks=True)
    page = browser.get("/program/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    told = {"path": "/program/", "helped": "yes", "csrfmiddlewaretoken": token}
    assert browser.post("/rate/", told).status_code == 302


def test_twenty_an_hour_from_one_address(client):
    answers = [rate(client).status_code for _ in range(21)]
    assert answers == [302] * 20 + [429]
    assert len(ratings()) == 20


def test_who_is_signed_in_is_known(client):
    ann = Person.objects.create_user("ann@acme.example", joined_at=AT)
    client.force_login(ann)
    rate(client)
    assert Rating.objects.get().by == ann


# --- staff ---------------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    person = Person.objects.create_user(
        "sam@demo.example", name="Sam", joined_at=AT, staff_role=StaffRole.AUDITOR
    )
    client.force_login(person)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    return client


@pytest.fixture
def said():
    for path, helped, comment in (
        ("/program/", False, "Too long"),
        ("/program/", True, ""),
        ("/", True, "Clear"),
    ):
        Rating.objects.create(path=path, helped=helped, comment=comment, at=AT)


def lines(answer):
    return b"".join(answer).decode().splitlines()


@pytest.mark.usefixtures("said")
def test_staff_read_every_rating(staff):
    page = Page(staff.get("/staff/ratings/").content.decode())
    assert page.faults == []
    assert "Too long" in page.text


@pytest.mark.parametrize(
    ("query", "comments"),
    [
        ("", ["Clear", "Too long", ""]),
        ("helped=no", ["Too long"]),
        ("commented=on", ["Clear", "Too long"]),
        ("path=/program/", ["Too long", ""]),
        ("text=too", ["Too long"]),
        ("since=2026-07-03", []),
    ],
)
@pytest.mark.usefixtures("said")
def test_ratings_are_filtered_and_downloaded_so(staff, query, comments):
    head, *rows = lines(staff.get(f"/staff/ratings/?download=csv&{query}"))
    assert head == "When,Page,Helped,Comment,By,Read"
    assert [row.split(",")[3] for row in rows] == comments


@pytest.mark.usefixtures("said")
def test_ratings_are_counted_by_page(staff):
    assert Page(staff.get("/staff/ratings/pages/").content.decode()).faults == []
    assert lines(staff.get("/staff/ratings/pages/?download=csv")) == [
        "Page,Helped,Did not help,Comments,Newest",
        "/program/,1,1,1,2026-07-02T09:00:00+00:00",
        "/,1,0,1,2026-07-02T09:00:00+00:00",
    ]
