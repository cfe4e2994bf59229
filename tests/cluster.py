"""A standalone Spark cluster on loopback: one master and two worker processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyspark

SPARK_HOME = Path(pyspark.__file__).parent
WORKERS = 2
_READY_SECONDS = 90
# What runs for a minute is not worth compiling twice; every Java from here on reads this.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


@dataclass
class Cluster:
    """A running cluster: `address` is its master; `processes` are the master and the workers."""

    address: str
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def executors(self, *, worker: int) -> list[int]:
        """Return the process ids of the executors that a worker runs now."""
        tasks = Path(f"/proc/{self.processes[1 + worker].pid}/task")
        return [
            int(child)
            for task in tasks.iterdir()
            for child in (task / "children").read_text().split()
        ]

    def stop(self) -> None:
        """End every process that this cluster started."""
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=20)


@contextmanager
def standalone_cluster(folder: Path) -> Iterator[Cluster]:
    """Run a master and two workers; logs and work files go to `folder`."""
    port = _free_port()
    cluster = Cluster(address=f"spark://127.0.0.1:{port}", folder=folder)
    try:
        master = ["master.Master", "--host", "127.0.0.1", "--port", str(port)]
        _start(cluster, "master", [*master, "--webui-port", "0"])
        _await_port(port)
        for number in range(WORKERS):
            worker = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g"]
            work = ["--webui-port", "0", "--work-dir", str(folder / f"work-{number}")]
            _start(cluster, f"worker-{number}", [*worker, *work, cluster.address])
        _await_line(folder / "master.log", "Registering worker", times=WORKERS)
        yield cluster
    finally:
        cluster.stop()


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """Run a Spark Connect server that computes in its own process; yields its address."""
    port = _free_port()
    server = Cluster(address=f"sc://127.0.0.1:{port}", folder=folder)
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "4",
    }
    submit = ["SparkSubmit", "--master", "local[2]"]
    for name, value in settings.items():
        submit += ["--conf", f"{name}={value}"]
    submit += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    try:
        _start(server, "connect", [*submit, "spark-internal"], memory="1g")
        _await_port(port)
        yield server.address
    finally:
        server.stop()


def _start(cluster: Cluster, name: str, arguments: list[str], *, memory: str = "256m") -> None:
    log = (cluster.folder / f"{name}.log").open("wb")
    command = [str(SPARK_HOME / "bin" / "spark-class")]
    command += [f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
    environment = os.environ | {
        "SPARK_HOME": str(SPARK_HOME),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": memory,
        "SPARK_LOCAL_DIRS": str(cluster.folder),
    }
    with log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    cluster.processes.append(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _await_port(port: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(port)


def _await_line(log: Path, line: str, *, times: int) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        if log.exists() and log.read_text().count(line) >= times:
            return
        time.sleep(0.1)
    raise TimeoutError(line)
