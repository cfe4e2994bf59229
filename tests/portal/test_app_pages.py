"""Pages of apps, of their approval, and of disagreements."""

from __future__ import annotations

import pytest

from assay.core.rights import Role
from assay.gateways.installation import Installation
from assay.jobs.apps.decide_app import approve_app
from assay.jobs.apps.edit_app import begin_app, submit
from assay.jobs.apps.reconcile import reconcile
from assay.portal.access import BOTH_FACTORS
from assay.store.models import App, Claim, Disagreement, Membership
from tests.people_of_partners import AT, content, partner, person, picture, seat

SAID = {
    "key": "example.linker",
    "name": "Linker",
    "tagline": "Links that last",
    "description": "It **links**.",
    "products": ["Jira"],
    "categories": ["Integrations"],
    "public": "public",
    "hosting_cloud": "platform",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path)


@pytest.fixture
def acme():
    return partner()


@pytest.fixture
def ann(acme, client):
    made = seat(acme, person("ann@acme.example"))
    client.force_login(made)
    return made


@pytest.fixture
def sam():
    return person("sam@demo.example", staff="program_manager")


def staff(client, who):
    client.force_login(who)
    session = client.session
    session[BOTH_FACTORS] = True
    session.save()


def listed(acme, ann, sam):
    app = begin_app(acme.pk, "example.linker", content(), by=ann, at=AT)
    submit(app.pk, by=ann, at=AT)
    return approve_app(app.pk, reason="", by=sam, at=AT)


@pytest.mark.usefixtures("ann")
def test_an_app_goes_from_a_draft_to_the_public_page(client, sam):
    assert client.post("/portal/acme/apps/new/", SAID)["Location"] == "/portal/acme/apps/linker/"
    shot = {"picture": picture(), "caption": "The list"}
    assert client.post("/portal/acme/apps/linker/screenshots/", shot).status_code == 302
    client.post("/portal/acme/apps/linker/submit/")
    assert client.get("/apps/linker/").status_code == 404
    staff(client, sam)
    assert "Linker" in client.get("/staff/apps/").content.decode()
    assert "never listed" in client.get("/staff/apps/linker/").content.decode()
    answer = client.post("/staff/apps/linker/approve/", {"reason": ""})
    assert answer["Location"] == "/staff/apps/"
    client.logout()
    page = client.get("/apps/linker/").content.decode()
    assert "Links that last" in page
    assert f"/pictures/{App.objects.get().screenshots.get().file}" in page


def test_it_is_sent_back_with_a_reason_that_the_partner_reads(client, ann, sam):
    client.post("/portal/acme/apps/new/", SAID)
    client.post("/portal/acme/apps/linker/submit/")
    staff(client, sam)
    assert client.post("/staff/apps/linker/send-back/", {"reason": ""}).status_code == 422
    client.post("/staff/apps/linker/send-back/", {"reason": "Say <b>more</b>"})
    client.force_login(ann)
    page = client.get("/portal/acme/apps/linker/").content.decode()
    assert "Say &lt;b&gt;more&lt;/b&gt;" in page
    assert "Submit for approval" in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"key": "no spaces"}, "Use letters, digits"),
        ({"key": "x" * 201}, "at most 200 characters"),
        ({"name": ""}, "This field is required."),
        ({"tagline": "x" * 161}, "at most 160 characters"),
        ({"hosting_cloud": "bitcoin"}, "Select a valid choice"),
        ({"products": ["Nonsense"]}, "Select a valid choice"),
        ({"categories": ["Macros", "Reports", "Security and compliance", "Workflow"]}, "at most 3"),
        ({"public": "secret"}, "Select a valid choice"),
    ],
)
@pytest.mark.usefixtures("ann")
def test_what_is_wrong_is_told_and_nothing_is_saved(client, said, told):
    answer = client.post("/portal/acme/apps/new/", SAID | said)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert App.objects.count() == 0


@pytest.mark.usefixtures("ann")
def test_the_state_cannot_be_sent_along(client):
    client.post("/portal/acme/apps/new/", SAID | {"state": "listed", "partner": "2"})
    assert App.objects.get().state == "draft"


@pytest.mark.usefixtures("ann")
def test_another_partners_app_does_not_exist(client):
    other = partner(key="P2", slug="other", name="Other Demo")
    bob = seat(other, person("bob@other.example"))
    begin_app(other.pk, "example.secret", content(name="Secret"), by=bob, at=AT)
    for path in ("", "edit/", "screenshots/", "retire/"):
        assert client.get(f"/portal/acme/apps/secret/{path}").status_code == 404
    for path in ("submit/", "take-back/", "retire/", "screenshots/remove/"):
        assert client.post(f"/portal/acme/apps/secret/{path}").status_code == 404
    assert App.objects.get().step == "draft"


@pytest.mark.usefixtures("ann")
def test_viewers_see_apps_and_change_nothing(client):
    client.post("/portal/acme/apps/new/", SAID)
    Membership.objects.update(role=Role.VIEWER)
    page = client.get("/portal/acme/apps/linker/").content.decode()
    assert "Submit for approval" not in page
    for path in ("new/", "linker/edit/", "linker/submit/", "linker/retire/"):
        assert client.post(f"/portal/acme/apps/{path}", SAID).status_code == 403


def test_a_listed_app_is_edited_as_a_proposal_and_retired(client, acme, ann, sam):
    listed(acme, ann, sam)
    client.post("/portal/acme/apps/linker/edit/", SAID | {"name": "Linker 2"})
    page = client.get("/portal/acme/apps/linker/").content.decode()
    assert "What you propose to change" in page
    assert "Linker 2" not in client.get("/apps/linker/").content.decode()
    assert "Retire Linker?" in client.get("/portal/acme/apps/linker/retire/").content.decode()
    client.post("/portal/acme/apps/linker/retire/")
    assert App.objects.get().state == "retired"
    assert client.get("/apps/linker/").status_code == 404
    assert client.get("/portal/acme/apps/linker/retire/").status_code == 404


@pytest.mark.usefixtures("ann")
def test_the_list_says_where_apps_stand_and_downloads(client):
    page = client.get("/portal/acme/apps/").content.decode()
    assert "No apps yet" in page
    client.post("/portal/acme/apps/new/", SAID)
    rows = b"".join(client.get("/portal/acme/apps/?download=csv").streaming_content).decode()
    assert rows.splitlines() == [
        "App,Key,Stands,Hosting,Public,Active installs,Bug bounty since,Disagrees with reports",
        "Linker,example.linker,Draft,,public,,,0",
    ]


def differing(acme, ann, sam):
    app = listed(acme, ann, sam)
    app.reported = {"partner": "P1", "name": "Linker Pro", "public": True, "hostings": {}}
    app.save()
    reconcile(at=AT)
    return Disagreement.objects.get()


def test_staff_settle_what_differs(client, acme, ann, sam):
    row = differing(acme, ann, sam)
    staff(client, sam)
    page = client.get("/staff/disagreements/").content.decode()
    assert "Linker Pro" in page
    answer = client.post(f"/staff/disagreements/{row.pk}/", {"act": "report", "back": "//evil"})
    assert answer["Location"] == "/staff/disagreements/"
    assert App.objects.get().name == "Linker Pro"
    assert "Reports and partners agree" in client.get("/staff/disagreements/").content.decode()
    again = client.post(f"/staff/disagreements/{row.pk}/", {"act": "partner"}, follow=True)
    assert "This was settled already." in again.content.decode()


def test_disagreements_are_filtered_and_downloaded(client, acme, ann, sam):
    differing(acme, ann, sam)
    staff(client, sam)
    address = "/staff/disagreements/?download=csv&kind="
    rows = b"".join(client.get(f"{address}name").streaming_content).decode().splitlines()
    assert rows[1].split(",")[:8] == [
        "Linker",
        "example.linker",
        "Acme Links",
        "Name differs",
        "",
        "Linker Pro",
        "Linker",
        "2026-07-01T09:00:00+00:00",
    ]
    assert len(b"".join(client.get(f"{address}payment").streaming_content).splitlines()) == 1


def test_the_partner_sees_its_own(client, acme, ann, sam):
    differing(acme, ann, sam)
    page = client.get("/portal/acme/apps/").content.decode()
    assert "Reports call it “Linker Pro”; here it is “Linker”." in page


def test_support_may_not_settle_and_what_is_no_act_is_no_page(client, acme, ann, sam):
    row = differing(acme, ann, sam)
    staff(client, person("sue@demo.example", staff="support"))
    address = f"/staff/disagreements/{row.pk}/"
    assert client.post(address, {"act": "report"}).status_code == 403
    staff(client, sam)
    assert client.post(address, {"act": "nonsense"}).status_code == 404
    assert client.post("/staff/disagreements/999/", {"act": "report"}).status_code == 404


def test_claims_are_decided_on_their_page(client, sam):
    known = partner(state="known", website="")
    claim = Claim.objects.create(
        partner=known, person=person("bob@b.example"), evidence="Mine", claimed_at=AT
    )
    staff(client, sam)
    assert "bob@b.example" in client.get("/staff/claims/").content.decode()
    page = f"/staff/claims/{claim.pk}/"
    assert "Mine" in client.get(page).content.decode()
    refused = {"decision": "grant", "reason": "", "role": "owner"}
    assert client.post(page, refused).status_code == 422
    client.post(page, {"decision": "grant", "reason": "Known", "role": "owner"})
    assert Membership.objects.get().role == "owner"
    website = {"partner": "acme", "website": "https://a.example"}
    answer = client.post("/staff/claims/website/", website)
    assert "Has members, who keep its website themselves." in answer.content.decode()


def test_auditors_read_claims_and_decide_none(client):
    claim = Claim.objects.create(
        partner=partner(state="known"), person=person("bob@b.example"), claimed_at=AT
    )
    staff(client, person("amy@demo.example", staff="auditor"))
    page = f"/staff/claims/{claim.pk}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"decision": "grant", "reason": "x"}).status_code == 403
    assert client.post("/staff/claims/website/").status_code == 403
