"""Draft an app, propose changes to it, and send them to be approved."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.listings import (
    MOST_SCREENSHOTS,
    Act,
    AppContent,
    Shown,
    Step,
    acts_at,
    missing_of,
)
from assay.core.notices.apps import APP_SUBMITTED
from assay.gateways.files import SCREENSHOT
from assay.jobs.apps.app_rows import put_words
from assay.jobs.notices.tell import tell
from assay.jobs.operations.events import record
from assay.jobs.partners.know_partners import free_slug
from assay.jobs.partners.pictures import forget_pictures, keep_picture
from assay.store.models import App, AppRevision, Partner, Person
from assay.store.queries.apps.app_contents import content_of, proposed_of

MOST_APPS = 200  # that one partner drafts


def begin_app(partner_id: int, key: str, content: AppContent, *, by: Person, at: datetime) -> App:
    """Draft a new app of an active partner; raises Refused where the key is taken."""
    with transaction.atomic():
        partner = Partner.objects.select_for_update().get(pk=partner_id)
        if partner.state != Partner.State.ACTIVE:
            raise _refused("finish the partner's profile first", hint="apps are listed after that")
        other = App.objects.filter(key__iexact=key).first()
        if other is not None:
            mine = other.partner_id == partner_id
            message = "is already in your list" if mine else "is another partner's app"
            hint = "open it there" if mine else "if it is yours, ask the program team"
            raise _refused(message, column="key", hint=hint)
        if partner.apps.filter(from_facts=False).count() >= MOST_APPS:
            raise _refused(f"a partner drafts at most {MOST_APPS} apps")
        taken = set(App.objects.values_list("slug", flat=True))
        app = App(
            partner=partner,
            key=key,
            slug=free_slug(content.name, taken, otherwise="app"),
            state=App.State.DRAFT,
            step=App.State.DRAFT,
            proposed=content.document(),
            created_at=at,
            changed_at=at,
        )
        put_words(app, content)
        app.save()
        _record("app_drafted", f"{by} drafted {app}", app, by=by, at=at)
    return app


def propose(app_id: int, content: AppContent, *, by: Person, at: datetime) -> App:
    """Propose other content for an app; its screenshots stay. Raises Refused if it is not to be."""
    with transaction.atomic():
        app = taken(app_id, Act.EDIT)
        _put(app, content.with_screenshots(proposed_of(app).screenshots), at=at)
        _record("app_edited", f"{by} edited {app}", app, by=by, at=at)
    return app


def add_screenshot(app_id: int, sent: IO[bytes], caption: str, *, by: Person, at: datetime) -> App:
    """Propose one more screenshot; raises Refused for what is no picture, or one too many."""
    with transaction.atomic():
        app = taken(app_id, Act.EDIT)
        content = proposed_of(app)
        if len(content.screenshots) >= MOST_SCREENSHOTS:
            raise _refused(
                f"an app has at most {MOST_SCREENSHOTS} screenshots",
                column="picture",
                hint="remove one first",
            )
        picture = keep_picture(app.partner, sent, SCREENSHOT, column="picture", at=at)
        shown = Shown(file=picture.name, caption=caption)
        _put(app, content.with_screenshots((*content.screenshots, shown)), at=at)
        _record("screenshot_added", f"{by} added a screenshot to {app}", app, by=by, at=at)
    return app


def remove_screenshot(app_id: int, file: str, *, by: Person, at: datetime) -> App:
    """Propose to do without a screenshot."""
    with transaction.atomic():
        app = taken(app_id, Act.EDIT)
        content = proposed_of(app)
        kept = tuple(shown for shown in content.screenshots if shown.file != file)
        if kept == content.screenshots:
            return app
        _put(app, content.with_screenshots(kept), at=at)
        forget_pictures(app.partner, {file})
        _record("screenshot_removed", f"{by} removed a screenshot of {app}", app, by=by, at=at)
    return app


def _put(app: App, content: AppContent, *, at: datetime) -> None:
    """Keep what is proposed; an app that was never listed shows it as its own."""
    app.proposed, app.changed_at = content.document(), at
    put_step(app, Step.DRAFT if app.step != Step.SENT_BACK else Step.SENT_BACK)
    if app.state not in (App.State.LISTED, App.State.RETIRED):
        put_words(app, content)
    app.save()


def put_step(app: App, step: Step | None) -> None:
    """Move an app's proposal to a step; the state of an app that was never listed follows."""
    app.step = "" if step is None else step.value
    if step is not None and app.state not in (App.State.LISTED, App.State.RETIRED):
        app.state = App.State(step.value)


def submit(app_id: int, *, by: Person, at: datetime) -> App:
    """Send what is proposed to be approved; raises Refused with everything that is missing."""
    with transaction.atomic():
        app = taken(app_id, Act.SUBMIT)
        content = proposed_of(app)
        missing = missing_of(content)
        if missing:
            raise Refused(
                *(Issue(file="app", column=one.field, message=one.words) for one in missing)
            )
        if app.state == App.State.LISTED and not app.from_facts and content == content_of(app):
            raise _refused("nothing differs from what is listed")
        put_step(app, Step.SUBMITTED)
        app.changed_at = at
        app.save()
        revise(app, Step.SUBMITTED, content, by=by, at=at)
        _record("app_submitted", f"{by} submitted {app}", app, by=by, at=at)
        tell(
            APP_SUBMITTED,
            occasion=f"app:{app.key}:{app.revisions.count()}",
            subject=f"{app} waits for approval",
            body=f"{app.partner} submitted {app} ({app.key}).",
            link=f"/staff/apps/{app.slug}/",
            at=at,
        )
    return app


def take_back(app_id: int, *, by: Person, at: datetime) -> App:
    """Take back what was submitted, to go on editing it."""
    with transaction.atomic():
        app = taken(app_id, Act.TAKE_BACK)
        put_step(app, Step.DRAFT)
        app.changed_at = at
        app.save()
        _record("app_taken_back", f"{by} took {app} back", app, by=by, at=at)
    return app


def taken(app_id: int, act: Act) -> App:
    """Return an app, locked, with which `act` may be done now; raises Refused."""
    app = App.objects.select_for_update(of=("self",)).select_related("partner").get(pk=app_id)
    if act not in acts_of(app):
        where = Step(app.step or app.state).words.lower()
        raise _refused(
            f"this app is {where}; it cannot be {_PAST[act]} now",
            hint="reload the page to see where it stands",
        )
    return app


_PAST = {
    Act.EDIT: "edited",
    Act.SUBMIT: "submitted",
    Act.TAKE_BACK: "taken back",
    Act.APPROVE: "approved",
    Act.SEND_BACK: "sent back",
    Act.RETIRE: "retired",
}


def acts_of(app: App) -> frozenset[Act]:
    """Tell what may be done with an app now."""
    return acts_at(Step(app.state), Step(app.step) if app.step else None)


def revise(
    app: App,
    step: Step,
    content: AppContent,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
) -> None:
    """Append a step to an app's life."""
    AppRevision.objects.create(
        app=app, state=step.value, reason=reason, content=content.document(), by=by, at=at
    )


def _record(act: str, words: str, app: App, *, by: Person, at: datetime) -> None:
    record(act, words[:400], at=at, by=by, partner=app.partner, target=f"app:{app.key}"[:200])


def _refused(message: str, *, column: str | None = None, hint: str = "") -> Refused:
    return Refused(Issue(file="app", column=column, message=message, hint=hint))
