"""What follows a closed review is killed: one badge, one announcement, one end of an appeal."""

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

KILLS = 24
JOBS = {
    *("letters.advancements", "content.write_post", "badges.issue_badges", "records.keep_case"),
    *("appeals.state_appeal", "appeals.decide_appeal", "letters.write_letters", "notices.tell"),
}


def kill_what_follows(url: str, database: str, folder: Path, told: Connection) -> None:
    """Kill the steps, evenly among the jobs; tells what became of each, then the counts."""
    os.environ |= {"DATABASE_URL": url, "ASSAY_DIR": str(folder)}
    django.setup()
    from tests.jobs.reviews.killed_follow import Follow  # noqa: PLC0415 - Django is ready now

    follow = Follow(url, database, folder)
    for step, last, name in follow.points(KILLS):
        told.send((step, last, name, *follow.killed(step, last)))
    told.send([tables for _, tables in follow.unkilled])
    follow.close()


@pytest.mark.xdist_group("three years")
@pytest.mark.django_db(transaction=True)
def test_badges_announcement_and_appeal_killed_at_calls_are_there_once(
    three_years, tmp_path, settings
):
    shutil.copytree(three_years.folder, tmp_path / "year")
    url, database = settings.INSTALLATION.database_url(), connection.settings_dict["NAME"]
    connection.close()
    told, telling = server.Pipe(duplex=False)
    process = started(kill_what_follows, url, database, tmp_path / "year", telling)
    telling.close()
    found = [told.recv() for _ in range(KILLS)]
    unkilled = told.recv()
    process.join()
    assert process.exitcode == 0
    for step, last, name, ended, differs in found:
        assert (step, last, name, ended, differs) == (step, last, name, -signal.SIGKILL, [])
    assert {name for _, _, name, _, _ in found} >= JOBS
    counts = {name: held[0] for name, held in unkilled[-1].items() if name.startswith("store_")}
    asked = ("post", "advancement", "appeal", "caserecord", "decisionletter", "badge")
    assert {name: counts[f"store_{name}"] for name in asked} == {
        "post": 1,  # the draft of who moved up
        "advancement": 1,
        "appeal": 1,  # Willow's, granted
        "caserecord": 1,
        "decisionletter": 12,  # 11 partners of the review, and of the appeal
        "badge": 12,  # of 11 partners, and Willow's of the tier it rose to
    }
