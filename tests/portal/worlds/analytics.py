"""Figures of acme, who is given custom analytics, and of a category."""

from datetime import UTC, date, datetime

from assay.core.analytics import BENEFIT
from assay.store.models import AnalyticsRun, App, BenefitChange
from tests.few_partners import PROGRAM

AT = datetime(2025, 7, 10, 9, tzinfo=UTC)


def values(world):
    on = date(2025, 7, 1)
    BenefitChange.objects.create(
        partner=world.acme,
        benefit=BENEFIT,
        act="granted",
        after="yes",
        on=on,
        program=PROGRAM,
        words="Custom analytics: granted.",
        made_at=AT,
    )
    App.objects.filter(partner=world.acme, key="a1").update(categories=["Reports"])
    run = AnalyticsRun.objects.create(until=on, rests_on="0", made_at=AT)
    told = {"category": "Reports", "figure": "gross_sales", "period": "newest"}
    run.figures.create(partner=world.acme, top=54120037, bottom=100, **told)
    run.groups.create(partners=6, lower=10000, median=20000, upper=30000, **told)
    return {}
