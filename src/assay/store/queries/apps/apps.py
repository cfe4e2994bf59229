"""Apps as their partner and the program team see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from assay.core.disagreements import told
from assay.core.listings import (
    DATA_CENTER,
    Act,
    AppContent,
    Change,
    Missing,
    Step,
    acts_at,
    changes,
    hosting_title,
    missing_of,
)
from assay.store.models import App, AppRevision, Disagreement, Listing
from assay.store.queries.apps.app_contents import content_of, proposed_of

UNSETTLED = (Disagreement.State.OPEN, Disagreement.State.ASKED)


@dataclass(frozen=True, kw_only=True)
class AppLine:
    """An app in a list."""

    slug: str
    key: str
    name: str
    partner: str
    partner_slug: str
    state: Step
    step: Step | None
    public: bool
    from_facts: bool
    hostings: str
    installs: int | None
    enrolled_on: date | None
    wrong: int
    changed_at: datetime

    @property
    def stands(self) -> str:
        """Where the app stands, in words."""
        if self.state is Step.LISTED and self.step is not None:
            return f"Listed; changes {_STEPS[self.step]}"
        return self.state.words


_STEPS = {Step.DRAFT: "in draft", Step.SUBMITTED: "submitted", Step.SENT_BACK: "sent back"}


def apps_of(partner_id: int) -> tuple[AppLine, ...]:
    """Return every app of a partner, by name."""
    return tuple(_line(app) for app in _listed(App.objects.filter(partner=partner_id)))


def apps_waiting() -> tuple[AppLine, ...]:
    """Return the apps that wait to be approved, the longest waiting first."""
    waiting = App.objects.filter(step=App.State.SUBMITTED).order_by("changed_at")
    return tuple(_line(app) for app in _listed(waiting))


def _listed(apps: QuerySet[App]) -> QuerySet[App]:
    return (
        apps.select_related("partner")
        .prefetch_related("listings", "screenshots")
        .annotate(wrong=Count("disagreements", filter=Q(disagreements__state__in=UNSETTLED)))
    )


def _line(app: App) -> AppLine:
    live = [listing for listing in app.listings.all() if listing.retired_on is None]
    counted = [listing.installs for listing in live if listing.installs is not None]
    wrong: int = app.wrong  # type: ignore[attr-defined]
    return AppLine(
        slug=app.slug,
        key=app.key,
        name=app.name,
        partner=app.partner.name,
        partner_slug=app.partner.slug,
        state=Step(app.state),
        step=Step(app.step) if app.step else None,
        public=app.public,
        from_facts=app.from_facts,
        hostings=", ".join(hosting_title(listing.hosting) for listing in live),
        installs=sum(counted) if counted else None,
        enrolled_on=next((listing.enrolled_on for listing in live if listing.enrolled_on), None),
        wrong=wrong,
        changed_at=app.changed_at,
    )


@dataclass(frozen=True, kw_only=True)
class ListedHosting:
    """An app on one kind of hosting, with what facts say of it."""

    hosting: str
    payment: str
    listed_on: date | None
    retired_on: date | None
    approved_on: date | None
    installs: int | None
    installs_on: date | None
    enrolled_on: date | None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One step in an app's life."""

    step: Step
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class AppPage:
    """An app with everything about it.

    `content` is what is proposed, where something is, `listed` what is listed (None: never was);
    `changes` is how they differ. `wrong` are sentences: what is to be mended, or worth knowing.
    """

    app_id: int
    slug: str
    key: str
    name: str
    partner: str
    partner_slug: str
    partner_key: str
    state: Step
    step: Step | None
    from_facts: bool
    content: AppContent
    listed: AppContent | None
    changes: tuple[Change, ...]
    missing: tuple[Missing, ...]
    acts: frozenset[Act]
    hostings: tuple[ListedHosting, ...]
    turns: tuple[Turn, ...]
    disagreements: tuple[str, ...]
    worth_knowing: tuple[str, ...]
    sent_back: str

    def may(self, act: str) -> bool:
        """Tell whether an act is possible now."""
        return Act(act) in self.acts

    @property
    def stands(self) -> str:
        """Where the app stands, in words."""
        if self.state is Step.LISTED and self.step is not None:
            return f"Listed; changes {_STEPS[self.step]}"
        return self.state.words


def app_page(slug: str, *, partner_id: int | None = None) -> AppPage | None:
    """Return an app, of a partner or of any; None where there is no such app."""
    rows = App.objects.filter(slug=slug)
    if partner_id is not None:
        rows = rows.filter(partner=partner_id)
    app = (
        rows.select_related("partner")
        .prefetch_related(
            "listings",
            "screenshots",
            Prefetch("revisions", AppRevision.objects.select_related("by")),
            Prefetch("disagreements", Disagreement.objects.filter(state__in=UNSETTLED)),
        )
        .first()
    )
    return None if app is None else _page(app)


def _page(app: App) -> AppPage:
    content = proposed_of(app)
    was_listed = app.state in (App.State.LISTED, App.State.RETIRED)
    listed = content_of(app) if was_listed else None
    state, step = Step(app.state), Step(app.step) if app.step else None
    turns = list(app.revisions.all())
    hostings = tuple(_hosting(listing) for listing in app.listings.all())
    sent_back = turns[-1].reason if turns and step is Step.SENT_BACK else ""
    return AppPage(
        app_id=app.pk,
        slug=app.slug,
        key=app.key,
        name=app.name,
        partner=app.partner.name,
        partner_slug=app.partner.slug,
        partner_key=app.partner.key,
        state=state,
        step=step,
        from_facts=app.from_facts,
        content=content,
        listed=listed,
        changes=changes(listed, content) if app.proposed is not None else (),
        missing=missing_of(content) if state is not Step.RETIRED else (),
        acts=acts_at(state, step),
        hostings=hostings,
        turns=tuple(
            Turn(step=Step(turn.state), at=turn.at, by=str(turn.by), reason=turn.reason)
            for turn in reversed(turns)
        ),
        disagreements=tuple(
            told(row.kind, row.hosting, reported=row.reported, said=row.said)
            for row in app.disagreements.all()
        ),
        worth_knowing=tuple(_worth_knowing(app, hostings)) if state is Step.LISTED else (),
        sent_back=sent_back,
    )


def _hosting(listing: Listing) -> ListedHosting:
    return ListedHosting(
        hosting=listing.hosting,
        payment=listing.payment,
        listed_on=listing.listed_on,
        retired_on=listing.retired_on,
        approved_on=listing.approved_on,
        installs=listing.installs,
        installs_on=listing.installs_on,
        enrolled_on=listing.enrolled_on,
    )


def _worth_knowing(app: App, hostings: tuple[ListedHosting, ...]) -> Iterator[str]:
    """Tell what facts lack that requirements may ask for."""
    live = [one for one in hostings if one.retired_on is None]
    for one in live:
        if one.installs is None:
            yield f"No report has counted its installs on {hosting_title(one.hosting)} yet."
        if one.hosting == DATA_CENTER and one.approved_on is None:
            yield "Its Data Center version is not approved; apply for it among security programs."
    if app.public and any(one.hosting == "cloud" for one in live) and not live[0].enrolled_on:
        yield "It takes no part in the bug bounty program, as far as facts tell."
