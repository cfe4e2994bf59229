"""Five hundred naughty strings in every text field of every form: no exception, nothing runs.

Forms are found on the pages that show them, so that a new one is tried without a line here. Each
field takes every string by itself; then each form is sent once from its page. What is kept and
shown on other pages is tried in Chromium (tests/journeys/test_naughty_words.py).
"""

from __future__ import annotations

import copy
from html.parser import HTMLParser
from itertools import cycle

from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django import forms
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import reverse

from assay.core.profiles import ProfileStep
from assay.core.rights import Role
from assay.portal.forms.access import AnswerForm
from assay.portal.forms.risk import RiskAnswerForm
from assay.portal.views.accounts import forms as account
from assay.store.models import Person
from tests.journeys.naughty import NAUGHTY
from tests.portal.test_every_address import (
    ADDRESSES,
    OPEN,
    address_of,
    ask,
    expected,
    sessions_kept,
)
from tests.portal.test_every_address import world as world  # noqa: PLC0414 - a fixture
from tests.portal.test_forged_fields import every
from tests.portal.world import NEWCOMER, NOBODY, VISITORS, undone
from tests.untraced import untraced

FIRST = (NOBODY, Role.OWNER, "staff program_manager", "staff administrator", NEWCOMER)
SENSIBLE = {"email": "somebody@acme.example", "url": "https://acme.example/", "number": "1"}
TYPED = ("text", "search", "password", "tel", "")
FAR = ("javascript:", "vbscript:", "data:text", "//evil", "https://evil")


class Page(HTMLParser):
    """Collects the forms of a page, and whatever on it would run or lead away."""

    def __init__(self, text):
        super().__init__()
        self.sent, self.asked, self.running, self.within = [], [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        told = {name: value or "" for name, value in attrs}
        leads = (told.get(name, "").strip().lower() for name in ("href", "src", "action"))
        if (
            any(name.startswith("on") for name in told)
            or (tag == "script" and "src" not in told and told.get("type") != "application/json")
            or any(lead.startswith(FAR) for lead in leads)
        ):
            self.running.append((tag, attrs))
        if tag == "form":
            self.within = {"to": told.get("action", ""), "fields": {}}
            (self.sent if told.get("method") == "post" else self.asked).append(self.within)
        elif self.within is not None and told.get("name"):
            self.note(tag, told)
        elif tag == "option" and self.within is not None and told.get("value"):
            self.choose(told)

    def note(self, tag, told):
        kind = {"input": told.get("type", ""), "textarea": "text", "select": "select"}.get(tag)
        self.chosen = told["name"]
        if kind in ("checkbox", "radio") and "checked" not in told:
            return
        if kind not in (None, "file", "submit"):
            self.within["fields"][told["name"]] = (kind, told.get("value", ""), told)

    def choose(self, told):
        kind, value, own = self.within["fields"].get(self.chosen, ("", "", {}))
        if kind == "select" and (not value or "selected" in told):
            self.within["fields"][self.chosen] = (kind, told["value"], own)


def visitor_of(name):
    """Choose who opens a page: an owner, a program manager, else whoever may first."""
    access = ADDRESSES[name].callback.access
    may = [who for who in VISITORS if expected(name, access, who, "GET") == OPEN]
    return next((who for who in (*FIRST, *may) if who in may), None)


def pages_of(world):
    """Open every page, as one of those who may; yields visitor, address and answer."""
    for name in ADDRESSES:
        visitor = visitor_of(name)
        if visitor is None:
            continue
        steps = ProfileStep if name == "profile_edit" else ()
        addresses = [reverse(name, args=["acme", step]) for step in steps]
        for one in addresses or [address_of(world, name)]:
            with undone(), sessions_kept():
                answer = ask(world, visitor, "GET", one)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                yield visitor, one, answer


def forms_on(answer):
    """Yield the forms that a page was given."""
    for context in answer.context or ():
        for held in getattr(context, "dicts", [context]):
            yield from (one for one in held.values() if isinstance(one, forms.BaseForm))


def forms_of_other_days(world):
    """Return the forms that pages show in a state which this world is not in."""
    person = world.people["owner"]
    passkey = Authenticator(user=person, type="webauthn", data={"name": "key"})
    return (
        AnswerForm(),
        RiskAnswerForm(),
        account.ChangePassword(user=person),
        account.ConfirmByPassword(user=person),
        account.ConfirmByCode(user=person),
        account.GiveCode(user=person),
        account.RenamePasskey(instance=passkey),
        account.SignUpByProvider(sociallogin=SocialLogin(user=Person(), account=SocialAccount())),
    )


def bound(form, told):
    """Return a form as it is, bound to what somebody sends."""
    sent = copy.copy(form)
    sent.data, sent.is_bound, sent._errors = told, True, None  # noqa: SLF001 - as if made so
    return sent


def sent_in(form, text):
    """Write a text into every field of a form."""
    told = QueryDict(mutable=True)
    for name in form.fields:
        told[form.add_prefix(name)] = text
    return told


def filled(form, texts):
    """Write naughty strings into the text fields of a form on a page, and what fits elsewhere."""
    told = {}
    for name, (kind, value, own) in form["fields"].items():
        most = int(own.get("maxlength", 10_000))
        fit = (text for text in texts if len(text) <= most)
        told[name] = next(fit) if kind in TYPED else value or SENSIBLE.get(kind, "")
    return told


def try_field_by_field(kinds):
    """Give every field of forms every string, then show them with all of them."""
    for form in kinds.values():
        with undone(), request_context(RequestFactory().get("/")):
            for one in NAUGHTY:
                assert bound(form, sent_in(form, one)).is_valid() in (True, False)
            assert Page(str(bound(form, sent_in(form, "\n".join(NAUGHTY))))).running == []


@untraced()
def test_naughty_strings_in_every_field_of_every_form_fail_nowhere_and_never_run(world):
    texts, kinds, tried = cycle(NAUGHTY), {}, set()
    others = forms_of_other_days(world)
    for visitor, address, answer in pages_of(world):
        kinds |= {(type(form), *form.fields): form for form in forms_on(answer)}
        page = Page(answer.content.decode())
        for form in (*page.sent, *page.asked):
            to = form["to"] or address
            written = any(kind in TYPED for kind, *_ in form["fields"].values())
            if (to, *form["fields"]) in tried or not (written or form in page.asked):
                continue
            tried.add((to, *form["fields"]))
            with undone(), sessions_kept():
                client, told = world.client(visitor), filled(form, texts)
                if form in page.asked:
                    told = dict.fromkeys(told, next(texts))  # a choice is in the address too
                send = client.post if form in page.sent else client.get
                got = send(to, told, follow=True)
                assert got.status_code < 500, (to, told)
                assert Page(got.content.decode()).running == [], (to, told)
    kinds |= {(type(form), *form.fields): form for form in others}
    try_field_by_field(kinds)
    # A class that a view makes anew for each answer is known by its name.
    shown = {str(parent) for kind, *_ in kinds for parent in kind.__mro__}
    assert set(map(str, every(forms.BaseForm))) - shown == set()
