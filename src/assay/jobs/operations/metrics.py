"""Metrics: the installation's figures in the text format of Prometheus."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Count, Model
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from assay.gateways.installation import Installation
from assay.store.models import App, Heartbeat, Mail, Partner, Person, Review, Upload


def metrics_text(installation: Installation, *, at: datetime) -> str:
    """Return the figures of the installation at the moment `at`; nothing names a partner."""
    registry = CollectorRegistry()
    registry.register(_Figures(installation, at))
    return generate_latest(registry).decode()


class _Figures:
    """Collects every figure when it is asked."""

    def __init__(self, installation: Installation, at: datetime) -> None:
        self.installation = installation
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield one family a figure."""
        yield _one("assay_people", "Accounts", Person.objects.count())
        for model, name in ((Partner, "partners"), (App, "apps"), (Upload, "uploads")):
            yield _by_state(f"assay_{name}", name.capitalize(), model)
        yield _by_state("assay_mails", "Mails in the outbox", Mail)
        yield self._ages()
        yield _jobs()
        free = shutil.disk_usage(self.installation.folder).free
        yield _one("assay_disk_free_bytes", "Free space of the installation's disk", free)

    def _ages(self) -> GaugeMetricFamily:
        ages = GaugeMetricFamily(
            "assay_age_seconds", "Time since a part was last done", labels=["part"]
        )
        for beat in Heartbeat.objects.all():
            ages.add_metric([beat.part], (self.at - beat.at).total_seconds())
        for kind in Review.Kind:
            newest = Review.objects.filter(kind=kind).order_by("-made_at").first()
            if newest is not None:
                ages.add_metric([kind.value], (self.at - newest.made_at).total_seconds())
        return ages


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _by_state(name: str, words: str, model: type[Model]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=["state"])
    counted = model._default_manager.values_list("state").annotate(count=Count("pk"))  # noqa: SLF001 - Django's name for it
    for state, count in counted.order_by("state"):
        family.add_metric([state], count)
    return family


def _jobs() -> GaugeMetricFamily:
    family = GaugeMetricFamily("assay_jobs", "Jobs of the worker", labels=["status"])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1"
        )
        for status, count in cursor.fetchall():
            family.add_metric([status], count)
    return family
