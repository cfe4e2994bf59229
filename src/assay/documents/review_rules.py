"""The review in a program file: when it is, who is assessed before it, how a demotion begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from assay.core.appeals import NO_RULE, SETTING, is_period
from assay.core.review_rules import Assessments, Demotion, ReviewCalendar
from assay.documents.values import day, one_of, whole
from assay.documents.yaml import Form

DEMOTIONS = ("at the review",)
NO_GRACE = "none"
_GRACE = re.compile("(?P<number>[1-9][0-9]{0,2}) (?P<unit>day|month)s?")
_MONTHS = {str(month): month for month in range(1, 13)}


def read_review(form: Form) -> ReviewCalendar:
    """Read `review`: the month, and the months on whose first day partners are assessed."""
    inner = form.form("review")
    if inner is None:
        return ReviewCalendar(month=1, clause="", since=date.min)
    month = whole(inner, "month", low=1, high=12, hint="July is 7") or 1
    review = ReviewCalendar(
        month=month,
        clause=inner.text("clause"),
        since=day(inner, "since"),
        assessments=_assessments(inner, month),
    )
    inner.close()
    return review


def _assessments(form: Form, review_month: int) -> Assessments | None:
    inner = form.form("assessments", needed=False)
    if inner is None:
        return None
    written = inner.texts("months")
    months = [_MONTHS[text] for text in written if text in _MONTHS]
    if len(months) < len(written):
        inner.fault(f"{inner.what}: `months` are from 1 to 12", "e.g. [9, 12, 3]", key="months")
    if len(set(months)) < len(months) or review_month in months:
        inner.fault(
            f"{inner.what}: a month stands twice, or is that of the review",
            "each month once, and not the review's",
            key="months",
        )
    found = Assessments(
        months=tuple(months), clause=inner.text("clause"), since=day(inner, "since")
    )
    inner.close()
    return found


def check_appeal(form: Form, settings: Mapping[str, str]) -> None:
    """Note an `appeal` among the settings that is no period."""
    written = settings.get(SETTING, NO_RULE)
    if not is_period(written):
        form.fault(f"`{SETTING}` cannot be `{written}`", "none, or N days", key="settings")


def read_demotion(form: Form) -> Demotion:
    """Read `demotion` and `grace` of the settings; without them a demotion is at the review."""
    inner = form.form("settings", needed=False)
    if inner is None:
        return Demotion()
    if inner.has("demotion"):
        one_of(inner, "demotion", DEMOTIONS)
    written = inner.text("grace", default=NO_GRACE)
    found = _GRACE.fullmatch(written)
    if found is None:
        if written != NO_GRACE:
            inner.fault(f"no grace `{written}`", "none, N days or N months", key="grace")
        return Demotion()
    number = int(found["number"])
    return Demotion(days=number) if found["unit"] == "day" else Demotion(months=number)
