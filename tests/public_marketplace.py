"""Partners, apps and closed reviews put into the tables by hand, for tests of what is public."""

from __future__ import annotations

from datetime import UTC, date, datetime

from assay.store.models import App, Decision, Enrolment, Listing, Partner, Review
from tests.granted import grant, life

AT = datetime(2026, 7, 2, 9, tzinfo=UTC)
TIERS = ("partner", "silver", "gold", "platinum")


def make_partner(name, state="active", **fields):
    slug = name.lower().replace(" ", "-")
    told = {"country": "DE", "created_at": AT, **fields}
    return Partner.objects.create(key=f"key-{slug}", slug=slug, name=name, state=state, **told)


def make_review(on, tiers, *, kind="review", made_at=AT, is_open=False):
    """Decide on partners: `tiers` maps each to its tier; with `is_open` it is not closed."""
    review = Review.objects.create(
        kind=kind,
        program="atlassian-marketplace@2024-06-13",
        program_digest="p",
        facts_digest="f",
        on=on,
        cut_off=on,
        **life(kind, made_at, is_open=is_open),
    )
    for partner, tier in tiers.items():
        Decision.objects.create(review=review, partner=partner, tier=tier, explanation="{}")
    if kind == "review" and not is_open:
        grant(review)
    return review


def make_app(partner, name, state="listed", *, hostings=("cloud",), **fields):
    slug = name.lower().replace(" ", "-")
    app = App.objects.create(
        partner=partner,
        key=f"example.{slug}",
        slug=slug,
        name=name,
        state=state,
        **{"created_at": AT, "changed_at": AT, **fields},
    )
    for hosting in hostings:
        Listing.objects.create(
            app=app,
            hosting=hosting,
            payment="platform",
            listed_on=date(2024, 3, 1),
            installs=1234,
            installs_on=date(2026, 6, 19),
        )
    return app


def enrol(app, program, since, *, valid_until=None):
    """Let an app take part in a security program."""
    return Enrolment.objects.create(
        app=app,
        program=program,
        state="approved",
        told_as=app.key,
        valid_from=since,
        valid_until=valid_until,
        made_at=AT,
        changed_at=AT,
    )
