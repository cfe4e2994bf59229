"""Forged fields: what a form does not ask for changes nothing (docs/adr)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django import forms

import assay.portal
from assay.store.models import App, Decision, Grant, Membership, Partner, Person
from tests.portal.test_every_address import ADDRESSES, OPEN, address_of, expected
from tests.portal.test_every_address import world as world  # noqa: PLC0414 - a fixture
from tests.portal.world import VISITORS, undone
from tests.untraced import untraced

VIEWS = Path(assay.portal.__file__).parent
# The columns that say who may what, who somebody is, and what was decided.
PRIVILEGED = (
    (Person, ("pk", "email", "staff_role", "is_active")),
    (Membership, ("pk", "partner_id", "person_id", "role")),
    (Partner, ("pk", "key", "state")),
    (App, ("pk", "key", "partner_id", "state", "step")),
    (Decision, ("partner_id", "tier", "rank")),
    (Grant, ("partner_id", "tier")),
)
# Forms that ask for such a field by its name, and say what it may be.
ITS_OWN = {"team_member": "role"}


def forged(world):
    """Return a body that would make its sender everything, were fields taken as they come."""
    return {
        "tier": "platinum",
        "rank": "9",
        "partner": str(world.other.pk),
        "partner_id": str(world.other.pk),
        "person": str(world.people["owner"].pk),
        "role": "owner",
        "is_staff": "1",
        "is_superuser": "1",
        "is_active": "1",
        "staff_role": "administrator",
        "state": "active",
        "key": "P3",
    }


@untraced()
def test_a_field_that_no_form_asks_for_changes_nothing(world, subtests):
    for name, pattern in ADDRESSES.items():
        access = pattern.callback.access
        visitor = next((v for v in reversed(VISITORS) if may_post(name, access, v)), None)
        if visitor is None:
            continue
        with subtests.test(name):
            address = address_of(world, name)
            body = {key: v for key, v in forged(world).items() if key != ITS_OWN.get(name)}
            plain = after(world, visitor, address, {})
            assert plain is None or after(world, visitor, address, body) == plain


def may_post(name, access, visitor):
    return expected(name, access, visitor, "POST") == OPEN


def after(world, visitor, address, body):
    """Return what the privileged columns hold after a body was sent; None: nothing is sent here."""
    with undone():
        if world.client(visitor).post(address, body).status_code == 405:
            return None
        return [
            sorted(model.objects.values_list(*columns).order_by("pk"), key=str)
            for model, columns in PRIVILEGED
        ]


def sources():
    return sorted(path for path in VIEWS.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(VIEWS)))
def test_a_body_is_read_by_a_form_or_by_the_name_of_a_field(path):
    """`request.POST` is a form's data, or asked for one field by its name; never taken whole."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    above = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    bodies = [
        node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == "POST"
    ]
    assert [ast.unparse(above[body]) for body in bodies if not is_harmless(body, above)] == []


def is_harmless(body, above):
    """Tell whether a body is asked for a named field, tested for being there, or a form's data."""
    parent = above[body]
    while isinstance(parent, (ast.BoolOp, ast.IfExp, ast.BinOp)):
        body, parent = parent, above[parent]
    if isinstance(parent, ast.Attribute):
        asked = above[parent]
        return parent.attr in ("get", "getlist") and isinstance(asked.args[0], ast.Constant)
    if isinstance(parent, ast.Assign):
        return True
    return isinstance(parent, ast.Call) and ast.unparse(parent.func).split(".")[-1][0].isupper()


def test_no_form_takes_its_fields_from_a_model():
    assert [form for form in every(forms.BaseForm) if issubclass(form, forms.BaseModelForm)] == []


def every(kind):
    """Yield the forms of the product."""
    for one in kind.__subclasses__():
        yield from every(one)
        if one.__module__.startswith("assay."):
            yield one
