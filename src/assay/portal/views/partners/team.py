"""Team: who has access, and who is asked to join; owners change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import (
    MANAGE_TEAM,
    ROLE_WORDS,
    SEE_TEAM,
    TRANSFER,
    Role,
    member_may,
    role_title,
)
from assay.jobs.people import invitations, team
from assay.portal.access import Asked, partner_page, sensitive
from assay.store.queries.people import people
from assay.store.queries.people.people import Member

ROLES = [(role.value, f"{role_title(role)}: {ROLE_WORDS[role]}") for role in Role]

LEAVE = "leave"


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(
        label=_("Address"),
        max_length=254,
        help_text=_("They join with this address, so it should be their own."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial=Role.VIEWER
    )


class RoleForm(forms.Form):
    """What a member is."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect)


class TransferForm(forms.Form):
    """Who becomes the owner, and what becomes of whoever was."""

    own_role = forms.ChoiceField(
        label=_("You become"),
        choices=[*ROLES[1:], (LEAVE, _("Nothing: you leave the team"))],
        widget=forms.RadioSelect,
        initial=Role.VIEWER,
    )

    def __init__(self, others: list[Member], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = [(one.key, f"{one.name} ({one.email})") for one in others]
        self.fields["member"] = forms.TypedChoiceField(
            label=_("The new owner"), coerce=int, choices=choices
        )
        self.order_fields(["member", "own_role"])


@partner_page(SEE_TEAM)
@require_safe
def show(request: Asked) -> HttpResponse:
    """Who has access, as what, since when."""
    seat = request.seat
    may_manage = member_may(seat.role, MANAGE_TEAM) and not seat.viewing
    members = people.members_of(seat.partner_id)
    shown = {
        "members": members,
        "owners": sum(1 for one in members if one.role == Role.OWNER),
        "may_manage": may_manage,
        "may_transfer": member_may(seat.role, TRANSFER) and not seat.viewing,
        "invited": people.invited_to(seat.partner_id, at=request.now),
    }
    return render(request, "partners/team.html", shown)


@partner_page(MANAGE_TEAM)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Asked) -> HttpResponse:
    """Ask an address to join."""
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
        try:
            invitations.invite(
                request.seat.partner_id, email=email, role=role, by=request.user, at=request.now
            )
        except Refused as refused:
            _add(form, refused)
        else:
            messages.success(request, gettext("We asked %(email)s to join.") % {"email": email})
            return redirect("team", request.seat.slug)
    return render(request, "partners/team_invite.html", {"form": form})


@partner_page(MANAGE_TEAM)
@sensitive
@require_POST
def invite_again(request: Asked, key: int) -> HttpResponse:
    """Send an invitation again."""
    _invited(request, key)
    done = gettext("The invitation is on its way again, with a new link.")
    return _act(request, done, invitations.invite_again, key)


@partner_page(MANAGE_TEAM)
@require_POST
def withdraw(request: Asked, key: int) -> HttpResponse:
    """Withdraw an invitation."""
    _invited(request, key)
    done = gettext("The invitation is withdrawn; its link does not work any more.")
    return _act(request, done, invitations.withdraw, key)


@partner_page(MANAGE_TEAM)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: Asked, key: int) -> HttpResponse:
    """Give a member another role."""
    found = _member(request, key)
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            team.change_role(
                request.seat.partner_id, key, role=role, by=request.user, at=request.now
            )
        except Refused as refused:
            _add(form, refused)
        else:
            said = gettext("%(name)s is now %(role)s.")
            messages.success(request, said % {"name": found.name, "role": role_title(role).lower()})
            return redirect("team", request.seat.slug)
    return render(request, "partners/team_member.html", {"form": form, "member": found})


@partner_page(MANAGE_TEAM)
@sensitive
@require_POST
def remove(request: Asked, key: int) -> HttpResponse:
    """Take a member's access away."""
    found = _member(request, key)
    done = gettext("%(name)s has no access any more.") % {"name": found.name}
    return _act(request, done, team.remove_member, key)


@partner_page(TRANSFER)
@sensitive
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: Asked) -> HttpResponse:
    """Hand ownership to another member."""
    others = [
        one
        for one in people.members_of(request.seat.partner_id)
        if one.person_id != request.user.pk
    ]
    form = TransferForm(others, request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["own_role"].replace(LEAVE, "")
        try:
            team.transfer_ownership(
                request.seat.partner_id,
                form.cleaned_data["member"],
                own_role=Role(chosen) if chosen else None,
                by=request.user,
                at=request.now,
            )
        except Refused as refused:
            _add(form, refused)
        else:
            messages.success(request, gettext("Ownership is handed over."))
            return redirect("team", request.seat.slug) if chosen else redirect("portal")
    return render(request, "partners/team_transfer.html", {"form": form, "others": others})


def _member(request: Asked, key: int) -> Member:
    """Return a member of this partner; one of another partner does not exist."""
    found = people.member(request.seat.partner_id, key)
    if found is None:
        raise Http404
    return found


def _invited(request: Asked, key: int) -> None:
    """See that an invitation is of this partner; one of another partner does not exist."""
    if not people.was_invited(request.seat.partner_id, key):
        raise Http404


def _act(request: Asked, done: str, act: Any, key: int) -> HttpResponse:
    """Do one act on the team by number, and say what came of it on the team's page."""
    try:
        act(request.seat.partner_id, key, by=request.user, at=request.now)
    except Refused as refused:
        for issue in refused.issues:
            messages.error(request, f"{issue.message} {issue.hint}")
    else:
        messages.success(request, done)
    return redirect("team", request.seat.slug)


def _add(form: forms.Form, refused: Refused) -> None:
    for issue in refused.issues:
        form.add_error(None, f"{issue.message} {issue.hint}".strip())
