"""Every job of the review year is killed: there is one review, one record, one letter each."""

from __future__ import annotations

import os
import shutil
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import django
import pytest
from django.db import connection

from tests.killed import server, started

KILLS = 50
JOBS = {
    *("reviews.run_calendar", "reviews.open_review", "reviews.record_review"),
    *("reviews.settle_review", "reviews.overrides", "reviews.assess", "risk.assess_risk"),
    *("reviews.close_review", "reviews.grant_tiers", "records.keep_record"),
    *("notices.tell", "notices.tell_grants", "notices.queue_mail", "operations.events"),
    *("benefits.settle_benefits", "credits.grant_credits", "letters.write_letters"),
}


def kill_the_year(url: str, database: str, folder: Path, told: Connection) -> None:
    """Kill steps of the year, evenly among the jobs; tells what became of each, then the counts."""
    os.environ |= {"DATABASE_URL": url, "ASSAY_DIR": str(folder)}
    django.setup()
    from tests.jobs.reviews.killed_year import Year  # noqa: PLC0415 - Django is ready now

    year = Year(url, database, folder)
    for step, last, name in year.points(KILLS):
        told.send((step, last, name, *year.killed(step, last)))
    told.send([tables for _, tables in year.unkilled])
    year.close()


@pytest.mark.django_db(transaction=True)
def test_a_year_killed_at_fifty_calls_is_done_once_and_whole(three_years, tmp_path, settings):
    shutil.copytree(three_years.folder, tmp_path / "year")
    url, database = settings.INSTALLATION.database_url(), connection.settings_dict["NAME"]
    connection.close()
    told, telling = server.Pipe(duplex=False)
    process = started(kill_the_year, url, database, tmp_path / "year", telling)
    telling.close()
    found = [told.recv() for _ in range(KILLS)]
    unkilled = told.recv()
    process.join()
    assert process.exitcode == 0
    for step, last, name, ended, differs in found:
        assert (step, last, name, ended, differs) == (step, last, name, -signal.SIGKILL, [])
    assert {name for _, _, name, _, _ in found} >= JOBS
    counts = {name: held[0] for name, held in unkilled[-1].items() if name.startswith("store_")}
    asked = ("store_reviewrecord", "store_calendarrun", "store_override", "store_decisionletter")
    assert {name: counts[name] for name in asked} == {
        "store_reviewrecord": 2,  # of 2024 and of 2025
        "store_calendarrun": 7,  # begun, twice opened and settled, December missed, June assessed
        "store_decisionletter": 22,  # 11 partners, twice
        "store_override": 2,  # asked for once, and carried over when the review was opened anew
    }
