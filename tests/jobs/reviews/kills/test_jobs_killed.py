"""Every job of the review year is killed: there is one review, one letter each, nothing half done.

A job is killed at fifty of the points at which it asks the database or changes a file, at all of
them where it passes fewer. Each kill leaves what the job has committed by then, and nothing of what
it has not; from every state that is left so, the job done again leaves what it leaves unkilled.
"""

from __future__ import annotations

import signal

import pytest

from tests.jobs.reviews.kills.plan import JOBS

pytestmark = pytest.mark.django_db
MOST = 50


@pytest.mark.parametrize("place", range(len(JOBS)), ids=[job.name for job in JOBS])
def test_a_job_that_is_killed_is_done_once_and_whole(place, ask):
    job = JOBS[place]
    killed = ask("kill", place, MOST)
    assert killed.points >= job.points  # else the hook does not see what it saw
    assert len(killed.kills) == min(MOST, killed.points)
    assert {kill.ended for kill in killed.kills} == {-signal.SIGKILL}
    assert killed.strange == []
    left = [kill.left for kill in killed.kills]
    assert (left[0], left[-1], killed.commits) == (0, job.commits, job.commits)
    assert left == sorted(left)  # what is committed stays; and nothing is left that never should be
    assert killed.again == {state: [] for state in {0, *left}}
    assert killed.rows == job.rows


def test_the_record_of_the_year_is_sound_and_replays(ask):
    assert ask("sound") == 0
