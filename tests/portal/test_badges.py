"""Badges on pages: anyone checks one, a partner finds its kit, the public sees it by itself."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from assay.core.rights import Role
from assay.documents.badges import token_in
from assay.gateways.installation import Installation
from assay.jobs.badges.issue_badges import issue_badges
from assay.jobs.badges.suspend_badge import suspend_badge
from assay.store.models import Badge, Membership, Partner, Person
from tests.grants import grant
from tests.portal.public.pages import Page

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)  # noqa: TID251 - pages ask the clock
TODAY = NOW.date()
BEFORE = TODAY - timedelta(days=40)


@pytest.fixture(autouse=True)
def installation(tmp_path, settings):
    settings.INSTALLATION = Installation.at(tmp_path / "home")


@pytest.fixture
def partner():
    return Partner.objects.create(
        key="acme", slug="acme", name="Acme Made-up", state="active", created_at=NOW
    )


@pytest.fixture
def badge(partner):
    return given(partner)


@pytest.fixture
def member(partner):
    person = Person.objects.create_user("viewer@acme.example", joined_at=NOW)
    Membership.objects.create(partner=partner, person=person, role=Role.VIEWER, since=NOW)
    client = Client()
    client.force_login(person)
    return client


def given(partner, tier="gold"):
    grant(partner, tier, BEFORE)
    issue_badges(at=NOW)
    return Badge.objects.get(revoked_at=None)


def read(path, status=200, **headers):
    answer = Client().get(path, headers=headers)
    assert answer.status_code == status
    return answer


def page_of(path, status=200):
    page = Page(read(path, status).content.decode())
    assert page.faults == []
    return page


def address(badge, query=""):
    return f"/badges/{badge.number}/{query}"


def test_a_badge_that_holds(badge):
    page = page_of(address(badge))
    for words in (
        "Gold Marketplace Partner",
        "This badge holds",
        "It was given to Acme Made-up",
        "At least one paid cloud app (R2)",
        f"assay badge verify {badge.number}.png --keys jwks.json",
    ):
        assert words in page.text
    assert "/partners/acme/" in page.links


def test_a_badge_that_was_revoked_says_when_and_why(partner, badge):
    grant(partner, "silver", TODAY)
    issue_badges(at=NOW)
    page = page_of(address(badge))
    assert "It was revoked" in page.text
    assert "Demoted: Silver instead of Gold since" in page.text


def test_a_badge_that_is_suspended_says_why(badge):
    suspend_badge(badge.number, why="As the program has it.", at=NOW)
    page = page_of(address(badge))
    assert "It is suspended" in page.text
    assert "As the program has it." in page.text


def test_a_badge_that_is_over(partner):
    grant(partner, "gold", date(2019, 7, 1), until=date(2020, 7, 1))
    issue_badges(at=datetime(2019, 8, 1, tzinfo=UTC))
    page = page_of(address(Badge.objects.get()))
    assert "It has expired" in page.text
    assert "30 Jun 2020" in page.text


def test_a_badge_that_has_not_begun(partner):
    ahead = TODAY + timedelta(days=60)
    grant(partner, "gold", ahead)
    issue_badges(at=datetime.combine(ahead, NOW.timetz()))
    assert "It has not begun" in page_of(address(Badge.objects.get())).text


def test_a_badge_that_never_was():
    page = page_of("/badges/0123456789abcdef/", 404)
    assert "No badge of this number was ever given here." in page.text
    read("/badges/0123456789abcdef/?format=json", 404)
    read("/badges/0123456789abcdef.svg", 404)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "text/html; charset=utf-8"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/jwt", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
        ("application/json;q=0.5, application/vc+jwt", "application/vc+jwt"),
        ("image/avif", "text/html; charset=utf-8"),
    ],
)
def test_who_asks_for_another_form_gets_it(badge, accept, kind):
    answer = read(address(badge), accept=accept)
    assert answer.headers["Content-Type"] == kind
    assert "Accept" in answer.headers["Vary"]


def test_the_forms_for_machines(badge):
    jwt = read(address(badge, "?format=jwt"))
    assert jwt.content.decode() == badge.token
    assert jwt.headers["Access-Control-Allow-Origin"] == "*"
    envelope = read(address(badge, "?format=vc")).content
    told = read(address(badge, "?format=json"))
    assert token_in(envelope, "badge.json") == token_in(told.content, "badge.json") == badge.token
    document = told.json()
    assert (document["state"], document["holds"], document["given_to"]) == (
        "valid",
        True,
        "Acme Made-up",
    )
    read(address(badge, "?format=xml"), 404)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_pictures_carry_the_badge_and_may_stand_anywhere(badge, kind):
    answer = read(f"/badges/{badge.number}.{kind}?form=wide&ground=dark")
    assert token_in(answer.content, kind) == badge.token
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_nothing_else_may_be_embedded(badge):
    for path in (address(badge), "/.well-known/jwks.json", "/badges/status/revocation-1"):
        assert "Cross-Origin-Resource-Policy" not in read(path).headers


@pytest.mark.parametrize("query", ["form=round", "ground=grey", "size=63", "size=99999", "size=x"])
def test_a_picture_that_there_is_not(badge, query):
    read(f"/badges/{badge.number}.png?{query}", 404)


def test_the_picture_of_a_revoked_badge_is_struck_and_still_carries_it(partner, badge):
    grant(partner, "silver", TODAY)
    issue_badges(at=NOW)
    svg = read(f"/badges/{badge.number}.svg").content
    assert b"no longer valid</title>" in svg
    assert token_in(svg, "svg") == badge.token


def test_lists_keys_and_who_issues(badge):
    kept = read("/badges/status/revocation-1")
    assert kept.headers["Content-Type"] == "application/vc+jwt"
    assert kept.headers["Cache-Control"] == "public, max-age=300"
    read("/badges/status/revocation-2", 404)
    read("/badges/status/message-1", 404)
    keys, did = read("/.well-known/jwks.json").json(), read("/.well-known/did.json").json()
    assert did == read("/did.json").json()
    assert keys["issuer"] == did["id"] == badge.issuer
    assert "d" not in json.dumps([[*key] for key in keys["keys"]]).replace("kid", "")


def test_the_kit_shows_what_may_be_displayed(member, badge):
    page = Page(member.get("/portal/acme/badges/").content.decode())
    assert page.faults == []
    assert "You may display Gold Marketplace Partner" in page.text
    assert f'href="http://127.0.0.1:8000/badges/{badge.number}/"' in page.text
    files = [link for link in page.links if f"/badges/{badge.number}." in link]
    assert len(files) == 2 * (3 + 4 + 3 + 5)  # both grounds; SVG of each form, PNG by size
    assert all(read(link).status_code == 200 for link in files)


def test_the_kit_of_who_has_no_badge(member):
    page = Page(member.get("/portal/acme/badges/").content.decode())
    assert page.faults == []
    assert "You hold no badge now" in page.text
    assert "No badges yet" in page.text


def test_all_badges_are_listed_and_downloaded(member, partner, badge):
    grant(partner, "silver", TODAY)
    issue_badges(at=NOW)
    page = Page(member.get("/portal/acme/badges/?sort=state").content.decode())
    assert page.faults == []
    assert page.text.count("Demoted: Silver instead of Gold") == 1
    sheet = member.get("/portal/acme/badges/?download=csv").getvalue().decode()
    assert sheet.splitlines()[0] == "Badge,State,From,To,Why"
    assert f"Gold Marketplace Partner {badge.since_on.year},revoked" in sheet


@pytest.mark.parametrize(("tier", "shown"), [("partner", 0), ("silver", 1), ("platinum", 1)])
def test_a_badge_stands_on_the_public_profile_from_silver_on(partner, tier, shown):
    badge = given(partner, tier)
    page = page_of("/partners/acme/")
    assert page.links.count(f"/badges/{badge.number}/") == shown


def test_where_a_badge_says_its_rules_are_they_are(badge):
    payload = badge.token.split(".")[1]
    told = json.loads(urlsafe_b64decode(f"{payload}==="))
    address, anchor = told["credentialSubject"]["achievement"]["id"].split("#")
    page = page_of(address.removeprefix("http://127.0.0.1:8000"))
    assert anchor in page.ids
