"""Badges follow the tiers that are credited: issued, revoked, renewed, told in the lists."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, date, datetime

import pytest
from django.db import ProgrammingError, transaction

from assay.core.credential_checks import Reason, check_badge
from assay.core.issues import Refused
from assay.documents.badges import key_ring, token_in
from assay.gateways.installation import Installation
from assay.gateways.keys import Keys
from assay.jobs.badges.export_badges import export_badges
from assay.jobs.badges.issue_badges import Issued, issue_badges
from assay.jobs.badges.sign_list import sign_list
from assay.jobs.badges.suspend_badge import resume_badge, suspend_badge
from assay.jobs.badges.tell_keys import keys_told
from assay.jobs.badges.verify_badge import verify_badge
from assay.store.models import Badge, Event, Membership, Partner, Person
from assay.store.queries.badges.badges import current_badge
from tests.grants import grant

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 15)
AT = datetime(2026, 7, 15, 9, tzinfo=UTC)
NEXT = datetime(2027, 7, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def installation(tmp_path, settings):
    settings.INSTALLATION = Installation.at(tmp_path / "home")
    return settings.INSTALLATION


@pytest.fixture
def partner():
    return Partner.objects.create(
        key="acme",
        slug="acme",
        name="Acme Made-up",
        legal_name="Acme Holding Made-up Ltd",
        street="1 Made-up Street",
        support_email="help@acme.example",
        state=Partner.State.ACTIVE,
        created_at=AT,
    )


def verdict(badge, at):
    ring = key_ring(json.dumps(keys_told()).encode(), "keys")
    lists = [sign_list(purpose, badge.list_number) for purpose in ("revocation", "suspension")]
    return check_badge(badge.token, ring, at=at, lists=lists)


def told(badge, at):
    return [fault.reason for fault in verdict(badge, at).faults]


@pytest.mark.parametrize(
    ("tier", "words"),
    [
        ("partner", "Marketplace Partner"),
        ("silver", "Silver Marketplace Partner"),
        ("gold", "Gold Marketplace Partner"),
        ("platinum", "Platinum Marketplace Partner"),
    ],
)
def test_a_tier_brings_its_badge(partner, tier, words):
    grant(partner, tier, JULY)
    assert issue_badges(at=AT) == Issued(issued=1, revoked=0)
    badge = Badge.objects.get()
    assert (badge.words, badge.since_on, badge.until_on) == (words, JULY, date(2027, 8, 1))
    assert verdict(badge, AT).holds
    assert verdict(badge, AT).status_checked


def test_no_tier_brings_no_badge(partner):
    grant(partner, "none", JULY)
    assert issue_badges(at=AT) == Issued(issued=0, revoked=0)


def test_run_again_nothing_is_new(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    before = [*Badge.objects.values()], Event.objects.count()
    assert issue_badges(at=AT) == Issued(issued=0, revoked=0)
    assert ([*Badge.objects.values()], Event.objects.count()) == before


def test_a_tier_that_begins_later_brings_its_badge_then(partner):
    grant(partner, "gold", date(2026, 7, 16))
    assert issue_badges(at=AT).issued == 0
    assert issue_badges(at=AT.replace(day=16)).issued == 1


def test_a_demotion_revokes_with_the_reason_and_brings_the_lower_badge(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    grant(partner, "silver", date(2027, 7, 15), review_on=date(2027, 7, 1))
    assert issue_badges(at=NEXT) == Issued(issued=1, revoked=1)
    gold, silver = Badge.objects.order_by("pk")
    assert (gold.revoked_at, gold.revoked_why) == (
        NEXT,
        "Demoted: Silver instead of Gold since 15 July 2027, by the review of 1 July 2027 (V1).",
    )
    assert told(gold, NEXT) == [Reason.REVOKED]
    assert told(silver, NEXT) == []
    words = "Revoked the badge Gold Marketplace Partner. Demoted: Silver instead of Gold since "
    assert Event.objects.get(act="badge_revoked").words.startswith(words)


def test_a_promotion_replaces(partner):
    grant(partner, "silver", JULY)
    issue_badges(at=AT)
    grant(partner, "gold", date(2027, 7, 15), review_on=date(2027, 7, 1))
    issue_badges(at=NEXT)
    assert Badge.objects.order_by("pk")[0].revoked_why.startswith("Replaced: Gold instead of Silv")


def test_losing_every_tier_revokes_and_brings_none(partner):
    grant(partner, "partner", JULY)
    issue_badges(at=AT)
    grant(partner, "none", date(2027, 7, 15), review_on=date(2027, 7, 1))
    assert issue_badges(at=NEXT) == Issued(issued=0, revoked=1)
    assert Badge.objects.get().revoked_why.startswith("No tier instead of Marketplace Partner sin")


def test_a_tier_that_ends_by_itself_takes_its_badge_along(partner):
    grant(partner, "gold", JULY, until=date(2026, 9, 1))
    issue_badges(at=AT)
    assert Badge.objects.get().until_on == date(2026, 9, 1)
    assert issue_badges(at=datetime(2026, 9, 1, tzinfo=UTC)) == Issued(issued=0, revoked=0)


def test_the_same_tier_again_brings_a_badge_of_the_new_year_and_leaves_the_old_one(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    grant(partner, "gold", date(2027, 7, 15), review_on=date(2027, 7, 1))
    assert issue_badges(at=NEXT) == Issued(issued=1, revoked=0)
    old, new = Badge.objects.order_by("pk")
    assert (told(old, NEXT), told(new, NEXT)) == ([], [])
    assert current_badge("acme", on=NEXT.date()).number == new.number


def test_where_the_review_is_late_the_badge_is_renewed(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    assert issue_badges(at=datetime(2027, 7, 31, 23, tzinfo=UTC)).issued == 0
    assert issue_badges(at=datetime(2027, 8, 1, tzinfo=UTC)).issued == 1
    assert [badge.until_on for badge in Badge.objects.order_by("pk")] == [
        date(2027, 8, 1),
        date(2028, 8, 1),
    ]


def test_pages_that_move_bring_badges_in_their_new_name(partner, settings):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    settings.BASE_URL = "https://moved.example"
    assert issue_badges(at=AT) == Issued(issued=1, revoked=1)
    old, new = Badge.objects.order_by("pk")
    assert (
        old.revoked_why == "Issued anew: the program's pages have moved to https://moved.example/."
    )
    assert new.issuer == "did:web:moved.example"
    assert told(new, AT) == []


def test_after_a_rotation_of_keys_old_badges_hold_and_new_ones_do(partner, installation):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    former = Keys.of(installation).current().thumbprint()
    Keys.of(installation).rotate()
    grant(partner, "gold", date(2027, 7, 15), review_on=date(2027, 7, 1))
    issue_badges(at=NEXT)
    old, new = Badge.objects.order_by("pk")
    headers = [json.loads(urlsafe_b64decode(one.token.split(".")[0] + "===")) for one in (old, new)]
    assert headers[0]["kid"] == f"{old.issuer}#{former}" != headers[1]["kid"]
    assert (told(old, NEXT), told(new, NEXT)) == ([], [])


def test_a_suspended_badge_does_not_hold_until_it_is_resumed(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    badge = Badge.objects.get()
    suspend_badge(badge.number, why="As the program has it.", at=AT)
    assert told(badge, AT) == [Reason.SUSPENDED]
    assert current_badge("acme", on=JULY) is None
    resume_badge(badge.number, at=AT)
    assert told(badge, AT) == []
    acts = (
        Event.objects.filter(act__startswith="badge").order_by("pk").values_list("act", flat=True)
    )
    assert [*acts] == ["badge_issued", "badge_suspended", "badge_resumed"]


def test_a_revoked_badge_is_not_suspended_and_one_that_is_not_there_neither(partner):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    Badge.objects.update(revoked_at=AT, revoked_why="x")
    with pytest.raises(Refused, match="is revoked, for good"):
        suspend_badge(Badge.objects.get().number, why="x", at=AT)
    with pytest.raises(Refused, match="there is no such badge"):
        resume_badge("0", at=AT)


@pytest.mark.parametrize(
    "changed", [{"revoked_at": None}, {"revoked_why": "y"}, {"token": "x"}, {"until_on": NEXT}]
)
def test_a_revocation_and_what_is_signed_never_change(partner, changed):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    Badge.objects.update(revoked_at=AT, revoked_why="x")
    with pytest.raises(ProgrammingError, match="pgtrigger"), transaction.atomic():
        Badge.objects.update(**changed)


def test_no_person_and_no_address_is_in_a_badge(partner):
    person = Person.objects.create_user("boss@acme.example", name="Made-up Boss", joined_at=AT)
    Membership.objects.create(partner=partner, person=person, role="owner", since=AT)
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    payload = urlsafe_b64decode(Badge.objects.get().token.split(".")[1] + "===").decode()
    private = ("boss", "Boss", "@acme", "mailto", "Holding", "Street", "help")
    assert [one for one in private if one in payload] == []
    assert {*json.loads(payload)["credentialSubject"]} == {
        *("id", "type", "identifier", "achievement")
    }


def test_places_in_the_list_are_apart_and_not_in_a_row():
    for number in range(30):
        made = Partner.objects.create(
            key=f"p{number}", slug=f"p{number}", name=f"P{number}", created_at=AT
        )
        grant(made, "silver", JULY)
    assert issue_badges(at=AT).issued == 30
    places = [*Badge.objects.order_by("pk").values_list("place", flat=True)]
    assert len({*places}) == 30
    assert sorted(places) != places


def test_an_export_is_checked_offline_and_says_revoked_after_a_demotion(partner, tmp_path):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    number = Badge.objects.get().number
    first, second = tmp_path / "first", tmp_path / "second"
    done = export_badges(first, at=AT)
    assert (done.badges, done.lists) == (1, 2)
    assert sorted(path.name for path in first.iterdir()) == sorted(
        [
            *(f"{number}.{kind}" for kind in ("jwt", "png", "svg")),
            *("did.json", "jwks.json", "status-revocation-1.jwt", "status-suspension-1.jwt"),
        ]
    )
    for kind in ("jwt", "svg", "png"):
        for keys in ("jwks.json", "did.json"):
            found = verify_badge(first / f"{number}.{kind}", keys=first / keys, at=AT)
            assert (found.holds, found.status_checked) == (True, True)
    grant(partner, "silver", date(2027, 7, 15), review_on=date(2027, 7, 1))
    issue_badges(at=NEXT)
    assert export_badges(second, at=NEXT).badges == 1
    found = verify_badge(first / f"{number}.png", keys=second / "jwks.json", at=NEXT)
    assert [fault.reason for fault in found.faults] == [Reason.REVOKED]
    assert not (second / f"{number}.png").exists()


def test_an_export_into_a_file_is_refused(partner, tmp_path):
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refused, match="File exists"):
        export_badges(tmp_path / "file", at=AT)


def test_a_list_that_is_not_there(partner):
    assert sign_list("revocation", 1) is None
    grant(partner, "gold", JULY)
    issue_badges(at=AT)
    assert sign_list("message", 1) is None
    assert sign_list("revocation", 2) is None
    assert token_in(sign_list("revocation", 1).encode(), "list") == sign_list("revocation", 1)
