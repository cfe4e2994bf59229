"""One partner's owner, with the other partner's things in paths, queries and bodies."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.db import connection
from django.urls import resolve, reverse

from assay.core.rights import Role, StaffRole
from assay.jobs.people.staff_people import give_staff_role
from assay.jobs.people.team import change_role, leave, remove_member, transfer_ownership
from assay.store.models import Membership
from tests.portal.test_every_address import ADDRESSES, address_of, ask, told
from tests.portal.world import AT, OTHER, VIEWING, digest, made_world, undone

OWNER, MANAGER, ADMINISTRATOR = Role.OWNER, "staff program_manager", "staff administrator"


@pytest.fixture
def world(db, tmp_path):  # noqa: ARG001 - the tables
    with made_world(tmp_path) as made:
        yield made


def swapped(world, name):
    """Return acme's address with the other partner's object in it; None: it has no object."""
    values = {key: world.value(name, key) for key in ADDRESSES[name].pattern.regex.groupindex}
    others = {
        key: world.others.get(f"{name}.{key}", world.others.get(key))
        for key in values
        if key != "slug" or name == "leave_partner"
    }
    theirs = {key: value for key, value in others.items() if value is not None}
    return reverse(name, kwargs=values | theirs) if theirs else None


# Whose objects have a partner or a reader: the beginnings of their addresses.
PRIVATE = ("/portal/acme/", "/account/leave/", "/account/notices/")


def test_what_is_of_another_partner_is_not_found_by_any_address(world, subtests):
    found = 0
    for name in ADDRESSES:
        address = swapped(world, name)
        if address is None or not address.startswith(PRIVATE):
            continue
        with subtests.test(address):
            before = digest()
            answers = [told(ask(world, OWNER, method, address)) for method in ("GET", "POST")]
            assert set(answers) <= {"404", "405"}
            assert "404" in answers
            assert digest() == before
        found += 1
    assert found >= 15  # as many kinds of things


def test_what_is_of_another_partner_is_not_found_by_query_or_body(world, subtests):
    acme, theirs = world.acme.slug, world.others
    before = digest()
    client = world.client(OWNER)
    with subtests.test("decision in a query"):
        for page in ("sales/", "rows/gross_sales/", "rows/slowest_response/"):
            answer = client.get(f"/portal/{acme}/{page}?decision={theirs['decision']}", follow=True)
            assert answer.status_code == 404
    with subtests.test("app in a query"):
        answer = client.get(f"/portal/{acme}/sales/?app_id=a3&download=csv")
        assert b"t3" not in b"".join(answer.streaming_content)
    with subtests.test("member in a body"):
        form = {"member": theirs["team_member.key"], "own_role": "viewer"}
        assert client.post(f"/portal/{acme}/team/transfer/", form).status_code in (200, 422)
    with subtests.test("screenshot in a body"):
        form = {"file": theirs["screenshot"]}
        draft = f"/portal/{acme}/apps/{world.values['app']}/"
        client.post(f"{draft}screenshots/remove/", form)
    with subtests.test("picture"):
        assert client.get(f"/pictures/{theirs['screenshot']}").status_code == 404
    assert digest() == before


class Forms(HTMLParser):
    """Reads the forms of a page that are posted: where to, and what is in them."""

    def __init__(self, page):
        super().__init__()
        self.forms, self._select, self._area = [], "", ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        name = told.get("name", "")
        if tag == "form":
            method = told.get("method", "get").lower()
            self.forms.append((method, told.get("action", ""), {}))
        if not self.forms or (tag != "option" and not name):
            return
        cells = self.forms[-1][2]
        if tag == "input":
            self._input(cells, name, told)
        elif tag == "textarea":
            cells[name] = "Some words"
        elif tag == "select":
            self._select = name
            cells.setdefault(name, "")
        elif tag == "option" and self._select and ("selected" in told or not cells[self._select]):
            cells[self._select] = told.get("value", "")

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""

    @staticmethod
    def _input(cells, name, told):
        kind, value = told.get("type", "text"), told.get("value")
        if kind in ("radio", "checkbox"):
            if "checked" in told or (name not in cells and kind == "radio"):
                cells[name] = value or "on"
        elif kind != "file" and name != "csrfmiddlewaretoken":
            cells[name] = value or {"email": "new@demo.example"}.get(kind, "new.words")


# What no form may set by a field that it does not show.
PROTECTED = {
    "store_person": "email, staff_role, is_active",
    "store_membership": "partner_id, person_id, role",
    "store_partner": "key = 'taken', slug = 'taken', state, agreement_version, begun_by_id",
    "store_app": "partner_id, key, slug, state, step, from_facts",
    "store_listing": "hosting, approved_on, enrolled_on, installs",
    "store_claim": "partner_id, person_id, state, decided_by_id",
    "store_invitation": "partner_id, email, role, invited_by_id, accepted_at IS NULL",
    "store_staffinvitation": "email, role, invited_by_id, accepted_at IS NULL",
    "store_post": "title, by_id, published_at IS NULL",
    "store_decision": "review_id, partner_id, tier",
    "store_notice": "person_id, partner_id, kind, read_at IS NULL",
    "store_rating": "path, by_id",
    "store_upload": "state, by_id, batch",
    "store_event": "act, by_id, partner_id",
}
PARTNER = "(SELECT name FROM store_partner p WHERE p.id = t.partner_id)"


def state():
    with connection.cursor() as cursor:
        kept = {}
        for table, columns in PROTECTED.items():
            named = columns.replace("partner_id", PARTNER)  # numbers of new rows differ
            cursor.execute(f"SELECT {named} FROM {table} t")
            kept[table] = sorted(map(repr, cursor.fetchall()))
    return kept


def extras(world):
    """Return what a forger would add."""
    other, person = world.other.pk, world.people[OTHER].pk
    same = dict.fromkeys(("partner", "partner_id", "of", "pk", "id"), other)
    people = dict.fromkeys(("by", "by_id", "person", "person_id", "begun_by", "user"), person)
    return {
        **same,
        **people,
        "tier": "platinum",
        "role": "owner",
        "is_staff": "true",
        "staff_role": "administrator",
        "is_active": "false",
        "state": "listed",
        "step": "submitted",
        "slug": "taken",
        "key": "taken",
        "email": "forged@demo.example",
        "published_at": "2020-01-01",
        "approved_on": "2020-01-01",
        "agreement_version": "forged",
        "from_facts": "true",
    }


@pytest.mark.parametrize("visitor", [OWNER, "newcomer", MANAGER, ADMINISTRATOR])
def test_no_form_sets_what_it_does_not_show(world, subtests, visitor):
    added, sent = extras(world), set()
    for name in ADDRESSES:
        address = address_of(world, name)
        page = ask(world, visitor, "GET", address)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for method, action, cells in Forms(page.content.decode()).forms:
            to = action or address
            route = resolve(to.partition("?")[0]).route
            if method != "post" or route in sent or route in ("sign-out/", "rate/"):
                continue
            sent.add(route)
            more = {key: value for key, value in added.items() if key not in cells}
            with subtests.test(to):
                plain, forged = (effect(world, visitor, to, form) for form in (cells, cells | more))
                assert forged == plain
    assert len(sent) > 5


def effect(world, visitor, to, form):
    with undone():
        answer = world.client(visitor).post(to, form)
        assert answer.status_code < 500
        return answer.status_code, state()


def team(world, role):
    return Membership.objects.get(partner=world.acme, person=world.people[role]).pk


def by_owner(world):
    return {"by": world.people[OWNER], "at": AT}


def staff(role, to):
    def act(world):
        person = world.people[f"staff {role}"]
        give_staff_role(person.pk, role=to, by=world.people[ADMINISTRATOR], at=AT)

    return act


def deactivate(visitor):
    def act(world):
        type(world.people[visitor]).objects.filter(pk=world.people[visitor].pk).update(
            is_active=False
        )

    return act


HOME, SALES, INVITE = "/portal/acme/", "/portal/acme/sales/", "/portal/acme/team/invite/"
CHANGES = {
    "a member is removed": (
        Role.VIEWER,
        lambda w: remove_member(w.acme.pk, team(w, Role.VIEWER), **by_owner(w)),
        {HOME: "404", "/portal/acme/standing/": "404", "/portal/acme/notices/": "404"},
    ),
    "a member leaves": (
        Role.FINANCE,
        lambda w: leave(w.acme.pk, person=w.people[Role.FINANCE], at=AT),
        {HOME: "404", SALES: "404"},
    ),
    "finance becomes viewer": (
        Role.FINANCE,
        lambda w: change_role(w.acme.pk, team(w, Role.FINANCE), role=Role.VIEWER, **by_owner(w)),
        {SALES: "403", f"{SALES}?download=csv": "403"},
    ),
    "security becomes viewer": (
        Role.SECURITY,
        lambda w: change_role(w.acme.pk, team(w, Role.SECURITY), role=Role.VIEWER, **by_owner(w)),
        {"/portal/acme/apps/new/": "403"},
    ),
    "ownership is handed over": (
        OWNER,
        lambda w: transfer_ownership(
            w.acme.pk, team(w, Role.VIEWER), own_role=Role.VIEWER, **by_owner(w)
        ),
        {INVITE: "403", SALES: "403", "/portal/acme/team/transfer/": "403"},
    ),
    "an owner hands over and leaves": (
        OWNER,
        lambda w: transfer_ownership(w.acme.pk, team(w, Role.VIEWER), own_role=None, **by_owner(w)),
        {HOME: "404", INVITE: "404"},
    ),
    "a manager becomes auditor": (
        MANAGER,
        staff("program_manager", StaffRole.AUDITOR),
        {"/staff/imports/send/": "403", "/staff/content/new/": "403"},
    ),
    "a manager is no staff any more": (
        MANAGER,
        staff("program_manager", None),
        {"/staff/": "404", "/staff/imports/": "404", "/staff/record/": "404"},
    ),
    "who views as a partner is no staff any more": (
        VIEWING,
        lambda w: give_staff_role(
            w.people[VIEWING].pk, role=None, by=w.people[ADMINISTRATOR], at=AT
        ),
        {HOME: "404", SALES: "404"},
    ),
    "an account is closed": (
        Role.FINANCE,
        deactivate(Role.FINANCE),
        {HOME: "to /sign-in/", SALES: "to /sign-in/"},
    ),
}


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(world, subtests):
    for what, (visitor, act, addresses) in CHANGES.items():
        with subtests.test(what), undone():
            first = {address: told(ask(world, visitor, "GET", address)) for address in addresses}
            assert first == dict.fromkeys(addresses, "open")
            act(world)
            then = {address: told(ask(world, visitor, "GET", address)) for address in addresses}
            assert then == addresses
