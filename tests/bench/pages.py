"""How quickly pages answer: `python -m tests.bench.pages`. Four clients, a real server.

The installation has 2,000 partners and 500,000 sales; each client asks for the pages of many
partners on a connection that stays open.
"""

# ruff: noqa: PLC0415 - Django is set up first
import argparse
import http.client
import os
import random
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

from tests.bench.installation import PARTNERS, SALES, import_more, installation, people
from tests.bench.report import section, write_section

CLIENTS = 4
TARGET_MS = 100
COLUMNS = ("page", "p50 ms", "p95 ms", "p95 as a ratio", "target", "answers")
PAGES = {
    "a trivial page (`/healthz`)": "/healthz",
    "home": "/portal/{slug}/",
    "standing": "/portal/{slug}/standing/",
    "standing, for one tier": "/portal/{slug}/standing/?target=platinum",
    "sales": "/portal/{slug}/sales/",
    "sales, filtered": "/portal/{slug}/sales/?hosting=cloud&counts=counted&sort=-purchase_price",
    "rows of listings": "/portal/{slug}/rows/apps_outside_bounty/",
    "rows of escalations": "/portal/{slug}/rows/slowest_response/",
    "decisions": "/portal/{slug}/decisions/",
    "apps": "/portal/{slug}/apps/",
}


@dataclass(frozen=True)
class Answered:
    """How long the answers of one page took, in milliseconds."""

    page: str
    took: list
    trivial: float

    @property
    def p95(self):
        return quantiles(self.took, n=20)[-1]

    def cells(self):
        met = "met" if self.p95 <= TARGET_MS else "missed"
        return (
            self.page,
            f"{median(self.took):.1f}",
            f"{self.p95:.1f}",
            f"{self.p95 / self.trivial:.1f}",
            f"≤ {TARGET_MS}: {met}",
            f"{len(self.took):,}",
        )


def main():
    """Measure every page and write it down."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.pages", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("build/bench"))
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    parser.add_argument("--asked", type=int, default=400, help="answers of each page")
    chosen = parser.parse_args()
    folder, made = installation(chosen.dir)
    from assay.jobs.operations.installation import open_installation

    opened = open_installation(folder)
    seats = people()
    with Server(opened.folder) as server:
        Load(server.port, seats, asked=8).all_pages()  # every process warms up
        calm = Load(server.port, seats, asked=chosen.asked).all_pages()
        import_more(folder, number=time.time_ns() // 1_000_000_000 % 100_000)
        after = Load(server.port, seats, asked=max(chosen.asked // 4, 40)).all_pages()
    text = section(
        f"Pages: {PARTNERS:,} partners, {SALES:,} sales",
        {
            f"Answers of GET, {CLIENTS} clients": calm,
            "The same right after an import of 2,000 sales": after,
        },
        on=datetime.now(UTC).date(),  # noqa: TID251 - an edge: the page says when it was measured
        notes=[
            (
                f"The review of {PARTNERS:,} partners was recorded, every explanation kept, in "
                f"{made['review']:.1f} CPU seconds, the standing in {made['standing']:.1f}."
            ),
            (
                f"{len(seats)} partners are asked for, the largest of them with a fifteenth of all "
                "sales; clients and server share the machine's cores."
            ),
            "Load average at the end (one, five, fifteen minutes): {:.1f}, {:.1f}, {:.1f}.".format(
                *os.getloadavg()
            ),
        ],
        columns=COLUMNS,
    )
    write_section(chosen.out, text)
    print(f"\n{text}\nwritten to {chosen.out}")


class Server:
    """The web processes of an installation, as it runs them; no worker."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**os.environ, "ASSAY_DIR": str(folder), "ASSAY_PORT": str(self.port)}

    def __enter__(self):
        run = "import subprocess, assay.site.__main__ as m; subprocess.run(m._web())"
        self.process = subprocess.Popen(
            [sys.executable, "-c", run], env=self.environment, start_new_session=True
        )
        ends_at = time.monotonic() + 120
        while time.monotonic() < ends_at:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return self
            except OSError:
                time.sleep(0.2)
        raise SystemExit("the server does not answer")

    def __exit__(self, *_):
        os.killpg(self.process.pid, 15)
        self.process.wait()


class Load:
    """Clients that ask for one page after the other."""

    def __init__(self, port, seats, *, asked):
        self.port, self.seats, self.asked = port, seats, asked

    def all_pages(self):
        """Ask for every page; returns what each took."""
        trivial, found = 0.0, []
        for page, address in PAGES.items():
            with ThreadPoolExecutor(CLIENTS) as clients:
                parts = list(clients.map(self.client, [address] * CLIENTS, range(CLIENTS)))
            answered = Answered(page, [one for part in parts for one in part], trivial or 1)
            trivial = trivial or answered.p95
            found.append(Answered(page, answered.took, trivial))
            if self.asked > 8:
                print(f"  {' · '.join(found[-1].cells())}", flush=True)
        return found

    def client(self, address, number):
        """Ask for one page of many partners; returns milliseconds, each with the body read."""
        chance = random.Random(number)  # noqa: S311 - repeatable, and no secret
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        took = []
        for _ in range(self.asked // CLIENTS or 1):
            slug, key = chance.choice(self.seats)
            started = time.perf_counter()
            connection.request(
                "GET", address.format(slug=slug), headers={"Cookie": f"sessionid={key}"}
            )
            answer = connection.getresponse()
            answer.read()
            took.append(1000 * (time.perf_counter() - started))
            if answer.status != 200:
                raise SystemExit(f"{address} of {slug}: {answer.status}")
        return took


if __name__ == "__main__":
    main()
