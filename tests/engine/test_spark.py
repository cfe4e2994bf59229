"""Spark, a master and two worker processes on loopback, gives the bytes that DuckDB gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assay.core.issues import Refused
from assay.jobs.programs.run_cases import run_cases
from assay.jobs.reviews.facts import Source
from assay.jobs.reviews.review import Reviewed, review_facts, write_review
from tests.cluster import Cluster, connect_server, standalone_cluster
from tests.marketplace import write_marketplace

PROGRAM = "atlassian-marketplace@2024-06-13"
ON = date(2026, 7, 1)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with standalone_cluster(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marketplace") / "facts"
    write_marketplace(folder, seed=7, partners=300, cut_off=ON)
    return folder


@pytest.fixture(scope="module")
def on_duckdb(facts: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return files(review_facts(PROGRAM, Source(folder=facts), on=ON), tmp_path_factory.mktemp("d"))


def files(reviewed: Reviewed, folder: Path) -> dict[str, bytes]:
    """Write a review and return the bytes of its files."""
    write_review(reviewed, folder)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_random_marketplace_gives_the_same_bytes(
    cluster: Cluster, facts: Path, on_duckdb: dict[str, bytes], tmp_path: Path
) -> None:
    reviewed = review_facts(PROGRAM, Source(folder=facts), on=ON, engine=cluster.address)
    assert sorted(on_duckdb) == ["decisions.csv", "findings.csv", "review.json"]
    assert files(reviewed, tmp_path) == on_duckdb


def test_every_golden_case_holds_on_spark(cluster: Cluster) -> None:
    results = run_cases(PROGRAM, engine=cluster.address)
    assert [str(result.case) for result in results if not result.passed] == []


def test_an_executor_killed_in_mid_review_changes_nothing(
    cluster: Cluster, facts: Path, on_duckdb: dict[str, bytes], tmp_path: Path
) -> None:
    killed: list[int] = []
    before = set(tasks(cluster))
    killer = threading.Thread(target=kill_a_working_executor, args=(cluster, before, killed))
    killer.start()
    reviewed = review_facts(PROGRAM, Source(folder=facts), on=ON, engine=cluster.address)
    killer.join()
    assert len(killed) == 1
    assert files(reviewed, tmp_path) == on_duckdb


def tasks(cluster: Cluster) -> list[tuple[Path, str]]:
    """Return every task that executors say they have begun, by their logs."""
    logs = cluster.folder.glob("work-*/app-*/*/stderr")
    return [
        (log, line)
        for log in logs
        for line in log.read_text(errors="replace").splitlines()
        if "Running task" in line
    ]


def kill_a_working_executor(
    cluster: Cluster, before: set[tuple[Path, str]], killed: list[int]
) -> None:
    """End one executor with SIGKILL as soon as it has begun a task of a new review."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        begun = [log for log, line in tasks(cluster) if (log, line) not in before]
        if begun:
            number = begun[0].parts[-4].removeprefix("work-")
            executors = cluster.executors(worker=int(number))
            if executors:
                os.kill(executors[0], signal.SIGKILL)
                killed.append(executors[0])
                return
        time.sleep(0.02)


def test_a_connect_server_gives_the_same_bytes(
    facts: Path, on_duckdb: dict[str, bytes], tmp_path: Path
) -> None:
    """In a process of its own: one process holds one kind of Spark session."""
    out = tmp_path / "out"
    with connect_server(tmp_path) as address:
        command = [sys.executable, "-m", "assay", "review", PROGRAM, "--facts", str(facts)]
        command += ["--on", ON.isoformat(), "--engine", address, "--out", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert {path.name: path.read_bytes() for path in sorted(out.iterdir())} == on_duckdb


def test_a_master_that_is_not_there_is_refused(facts: Path) -> None:
    with pytest.raises(Refused, match="Spark could not compute the review"):
        review_facts(PROGRAM, Source(folder=facts), on=ON, engine="spark://127.0.0.1:1")


def test_an_engine_that_is_not_known_is_refused(facts: Path) -> None:
    with pytest.raises(Refused, match="no such engine"):
        review_facts(PROGRAM, Source(folder=facts), on=ON, engine="sqlite")
