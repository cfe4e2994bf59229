"""Forms of posts: what one says and who reads it, when it is published, what is attached."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assay.core.content import (
    KIND_TITLES,
    MOST_OF_A_BODY,
    MOST_PLACES,
    NO_TIER,
    SIGN_UP_KINDS,
    USUAL_BENEFITS,
    Audience,
    PostContent,
    PostKind,
    Session,
    audience_benefits,
)
from assay.core.program import Program
from assay.core.rights import Role, role_title
from assay.gateways.attachments import ENDINGS, MEGABYTE, MOST_BYTES
from assay.portal.forms.fields import Address, Line, Text, time_zones
from assay.portal.lists import Filters
from assay.words.audiences import audience_words
from assay.words.standing import tier_title

_WRITTEN = "%Y-%m-%dT%H:%M"
EVERY, CHOSEN, BENEFIT = "every", "tiers", "benefit:"


class WallClock(forms.Field):
    """A day and time as a clock on a wall shows it, without a zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WRITTEN)

    def to_python(self, value: Any) -> datetime | None:
        """Return the time without a zone."""
        if not value or isinstance(value, datetime):
            return value or None
        try:
            return datetime.strptime(str(value)[:16], _WRITTEN)  # noqa: DTZ007 - it has no zone yet
        except ValueError:
            raise ValidationError(_("Give a day and a time.")) from None


class PostForm(forms.Form):
    """What a post of one kind says, and who reads it; which fields there are follows the kind."""

    title = Line(label=_("Title"), max_length=160)
    body = Text(
        label=_("Text"),
        help_text=_(
            "Markdown: **bold**, - lists, ## headings, [links](/program/). No HTML, no pictures."
        ),
        max_length=MOST_OF_A_BODY,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    starts_at = WallClock(label=_("Begins"), help_text=_("On the host's clock."))
    ends_at = WallClock(label=_("Ends"), help_text=_("On the host's clock."))
    zone = forms.ChoiceField(
        label=_("The host's time zone"),
        help_text=_("Every reader sees the time in their own zone, and this one beside it."),
    )
    join_link = Address(
        label=_("Link to join"), required=False, help_text=_("Only those with a place see it.")
    )
    takes_sign_ups = forms.BooleanField(label=_("People can sign up"), required=False)
    places = forms.IntegerField(
        label=_("Places"),
        required=False,
        min_value=1,
        max_value=MOST_PLACES,
        help_text=_("How many can have a place; empty: no limit. The others wait."),
    )
    audience = forms.ChoiceField(
        label=_("Who reads it"),
        help_text=_("Those who have a benefit of the program, or tiers that you choose."),
    )
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They count where “Chosen tiers” is selected above."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Only these roles"),
        required=False,
        choices=[(role.value, role_title(role)) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None selected: everybody in a partner's team."),
    )

    def __init__(
        self,
        *arguments: Any,
        kind: PostKind,
        program: Program,
        content: PostContent | None = None,
        **options: Any,
    ) -> None:
        self.kind = kind
        options["initial"] = (
            _initial(content) if content else {"audience": _usual(kind, program), "zone": "UTC"}
        )
        super().__init__(*arguments, **options)
        for name in _absent(kind):
            del self.fields[name]
        if kind is PostKind.WEBINAR:
            self.fields["zone"].choices = [("UTC", "UTC"), *time_zones()[1:]]  # type: ignore[attr-defined]
        if kind is not PostKind.ANNOUNCEMENT:
            self.fields["audience"].choices = _audiences(program)  # type: ignore[attr-defined]
            self.fields["tiers"].choices = [  # type: ignore[attr-defined]
                (tier, gettext("Partners without a tier") if tier == NO_TIER else title)
                for tier, title in ((t, tier_title(t, program)) for t in (NO_TIER, *program.tiers))
            ]

    def clean(self) -> dict[str, Any]:
        """Put the times into the host's zone; refuse chosen tiers of which none is chosen."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("audience") == CHOSEN and not told.get("tiers"):
            self.add_error("tiers", gettext("Select at least one tier."))
        for name in ("starts_at", "ends_at"):
            if told.get(name) and told.get("zone"):
                try:
                    told[name] = in_zone(told[name], told["zone"])
                except ValidationError as fault:
                    self.add_error(name, fault)
        return told

    def content(self) -> PostContent:
        """Return what was entered; the form is valid when this is asked."""
        told = self.cleaned_data
        session = None
        if self.kind is PostKind.WEBINAR:
            session = Session(
                starts_at=told["starts_at"],
                ends_at=told["ends_at"],
                zone=told["zone"],
                join_link=told["join_link"],
            )
        signs_up = self.kind is PostKind.WEBINAR or bool(told.get("takes_sign_ups"))
        return PostContent(
            kind=self.kind,
            title=told["title"],
            body=told["body"],
            audience=self._audience(),
            session=session,
            takes_sign_ups=signs_up,
            places=told.get("places") if signs_up else None,
        )

    def _audience(self) -> Audience:
        if self.kind is PostKind.ANNOUNCEMENT:
            return Audience(public=True)
        told = self.cleaned_data
        chosen = told["audience"]
        return Audience(
            benefit=chosen.removeprefix(BENEFIT) if chosen.startswith(BENEFIT) else "",
            tiers=tuple(told["tiers"]) if chosen == CHOSEN else (),
            roles=tuple(told["roles"]),
        )


class PublishForm(forms.Form):
    """When a post is published: empty means now."""

    on = forms.DateTimeField(
        label=_("Publish at"),
        required=False,
        help_text=_("In your time zone. Empty: now."),
        input_formats=[_WRITTEN, f"{_WRITTEN}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_WRITTEN),
    )


class AttachForm(forms.Form):
    """A file or a link that is attached."""

    title = Line(
        label=_("Name"), max_length=160, required=False, help_text=_("What readers will see.")
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("At most %(size)s MB. It ends in .%(endings)s.")
        % {"size": MOST_BYTES // MEGABYTE, "endings": ", .".join(ENDINGS)},
        widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS)}),
    )
    url = Address(label=_("Or a link"), required=False)
    is_recording = forms.BooleanField(
        label=_("The recording: it is shown once the webinar is over"), required=False
    )

    def __init__(self, *arguments: Any, kind: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if kind != PostKind.WEBINAR:
            del self.fields["is_recording"]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two."""
        told: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(told.get("file")) == bool(told.get("url")):
            raise ValidationError(_("Give a file or a link, one of the two."))
        return told


class PreviewForm(forms.Form):
    """As whom staff look at a post."""

    tier = forms.ChoiceField(label=_("Credited tier"))
    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role_title(role)) for role in Role]
    )

    def __init__(self, *arguments: Any, program: Program, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["tier"].choices = [  # type: ignore[attr-defined]
            (tier, tier_title(tier, program)) for tier in (NO_TIER, *program.tiers)
        ]


class PostFilters(Filters):
    """What members narrow the list by."""

    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Everything")), *KIND_TITLES.items()]
    )
    unread = forms.BooleanField(label=_("Not read yet"), required=False)


def in_zone(wall: datetime, zone: str) -> datetime:
    """Return the moment (UTC) at which a clock in a zone shows this; raises ValidationError.

    Where the clock shows it twice it is the first time; in the hour that is left out, never.
    """
    moment = wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise ValidationError(_("The clock is put forward then: there is no such time."))
    return moment


def _absent(kind: PostKind) -> tuple[str, ...]:
    """Name the fields that a kind of post does not have."""
    gone: tuple[str, ...] = ()
    if kind is PostKind.ANNOUNCEMENT:
        gone += ("audience", "tiers", "roles")
    if kind is PostKind.WEBINAR:
        return (*gone, "takes_sign_ups")
    gone += ("starts_at", "ends_at", "zone", "join_link")
    return gone if kind in SIGN_UP_KINDS else (*gone, "takes_sign_ups", "places")


def _audiences(program: Program) -> list[tuple[str, str]]:
    offered = [(EVERY, gettext("Every partner"))]
    for benefit in audience_benefits(program):
        who = audience_words(Audience(benefit=benefit.key), program)
        offered.append((f"{BENEFIT}{benefit.key}", f"{benefit.title} ({benefit.clause}): {who}"))
    return [*offered, (CHOSEN, gettext("Chosen tiers"))]


def _usual(kind: PostKind, program: Program) -> str:
    usual = USUAL_BENEFITS.get(kind)
    return f"{BENEFIT}{usual}" if usual in program.benefits else EVERY


def _initial(content: PostContent) -> dict[str, Any]:
    audience, session = content.audience, content.session
    chosen = f"{BENEFIT}{audience.benefit}" if audience.benefit else EVERY
    told: dict[str, Any] = {
        "title": content.title,
        "body": content.body,
        "audience": CHOSEN if audience.tiers else chosen,
        "tiers": audience.tiers,
        "roles": audience.roles,
        "takes_sign_ups": content.takes_sign_ups,
        "places": content.places,
    }
    if session is not None:
        zone = ZoneInfo(session.zone)
        told |= {
            "starts_at": session.starts_at.astimezone(zone).replace(tzinfo=None),
            "ends_at": session.ends_at.astimezone(zone).replace(tzinfo=None),
            "zone": session.zone,
            "join_link": session.join_link,
        }
    return told
