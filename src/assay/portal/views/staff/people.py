"""People and roles: who is in the program team; administrators change it."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import (
    MANAGE_PEOPLE,
    SEE_STAFF,
    STAFF_ROLE_WORDS,
    StaffRole,
    role_title,
    staff_may,
)
from assay.jobs.people import staff_people
from assay.portal.access import Asked, sensitive, staff_page
from assay.portal.views.partners.team import InviteForm
from assay.store.queries.people import people
from assay.store.queries.people.people import Member

ROLES = [(role.value, f"{role_title(role)}: {STAFF_ROLE_WORDS[role]}") for role in StaffRole]


class InviteStaffForm(InviteForm):
    """Whom to invite to the program team, as what."""

    role = forms.ChoiceField(
        label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=StaffRole.SUPPORT
    )


class StaffRoleForm(forms.Form):
    """What a person is in the program team."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)


@staff_page(SEE_STAFF)
@require_safe
def show(request: Asked) -> HttpResponse:
    """Who is staff, as what, and whether they have a second factor."""
    shown = {
        "team": people.staff(),
        "invited": people.staff_invited(at=request.now),
        "may_manage": staff_may(request.user.staff_role, MANAGE_PEOPLE),
    }
    return render(request, "staff/people.html", shown)


@staff_page(MANAGE_PEOPLE)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Asked) -> HttpResponse:
    """Ask an address to join the program team."""
    form = InviteStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], StaffRole(form.cleaned_data["role"])
        try:
            staff_people.invite_staff(email=email, role=role, by=request.user, at=request.now)
        except Refused as refused:
            _add(form, refused)
        else:
            messages.success(request, gettext("We asked %(email)s to join.") % {"email": email})
            return redirect("staff_people")
    return render(request, "staff/people_invite.html", {"form": form})


@staff_page(MANAGE_PEOPLE)
@sensitive
@require_POST
def invite_again(request: Asked, key: int) -> HttpResponse:
    """Send an invitation again."""
    done = gettext("The invitation is on its way again, with a new link.")
    return _act(request, done, lambda: _again(request, key))


@staff_page(MANAGE_PEOPLE)
@require_POST
def withdraw(request: Asked, key: int) -> HttpResponse:
    """Withdraw an invitation."""
    done = gettext("The invitation is withdrawn; its link does not work any more.")
    return _act(
        request,
        done,
        lambda: staff_people.withdraw_staff_invitation(key, by=request.user, at=request.now),
    )


@staff_page(MANAGE_PEOPLE)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: Asked, key: int) -> HttpResponse:
    """Give somebody of the program team another role."""
    found = _person(key)
    form = StaffRoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        role = StaffRole(form.cleaned_data["role"])
        try:
            staff_people.give_staff_role(key, role=role, by=request.user, at=request.now)
        except Refused as refused:
            _add(form, refused)
        else:
            said = gettext("%(name)s is now %(role)s.")
            messages.success(request, said % {"name": found.name, "role": role_title(role).lower()})
            return redirect("staff_people")
    return render(request, "staff/people_person.html", {"form": form, "member": found})


@staff_page(MANAGE_PEOPLE)
@sensitive
@require_POST
def remove(request: Asked, key: int) -> HttpResponse:
    """Take somebody out of the program team."""
    found = _person(key)
    done = gettext("%(name)s is not in the program team any more.") % {"name": found.name}
    return _act(
        request,
        done,
        lambda: staff_people.give_staff_role(key, role=None, by=request.user, at=request.now),
    )


def _again(request: Asked, key: int) -> None:
    staff_people.invite_staff_again(key, by=request.user, at=request.now)


def _person(key: int) -> Member:
    found = people.staff_member(key)
    if found is None:
        raise Http404
    return found


def _act(request: Asked, done: str, act: Callable[[], None]) -> HttpResponse:
    """Do one act, and say what came of it on the page of people."""
    try:
        act()
    except Refused as refused:
        for issue in refused.issues:
            messages.error(request, f"{issue.message} {issue.hint}")
    else:
        messages.success(request, done)
    return redirect("staff_people")


def _add(form: forms.Form, refused: Refused) -> None:
    for issue in refused.issues:
        form.add_error(None, f"{issue.message} {issue.hint}".strip())
