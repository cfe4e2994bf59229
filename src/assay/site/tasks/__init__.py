"""What the worker does: a module a topic; each task asks the clock and calls one job."""

from __future__ import annotations

from procrastinate import App

from assay.site.tasks import (
    access,
    analytics,
    badges,
    benefits,
    content,
    escalations,
    facts,
    imports,
    letters,
    notices,
    records,
    reviews,
    security,
    standing,
    worker,
)

TOPICS = (
    *(worker, facts, notices, imports, standing, reviews, letters, records),
    *(security, escalations, access, content, benefits, badges, analytics),
)


def register(app: App) -> None:
    """Tell the worker's app every task and when it recurs."""
    for topic in TOPICS:
        topic.register(app)
