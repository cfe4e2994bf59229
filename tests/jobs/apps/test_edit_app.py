"""An app's way: draft, submitted, sent back, listed, changed, retired."""

from __future__ import annotations

import pytest

from assay.core.issues import Refused
from assay.core.listings import Act, Step, acts_at
from assay.jobs.apps.decide_app import approve_app, retire_app, send_back
from assay.jobs.apps.edit_app import (
    add_screenshot,
    begin_app,
    propose,
    remove_screenshot,
    submit,
    take_back,
)
from assay.store.models import App, AppRevision, Notice, Picture, Screenshot
from assay.store.queries.apps.apps import app_page
from tests.people_of_partners import AT, LATER, content, partner, person, picture, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme():
    return partner()


@pytest.fixture
def ann(acme):
    return seat(acme, person("ann@acme.example"))


@pytest.fixture
def sam():
    return person("sam@demo.example", staff="program_manager")


@pytest.fixture
def draft(acme, ann):
    return begin_app(acme.pk, "example.linker", content(), by=ann, at=AT)


@pytest.fixture
def listed(draft, ann, sam):
    submit(draft.pk, by=ann, at=AT)
    return approve_app(draft.pk, reason="", by=sam, at=AT)


def refusal(doing):
    with pytest.raises(Refused) as refused:
        doing()
    return [issue.message for issue in refused.value.issues]


ALL = {
    (Step.DRAFT, Step.DRAFT): {Act.EDIT, Act.SUBMIT},
    (Step.SUBMITTED, Step.SUBMITTED): {Act.TAKE_BACK, Act.APPROVE, Act.SEND_BACK},
    (Step.SENT_BACK, Step.SENT_BACK): {Act.EDIT, Act.SUBMIT},
    (Step.LISTED, None): {Act.EDIT, Act.RETIRE},
    (Step.LISTED, Step.DRAFT): {Act.EDIT, Act.SUBMIT, Act.RETIRE},
    (Step.LISTED, Step.SUBMITTED): {Act.TAKE_BACK, Act.APPROVE, Act.SEND_BACK, Act.RETIRE},
    (Step.LISTED, Step.SENT_BACK): {Act.EDIT, Act.SUBMIT, Act.RETIRE},
    (Step.RETIRED, None): set(),
}


@pytest.mark.parametrize("place", ALL, ids=str)
def test_what_may_be_done_where(place):
    assert acts_at(*place) == ALL[place]


def test_the_life_of_an_app(draft, ann, sam):
    states = [draft.state]
    states.append(submit(draft.pk, by=ann, at=AT).state)
    states.append(send_back(draft.pk, reason="Say more", by=sam, at=AT).state)
    states.append(propose(draft.pk, content(tagline="More"), by=ann, at=AT).state)
    states.append(submit(draft.pk, by=ann, at=AT).state)
    states.append(approve_app(draft.pk, reason="Good", by=sam, at=AT).state)
    states.append(retire_app(draft.pk, by=ann, at=LATER).state)
    assert states == [
        "draft", "submitted", "sent_back", "sent_back", "submitted", "listed", "retired",
    ]  # fmt: skip
    assert list(AppRevision.objects.values_list("state", "reason")) == [
        ("submitted", ""),
        ("sent_back", "Say more"),
        ("submitted", ""),
        ("listed", "Good"),
        ("retired", ""),
    ]


def test_what_is_missing_is_told_all_at_once(acme, ann):
    bare = content(tagline="", description="", products=(), categories=(), hostings={})
    app = begin_app(acme.pk, "k", bare, by=ann, at=AT)
    assert refusal(lambda: submit(app.pk, by=ann, at=AT)) == [
        "Say in one line what the app does.",
        "Describe the app for those who choose.",
        "Choose the products it works with.",
        "Choose at least one category.",
        "Say on which hosting it runs and how it is paid there.",
    ]


def test_what_is_submitted_is_not_edited_until_it_is_taken_back(draft, ann):
    submit(draft.pk, by=ann, at=AT)
    told = refusal(lambda: propose(draft.pk, content(name="Other"), by=ann, at=AT))
    assert told == ["this app is submitted; it cannot be edited now"]
    take_back(draft.pk, by=ann, at=AT)
    assert propose(draft.pk, content(name="Other"), by=ann, at=AT).name == "Other"


def test_a_draft_is_not_approved(draft, sam):
    told = refusal(lambda: approve_app(draft.pk, reason="", by=sam, at=AT))
    assert told == ["this app is draft; it cannot be approved now"]


def test_an_app_is_not_sent_back_without_a_reason(draft, ann, sam):
    submit(draft.pk, by=ann, at=AT)
    told = refusal(lambda: send_back(draft.pk, reason=" ", by=sam, at=AT))
    assert told == ["say what has to change and why"]


def test_a_listing_stays_as_it_is_until_its_changes_are_approved(listed, ann, sam):
    propose(listed.pk, content(name="Linker 2", public=False), by=ann, at=LATER)
    submit(listed.pk, by=ann, at=LATER)
    held = App.objects.get()
    assert (held.name, held.public, held.state, held.step) == (
        "Linker",
        True,
        "listed",
        "submitted",
    )
    page = app_page(listed.slug)
    assert [(change.field, change.before, change.after) for change in page.changes] == [
        ("Name", "Linker", "Linker 2"),
        ("Shown in public", "yes", "no"),
    ]
    approve_app(listed.pk, reason="", by=sam, at=LATER)
    held = App.objects.get()
    assert (held.name, held.public, held.state, held.step) == ("Linker 2", False, "listed", "")


def test_no_change_is_not_submitted(listed, ann):
    propose(listed.pk, content(), by=ann, at=LATER)
    told = refusal(lambda: submit(listed.pk, by=ann, at=LATER))
    assert told == ["nothing differs from what is listed"]


@pytest.mark.usefixtures("draft")
def test_a_taken_key_is_refused_in_any_case(acme, ann):
    told = refusal(lambda: begin_app(acme.pk, "EXAMPLE.linker", content(), by=ann, at=AT))
    assert told == ["is already in your list"]
    other = partner(key="P2", slug="other", name="Other Demo")
    bob = seat(other, person("bob@other.example"))
    told = refusal(lambda: begin_app(other.pk, "example.linker", content(), by=bob, at=AT))
    assert told == ["is another partner's app"]


def test_a_partner_without_a_whole_profile_lists_no_apps(ann):
    known = partner(key="P2", slug="known", name="Known Demo", state="known")
    told = refusal(lambda: begin_app(known.pk, "k", content(), by=ann, at=AT))
    assert told == ["finish the partner's profile first"]


@pytest.mark.usefixtures("listed", "ann", "sam")
def test_staff_and_partner_hear_of_each_other():
    assert set(Notice.objects.values_list("person__email", "subject")) == {
        ("sam@demo.example", "Linker waits for approval"),
        ("ann@acme.example", "Linker is approved and listed"),
    }


def test_screenshots_show_in_public_once_they_are_approved(listed, ann, sam):
    add_screenshot(listed.pk, picture(), "The list", by=ann, at=LATER)
    assert Screenshot.objects.count() == 0
    submit(listed.pk, by=ann, at=LATER)
    approve_app(listed.pk, reason="", by=sam, at=LATER)
    assert Screenshot.objects.get().caption == "The list"


def test_a_ninth_screenshot_is_one_too_many(draft, ann):
    for number in range(8):
        add_screenshot(draft.pk, picture((200, 200)), f"Shot {number}", by=ann, at=AT)
    told = refusal(lambda: add_screenshot(draft.pk, picture(), "One more", by=ann, at=AT))
    assert told == ["an app has at most 8 screenshots"]


def test_a_removed_screenshot_leaves_no_picture(draft, ann):
    add_screenshot(draft.pk, picture(), "The list", by=ann, at=AT)
    [kept] = Picture.objects.all()
    remove_screenshot(draft.pk, kept.name, by=ann, at=AT)
    assert Picture.objects.count() == 0


def test_a_listed_screenshot_keeps_its_picture_until_its_removal_is_approved(listed, ann, sam):
    add_screenshot(listed.pk, picture(), "The list", by=ann, at=LATER)
    submit(listed.pk, by=ann, at=LATER)
    approve_app(listed.pk, reason="", by=sam, at=LATER)
    name = Screenshot.objects.get().file
    remove_screenshot(listed.pk, name, by=ann, at=LATER)
    assert Picture.objects.count() == 1
    submit(listed.pk, by=ann, at=LATER)
    approve_app(listed.pk, reason="", by=sam, at=LATER)
    assert (Picture.objects.count(), Screenshot.objects.count()) == (0, 0)
