"""One process that has everything imported, no connection of Django's and no second thread.

It forks for every kill: the child does the job on the real database and files and gets `kill -9`.
"""

from __future__ import annotations

import gc
import json
import os
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection
from psycopg.pq import TransactionStatus

from tests.jobs.reviews.kills.plan import JOBS, play_before, read_once, refuse_unsound
from tests.jobs.reviews.kills.world import State, World
from tests.killed import steps_of

Act = Callable[[], object]


@dataclass(frozen=True)
class Kill:
    """Where a job was killed, how its process ended, and which state it left.

    States are numbered as the unkilled job commits them: 0 is the first; -1 is none of them.
    """

    place: str
    ended: int
    left: int


@dataclass(frozen=True)
class Killed:
    """A job that was killed at each of some points.

    It passes so many `points` and commits so often. `again` names, for every state that kills left,
    the tables that are other than the unkilled job leaves them when it is done again from there.
    `strange` tables are other than they end, where a kill left none of the states. `rows` are those
    that the unkilled job adds, by table, each event with its link.
    """

    points: int
    commits: int
    kills: list[Kill]
    again: dict[int, list[str]]
    strange: list[str]
    rows: dict[str, int]


def chosen(points: Sequence[str], most: int) -> list[int]:
    """Choose points by number: evenly among the modules that pass them, and along each of these.

    The last is chosen always. A line that is passed again is chosen again only where no other is
    left.
    """
    by_module: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(points, 1):
        if name not in points[: number - 1]:
            by_module[name.partition(":")[0]].append(number)
    shares = _shared(most - 1, {name: len(numbers) for name, numbers in by_module.items()})
    first = {
        numbers[nth * len(numbers) // shares[name]]
        for name, numbers in by_module.items()
        for nth in range(shares[name])
    } | {len(points)}
    rest = [number for number in range(1, len(points) + 1) if number not in first]
    left = min(most - len(first), len(rest))
    return sorted(first | {rest[nth * len(rest) // left] for nth in range(left)})


def _shared(count: int, most: dict[str, int]) -> dict[str, int]:
    """Share a count evenly among those who have room."""
    given = dict.fromkeys(most, 0)
    while count and (open_yet := [name for name in most if given[name] < most[name]]):
        for name in open_yet[:count]:
            given[name] += 1
        count -= len(open_yet[:count])
    return given


class Killing:
    """Worlds in the order of the plan: each begins as the job before left it."""

    def __init__(self, url: str, database: str, folder: Path) -> None:
        self.folder, self.name = folder, database
        read_once()
        gc.freeze()
        assert len(list(Path("/proc/self/task").iterdir())) == 1  # else a fork may hang
        self.worlds = [World(url, database, folder / "files").copied(f"{database}_0")]
        with self.worlds[0] as world:
            assert self._forked(world, play_before) == 0
        self.played: list[tuple[list[str], list[State]]] = []

    def kill(self, place: int, most: int) -> Killed:
        """Kill a job at as many places, and do it again from every state that this leaves."""
        points, states = self._played(place)
        act, kills, again, strange = JOBS[place].act, [], {}, set[str]()
        with self.worlds[place] as world:
            world.keep(name for name in states[0] if _changes(name, states))
            for number in chosen(points, most):
                world.give_numbers_again()
                killed = partial(steps_of, act, last=number)
                ended = self._forked(world, killed)
                left = states.index(world.state()) if world.state() in states else -1
                kills.append(Kill(points[number - 1], ended, left))
                if left == -1:
                    strange |= _differing(world.state(), states[-1])
                if left != 0:
                    if left not in again:
                        again[left] = self._again(world, act, states[-1])
                    world.set_back()
            again[0] = self._again(world, act, states[-1])
            world.set_back()
        rows = _added(states)
        return Killed(len(points), len(states) - 1, kills, again, sorted(strange), rows)

    def sound(self) -> int:
        """Check the record and replay the review, after all jobs; returns an exit code."""
        self._played(len(JOBS) - 1)
        with self.worlds[-1] as world:
            return self._forked(world, partial(refuse_unsound, replayed=True))

    def _played(self, place: int) -> tuple[list[str], list[State]]:
        """Return the points that a job passes unkilled, and the states, the one before included."""
        while len(self.played) <= place:
            self._play(len(self.played))
        return self.played[place]

    def _again(self, world: World, act: Act, wanted: State) -> list[str]:
        """Do a job again; returns the tables that are not as they should be."""
        world.give_numbers_again()
        if self._forked(world, act):
            return ["it failed"]
        differing = sorted(_differing(world.state(), wanted))
        sound = self._forked(world, refuse_unsound) == 0
        return differing if sound else [*differing, "the record"]

    def _play(self, place: int) -> None:
        """Play a job unkilled in a copy of the world that it begins in, which the next begins in.

        Whenever it is in no transaction, it waits until what is committed by then was looked at.
        """
        self.worlds.append(self.worlds[place].copied(f"{self.name}_{place + 1}"))
        with self.worlds[-1] as world:
            states = [world.state()]
            asking, asked = os.pipe(), os.pipe()
            file = self.folder / "calls.json"

            def look() -> None:  # pragma: no cover - the child's side, in a profiler
                its = connection.connection
                if its is None or its.pgconn.transaction_status == TransactionStatus.IDLE:
                    os.write(asking[1], b"?")
                    os.read(asked[0], 1)

            def act() -> None:  # pragma: no cover - the child's side
                file.write_text(json.dumps(steps_of(JOBS[place].act, look=look)))

            number = self._fork(act, world.database)
            os.close(asking[1])
            while os.read(asking[0], 1):
                if world.state() != states[-1]:
                    states.append(world.state())
                os.write(asked[1], b"!")
            assert _ended(number) == 0
            world.alone()
            for end in (asking[0], *asked):
                os.close(end)
            world.keep_files()
        self.played.append((json.loads(file.read_text()), states))

    def _forked(self, world: World, act: Act) -> int:
        """Do `act` in a process of its own; returns its exit code."""
        ended = _ended(self._fork(act, world.database))
        world.alone()
        return ended

    def _fork(self, act: Act, database: str) -> int:
        number = os.fork()
        if number:
            return number
        code = 1  # pragma: no cover - the child's side
        try:
            connection.settings_dict["NAME"] = database
            tempfile.tempdir = str(self.folder / "temporary")
            Path(tempfile.tempdir).mkdir(exist_ok=True)
            act()
            code = 0
        except BaseException:  # noqa: BLE001 - the parent sees the code
            traceback.print_exc()
        finally:
            os._exit(code)


def _ended(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def _differing(state: State, other: State) -> set[str]:
    return {name for name, rows in state.items() if rows != other[name]}


def _changes(name: str, states: list[State]) -> bool:
    return len({state[name] for state in states}) > 1


def _added(states: list[State]) -> dict[str, int]:
    rows = {
        name.removeprefix("store_"): count - states[0][name][0]
        for name, (count, _) in states[-1].items()
        if name not in {"store_link", "procrastinate_jobs"}
    }
    return {name: count for name, count in rows.items() if count}
