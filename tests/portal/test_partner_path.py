"""The pages of the path, the profile, claims and pictures, as people send them."""

from __future__ import annotations

import pytest
from PIL import Image

from assay.core.rights import Role
from assay.gateways.installation import Installation
from assay.portal.access import BOTH_FACTORS
from assay.store.models import Membership, Partner
from tests.people_of_partners import (
    ADDRESS,
    NAMES,
    PRESENTATION,
    SUPPORT,
    partner,
    person,
    picture,
    seat,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)


@pytest.fixture
def ann(client):
    made = person("ann@acme.example")
    client.force_login(made)
    return made


@pytest.mark.usefixtures("ann")
def test_a_newcomer_is_led_to_the_path(client):
    assert client.get("/portal/")["Location"] == "/portal/new/"
    page = client.get("/portal/new/").content.decode()
    assert "Begin a new profile" in page
    assert "Find and claim it" in page


@pytest.mark.usefixtures("ann")
def test_the_path_from_the_first_step_to_an_active_partner(client, settings):
    to = client.post("/portal/new/begin/")["Location"]
    steps = [to]
    for said in (
        NAMES,
        ADDRESS | {"country": "US"},
        {"time_zone": "America/Chicago"},
        SUPPORT,
        PRESENTATION | {"logo": picture((300, 200))},
    ):
        to = client.post(to, said)["Location"]
        steps.append(to)
    assert [step.split("/")[3] for step in steps] == [
        "names",
        "address",
        "time-zone",
        "support",
        "presentation",
        "agreement",
    ]
    done = client.post(to, {"agreed": "on", "version": settings.AGREEMENT_VERSION})
    assert done["Location"] == "/portal/acme-links/"
    made = Partner.objects.get()
    assert (made.state, made.time_zone, made.support_email) == (
        "active",
        "America/Chicago",
        "help@acme.example",
    )
    logo = client.get(f"/pictures/{made.logo}")
    assert (logo["Content-Type"], logo["X-Content-Type-Options"]) == ("image/webp", "nosniff")
    assert "sandbox" in logo["Content-Security-Policy"]


@pytest.mark.usefixtures("ann")
def test_the_time_zone_is_not_asked_where_there_is_one(client):
    client.post("/portal/new/begin/")
    client.post("/portal/new/names/", NAMES)
    to = client.post("/portal/new/address/", ADDRESS | {"country": "PL"})["Location"]
    assert to == "/portal/new/support/"


@pytest.mark.usefixtures("ann")
def test_a_path_that_was_left_says_which_step_is_open(client):
    client.post("/portal/new/begin/")
    client.post("/portal/new/names/", NAMES)
    page = client.get("/portal/new/").content.decode()
    assert "You left it at: Address." in page
    assert 'value="Acme Links"' in client.get("/portal/new/names/").content.decode()


@pytest.mark.usefixtures("ann")
def test_the_agreement_waits_for_the_other_steps(client):
    client.post("/portal/new/begin/")
    page = client.get("/portal/new/agreement/").content.decode()
    assert "These are still open" in page


@pytest.mark.parametrize(
    ("step", "said", "told"),
    [
        ("names", NAMES | {"name": "x" * 121}, "at most 120 characters"),
        ("names", NAMES | {"name": "\u202e!!"}, "Write at least one letter or digit."),
        ("address", ADDRESS | {"country": "XX"}, "Select a valid choice"),
        ("support", SUPPORT | {"website": "javascript:alert(1)"}, "begins with https://"),
        ("support", SUPPORT | {"website": "ftp://acme.example"}, "begins with https://"),
        ("support", SUPPORT | {"website": "https://me:pass@acme.example"}, "begins with https://"),
        ("support", SUPPORT | {"support_phone": "call me"}, "Write digits"),
        ("presentation", {"description": "x" * 8001}, "at most 8000 characters"),
        ("presentation", {"description": ""}, "This field is required."),
    ],
)
@pytest.mark.usefixtures("ann")
def test_limits_are_told_and_nothing_is_saved(client, step, said, told):
    client.post("/portal/new/begin/")
    answer = client.post(f"/portal/new/{step}/", said)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    kept = Partner.objects.get()
    assert (kept.name, kept.country, kept.website, kept.description) == ("", "", "", "")


@pytest.mark.usefixtures("ann")
def test_a_logo_that_is_no_picture_is_told_beside_its_field(client):
    client.post("/portal/new/begin/")
    sent = picture()
    sent.truncate(300)
    answer = client.post("/portal/new/presentation/", PRESENTATION | {"logo": sent})
    assert "Is not a picture that can be read." in answer.content.decode()


@pytest.mark.usefixtures("ann")
def test_invisible_marks_are_taken_out_of_names(client):
    client.post("/portal/new/begin/")
    said = NAMES | {"name": "  Acme\u202e \u200b Links\u2066 "}
    client.post("/portal/new/names/", said)
    assert Partner.objects.get().name == "Acme \u200b Links"


def test_a_description_is_shown_without_its_script(client, ann):
    acme = partner(description="**Links** <script>alert(1)</script>")
    seat(acme, ann)
    page = client.get("/portal/acme/profile/").content.decode()
    assert "<strong>Links</strong> &lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_description_is_changed_where_there_is_a_logo(client, ann):
    acme = partner(logo="drawn-before.webp")
    seat(acme, ann)
    answer = client.post("/portal/acme/profile/presentation/", {"description": "New words"})
    assert answer.status_code == 302
    acme.refresh_from_db()
    assert (acme.description, acme.logo) == ("New words", "drawn-before.webp")


def test_support_may_change_the_profile_and_viewers_may_not(client, ann):
    acme = partner()
    seat(acme, ann, Role.SUPPORT)
    assert client.post("/portal/acme/profile/support/", SUPPORT).status_code == 302
    Membership.objects.update(role=Role.VIEWER)
    assert client.get("/portal/acme/profile/").status_code == 200
    assert client.post("/portal/acme/profile/support/", SUPPORT).status_code == 403


def test_only_an_owner_accepts_the_agreement(client, ann, settings):
    acme = partner(agreement_version="2025-01")
    seat(acme, ann, Role.SUPPORT)
    said = {"agreed": "on", "version": settings.AGREEMENT_VERSION}
    assert client.post("/portal/acme/profile/agreement/", said).status_code == 403
    Membership.objects.update(role=Role.OWNER)
    assert client.post("/portal/acme/profile/agreement/", said).status_code == 302
    assert Partner.objects.get().agreement_version == settings.AGREEMENT_VERSION


def test_another_country_asks_for_its_time_zone(client, ann):
    seat(partner(), ann)
    to = client.post("/portal/acme/profile/address/", ADDRESS | {"country": "US"})["Location"]
    assert to == "/portal/acme/profile/time-zone/"


def test_what_is_no_step_is_no_page(client, ann):
    seat(partner(), ann)
    client.post("/portal/new/begin/")
    assert client.get("/portal/new/nonsense/").status_code == 404
    assert client.get("/portal/acme/profile/nonsense/").status_code == 404


def test_the_agreement_is_a_page_for_everybody(client, settings):
    page = client.get("/agreement/")
    assert page.status_code == 200
    assert settings.AGREEMENT_VERSION in page.content.decode()


@pytest.mark.usefixtures("ann")
def test_a_partner_is_found_and_claimed(client):
    partner(state="known", name="Zebra Demo", slug="zebra")
    assert "Zebra Demo" in client.get("/portal/claim/?q=zebr").content.decode()
    assert "No company of this name" in client.get("/portal/claim/?q=horse").content.decode()
    assert client.post("/portal/claim/zebra/", {"evidence": ""}).status_code == 422
    assert client.post("/portal/claim/zebra/", {"evidence": "Mine"})["Location"] == "/portal/new/"
    page = client.get("/portal/new/").content.decode()
    assert "granted" in page


@pytest.mark.usefixtures("ann")
def test_a_partner_that_is_not_there_cannot_be_claimed(client):
    partner(state="draft", slug="secret")
    assert client.get("/portal/claim/secret/").status_code == 404
    assert client.get("/portal/claim/nobody/").status_code == 404


@pytest.mark.usefixtures("ann")
def test_a_draft_logo_is_for_those_whom_it_concerns(client):
    client.post("/portal/new/begin/")
    client.post("/portal/new/presentation/", PRESENTATION | {"logo": picture()})
    name = Partner.objects.get().logo
    assert client.get(f"/pictures/{name}").status_code == 200
    client.force_login(person("bob@other.example"))
    assert client.get(f"/pictures/{name}").status_code == 404
    client.logout()
    assert client.get(f"/pictures/{name}").status_code == 404
    client.force_login(person("sam@demo.example", staff="support"))
    assert client.get(f"/pictures/{name}").status_code == 404  # without a second factor
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()
    assert client.get(f"/pictures/{name}").status_code == 200


@pytest.mark.usefixtures("ann")
def test_a_picture_is_not_served_as_it_was_sent(client, tmp_path):
    client.post("/portal/new/begin/")
    sent = picture((64, 64))
    client.post("/portal/new/presentation/", PRESENTATION | {"logo": sent})
    name = Partner.objects.get().logo
    sent.seek(0)
    assert client.get(f"/pictures/{name}").content != sent.read()
    with Image.open(tmp_path / "files" / name) as image:
        assert image.format == "WEBP"


def test_a_name_of_no_picture_is_no_page(client):
    assert client.get("/pictures/..%2Fsecret").status_code == 404
    assert client.get("/pictures/none.webp").status_code == 404
