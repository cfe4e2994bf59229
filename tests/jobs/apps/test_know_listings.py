"""What reports say and people say of apps: known, compared, settled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assay.core.issues import Refused
from assay.engine.duck import Session
from assay.gateways.installation import Installation
from assay.jobs.apps.decide_app import approve_app
from assay.jobs.apps.edit_app import begin_app, submit
from assay.jobs.apps.know_listings import know_listings
from assay.jobs.apps.settle_disagreement import ask_partner, take_partners_word, take_reports_word
from assay.jobs.imports.import_reports import Order, import_reports
from assay.jobs.imports.state_facts import state_facts
from assay.jobs.partners.know_partners import know_partners
from assay.jobs.programs.programs import program_of
from assay.jobs.reviews.facts import Source
from assay.store.models import App, Disagreement, Listing, Notice, Partner
from tests.people_of_partners import AT, LATER, content, partner, person, seat

PROGRAM = "atlassian-marketplace@2024-06-13"
LATEST = datetime(2026, 7, 20, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.INSTALLATION = Installation.at(tmp_path / "installation")
    return settings.INSTALLATION


@pytest.fixture
def sam():
    return person("sam@demo.example", staff="program_manager")


@pytest.fixture
def acme():
    return partner()


@pytest.fixture
def ann(acme):
    return seat(acme, person("ann@acme.example"))


@pytest.fixture
def told(installation, tmp_path):
    """Import tables, given as CSV by name, and know their partners and apps."""

    def tell(at=AT, as_of=None, **tables):
        for number, (name, text) in enumerate(tables.items()):
            file = tmp_path / f"{at:%d}-{number}" / f"{name}.csv"
            file.parent.mkdir()
            file.write_text(text)
            order = Order.under(PROGRAM, source="test", partner_id=None, as_of=as_of)
            [imported] = import_reports(installation.ledger, [file], order, imported_at=at)
            assert imported.is_read, imported
        return known(at)

    def known(at):
        program = program_of(PROGRAM)
        facts = Source(ledger=installation.ledger).open(program, scratch=tmp_path)
        with Session.open(facts, program.vocabulary, scratch=tmp_path) as session:
            know_partners(session, at=at)
            return know_listings(session, at=at)

    tell.known = known
    return tell


APPS = "app_id,partner_id,name,public\nexample.linker,P1,Linker,true\n"
LISTINGS = "app_id,hosting,listed_on,payment\nexample.linker,cloud,2026-01-05,platform\n"


def listed(acme, ann, sam, at=AT, **fields):
    app = begin_app(acme.pk, "example.linker", content(**fields), by=ann, at=at)
    submit(app.pk, by=ann, at=at)
    approve_app(app.pk, reason="", by=sam, at=at)
    state_facts(at=at)
    return App.objects.get(pk=app.pk)


def open_ones():
    return [
        (row.kind, row.hosting, row.reported, row.said)
        for row in Disagreement.objects.filter(state="open").order_by("kind", "hosting")
    ]


def held(installation, tmp_path, table="listings"):
    program = program_of(PROGRAM)
    facts = Source(ledger=installation.ledger).open(program, scratch=tmp_path)
    with Session.open(facts, program.vocabulary, scratch=tmp_path) as session:
        return session.rows(f"SELECT * FROM {table} ORDER BY ALL").to_pylist()


def test_an_app_of_reports_gets_a_row_with_its_listings(told):
    told(
        partners="partner_id,name\nP1,Acme Links\n",
        apps=APPS,
        listings=LISTINGS,
        installs="app_id,hosting,on_date,active_installs\n"
        "example.linker,cloud,2026-05-01,70\nexample.linker,cloud,2026-06-01,80\n",
        app_numbers="app_number,app_id\n123,example.linker\n",
        bounty_enrolments="app_id,enrolled_on\n123,2026-02-01\n",
    )
    app = App.objects.get()
    assert (app.key, app.name, app.partner.key, app.state, app.from_facts) == (
        "example.linker",
        "Linker",
        "P1",
        "listed",
        True,
    )
    listing = Listing.objects.get()
    assert (listing.hosting, listing.payment, listing.listed_on) == (
        "cloud",
        "platform",
        date(2026, 1, 5),
    )
    assert (listing.installs, listing.installs_on) == (80, date(2026, 6, 1))
    assert listing.enrolled_on == date(2026, 2, 1)
    assert open_ones() == []  # nobody is there who could have listed it


def test_apps_of_one_name_get_addresses_in_the_order_of_their_keys(told):
    told(
        partners="partner_id,name\nP1,Acme Links\n",
        apps="app_id,partner_id,name,public\nc,P1,Linker,true\na,P1,Linker,true\nb,P1,Linker,true\n",
    )
    slugs = dict(App.objects.values_list("key", "slug"))
    assert slugs == {"a": "linker", "b": "linker-2", "c": "linker-3"}


def test_an_app_that_two_partners_sold_on_one_day_is_of_the_one_whose_key_is_last(told):
    told(
        partners="partner_id,name\nP1,Acme Links\nP2,Other Demo\n",
        transactions="transaction_id,partner_id,app_id,hosting,sale_date,purchase_price,currency\n"
        "T1,P2,x,cloud,2026-05-01,10.00,USD\nT2,P1,x,cloud,2026-05-01,10.00,USD\n",
    )
    assert App.objects.get().partner.key == "P2"


def test_nothing_changes_when_it_is_known_again(told):
    told(partners="partner_id,name\nP1,Acme Links\n", apps=APPS, listings=LISTINGS)
    before = App.objects.values().get(), Listing.objects.values().get()
    told.known(LATER)
    assert (App.objects.values().get(), Listing.objects.values().get()) == before


def test_an_app_whose_listings_have_ended_is_retired(told):
    told(partners="partner_id,name\nP1,Acme Links\n", apps=APPS, listings=LISTINGS)
    ended = "app_id,hosting,listed_on,payment,retired_on\n"
    ended += "example.linker,cloud,2026-01-05,platform,2026-06-01\n"
    told(at=LATER, listings=ended)
    assert App.objects.get().state == "retired"


def test_an_app_that_is_sold_and_not_listed_is_told(told, acme):
    sale = "transaction_id,partner_id,app_id,hosting,sale_date,purchase_price,currency\n"
    told(transactions=sale + "T1,P1,example.linker,cloud,2026-05-01,10.00,USD\n")
    app = App.objects.get()
    assert (app.state, app.from_facts, app.partner) == ("draft", True, acme)
    assert open_ones() == [("not_listed", "", "", "")]


@pytest.mark.usefixtures("acme")
def test_an_app_of_an_active_partner_that_nobody_listed_is_told(told, sam):
    told(apps=APPS, listings=LISTINGS)
    assert open_ones() == [("not_listed", "", "Linker", "")]
    row = take_reports_word(Disagreement.objects.get().pk, by=sam, at=LATER)
    app = App.objects.get()
    assert (row.state, app.from_facts, app.state) == ("report", False, "listed")
    assert told.known(LATER) == 0


def test_what_people_listed_stays_and_the_report_stands_beside_it(told, acme, ann, sam):
    listed(acme, ann, sam, hostings={"cloud": "platform", "server": "free"})
    told(
        at=LATER,
        as_of=date(2026, 7, 8),
        apps="app_id,partner_id,name,public\nexample.linker,P1,Linker Pro,false\n",
        listings="app_id,hosting,listed_on,payment\n"
        "example.linker,cloud,2026-07-01,partner\nexample.linker,data_center,2026-03-01,free\n",
    )
    app = App.objects.get()
    assert (app.name, app.public) == ("Linker", True)
    assert open_ones() == [
        ("name", "", "Linker Pro", "Linker"),
        ("not_here", "data_center", "free", ""),
        ("not_there", "server", "", "free"),
        ("payment", "cloud", "partner", "platform"),
        ("public", "", "private", "public"),
    ]


def payment_differs(told, acme, ann, sam):
    listed(acme, ann, sam)
    told(
        at=LATER,
        as_of=date(2026, 7, 8),
        listings="app_id,hosting,listed_on,payment\nexample.linker,cloud,2026-07-01,partner\n",
    )
    return Disagreement.objects.get(kind="payment").pk


def test_the_reports_word_is_taken(told, acme, ann, sam, installation, tmp_path):
    number = payment_differs(told, acme, ann, sam)
    take_reports_word(number, by=sam, at=LATER)
    assert Listing.objects.get().payment == "partner"
    state_facts(at=LATER)
    assert [row["payment"] for row in held(installation, tmp_path)] == ["partner"]
    assert told.known(LATEST) == 0


def test_the_partners_word_is_stated_again_and_after_the_next_report_too(
    told, acme, ann, sam, installation, tmp_path
):
    number = payment_differs(told, acme, ann, sam)
    assert [row["payment"] for row in held(installation, tmp_path)] == ["partner"]
    take_partners_word(number, by=sam, at=LATER)
    state_facts(at=LATER)
    assert [row["payment"] for row in held(installation, tmp_path)] == ["platform"]
    told(
        at=LATEST,
        as_of=date(2026, 7, 19),
        listings="app_id,hosting,listed_on,payment\nexample.linker,cloud,2026-07-01,partner\n",
    )
    assert [row["payment"] for row in held(installation, tmp_path)] == ["partner"]
    assert state_facts(at=LATEST) == 1
    assert [row["payment"] for row in held(installation, tmp_path)] == ["platform"]
    assert open_ones() == []


def test_the_partner_is_asked(told, acme, ann, sam):
    number = payment_differs(told, acme, ann, sam)
    ask_partner(number, by=sam, at=LATER)
    assert Disagreement.objects.get(pk=number).state == "asked"
    told_ann = Notice.objects.get(person=ann, kind="asked")
    assert told_ann.subject == "Which is right about Linker?"
    assert told_ann.body.startswith(
        "Cloud: reports say “Paid, directly to the partner”; here it is"
    )


@pytest.mark.usefixtures("acme")
def test_nobody_can_be_asked_in_a_partner_without_members(told, sam):
    told(apps=APPS, listings=LISTINGS)
    with pytest.raises(Refused, match="nobody is in this partner"):
        ask_partner(Disagreement.objects.get().pk, by=sam, at=LATER)


def test_what_is_settled_is_not_settled_again(told, acme, ann, sam):
    number = payment_differs(told, acme, ann, sam)
    take_reports_word(number, by=sam, at=LATER)
    with pytest.raises(Refused, match="this was settled already"):
        take_partners_word(number, by=sam, at=LATER)


def test_a_disagreement_goes_when_the_report_agrees(told, acme, ann, sam):
    payment_differs(told, acme, ann, sam)
    told(
        at=LATEST,
        as_of=date(2026, 7, 19),
        listings="app_id,hosting,listed_on,payment\nexample.linker,cloud,2026-07-01,platform\n",
    )
    assert open_ones() == []
    assert Disagreement.objects.get().state == "gone"


def test_an_app_that_reports_give_to_another_partner_is_told_and_handed_over(told, acme, ann, sam):
    other = partner(key="P2", slug="other", name="Other Demo", state="known")
    begin_app(acme.pk, "example.linker", content(), by=ann, at=AT)
    apps = "app_id,partner_id,name,public\nexample.linker,P2,Linker,true\n"
    told(apps=apps, listings=LISTINGS)
    assert open_ones() == [("partner", "", "P2", "P1")]
    take_reports_word(Disagreement.objects.get().pk, by=sam, at=LATER)
    app = App.objects.get()
    assert (app.partner, app.proposed, app.from_facts) == (other, None, True)


def test_reports_that_come_later_say_when_a_listing_began(told, acme, ann, sam):
    listed(acme, ann, sam)
    rows = "example.linker,cloud,2026-07-01,platform,2026-07-08\n"
    rows += "example.linker,cloud,2026-07-08,partner,\n"
    told(
        at=LATER,
        as_of=date(2026, 7, 8),
        listings="app_id,hosting,listed_on,payment,retired_on\n" + rows,
    )
    assert Listing.objects.get().listed_on == date(2026, 7, 8)
    assert open_ones() == [("payment", "cloud", "partner", "platform")]


def test_partners_of_reports_get_addresses_that_are_not_pages(told):
    told(partners="partner_id,name\nP1,New\nP2,Claim\n")
    assert set(Partner.objects.values_list("slug", flat=True)) == {"new-2", "claim-2"}
