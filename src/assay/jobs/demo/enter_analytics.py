"""Enter into a demo the categories of its apps, and compute what partners are compared by."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from assay.jobs.analytics.refresh_analytics import refresh_analytics
from assay.jobs.demo.cast import Cast
from assay.jobs.reviews.facts import Source
from assay.store.models import App

_CATEGORIES = ("Reports", "Workflow", "Time tracking", "Integrations")


def enter_analytics(_cast: Cast, *, at: datetime) -> None:
    """Put each app that reports tell of into a made-up category, and compute the figures."""
    apps = list(App.objects.filter(from_facts=True, categories=[]).order_by("key"))
    for number, app in enumerate(apps):
        app.categories = [_CATEGORIES[number // 2 % len(_CATEGORIES)]]
    App.objects.bulk_update(apps, ["categories"], batch_size=1000)
    refresh_analytics(settings.PROGRAM, Source(ledger=settings.INSTALLATION.ledger), at=at)
