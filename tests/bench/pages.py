"""How quickly pages answer: `python -m tests.bench.pages`. Four clients, a real server.

The installation has 2,000 partners and 500,000 sales; each client asks for the pages of many
partners on a connection that stays open. Beside the answers stands what a page takes of a
processor, by one client in process: it tells less of what else the machine does.
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

from tests.bench.installation import (
    PARTNERS,
    SALES,
    apps,
    import_more,
    installation,
    people,
    review,
    staff,
)
from tests.bench.report import section, write_section

CLIENTS = 4
TARGET_MS = 100
COLUMNS = ("page", "CPU ms", "p50 ms", "p95 ms", "p95 as a ratio", "target", "answers")
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
    "outlook": "/portal/{slug}/outlook/",
    "benefits": "/portal/{slug}/benefits/",
    "escalations": "/portal/{slug}/escalations/",
    "security programs": "/portal/{slug}/security/",
    "notices": "/portal/{slug}/notices/",
    "public: home": "/",
    "public: the program": "/program/",
    "public: partners": "/partners/",
    "public: partners, searched": "/partners/?q=10",
    "public: a partner": "/partners/{slug}/",
    "public: an app": "/apps/{app}/",
    "public: announcements": "/announcements/",
    "staff: today": "/staff/",
    "staff: partners": "/staff/partners/",
    "staff: a partner": "/staff/partners/{slug}/",
    "staff: decisions of a review": "/staff/reviews/{review}/decisions/",
    "staff: escalations": "/staff/escalations/",
    "staff: benefits ledger": "/staff/benefits/",
    "staff: the record": "/staff/record/",
    "staff: the outbox": "/staff/outbox/",
    "staff: search": "/staff/search/?q={slug}",
}


@dataclass(frozen=True)
class Visitors:
    """Who asks: owners (slug, session), one of staff (session); of which public apps and review."""

    seats: list
    staff: str
    apps: list
    review: int

    def one(self, address, chance):
        """Choose whose page is asked for; returns its address and the session that asks."""
        slug, owner = chance.choice(self.seats)
        told = address.format(slug=slug, app=chance.choice(self.apps), review=self.review)
        kind = address.split("/")[1]
        return told, {"portal": owner, "staff": self.staff}.get(kind, "")


@dataclass(frozen=True)
class Answered:
    """How long the answers of one page took, and one of them a processor; in milliseconds."""

    page: str
    took: list
    trivial: float
    cpu: float

    @property
    def p95(self):
        return quantiles(self.took, n=20)[-1]

    def cells(self):
        met = "met" if self.p95 <= TARGET_MS else "missed"
        return (
            self.page,
            f"{self.cpu:.1f}",
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
    visitors = Visitors(people(), staff(), apps(), review())
    cpu = processor_time(visitors)
    with Server(opened.folder) as server:
        Load(server.port, visitors, cpu, asked=8).all_pages()  # every process warms up
        calm = Load(server.port, visitors, cpu, asked=chosen.asked).all_pages()
        import_more(folder, number=time.time_ns() // 1_000_000_000 % 100_000)
        after = Load(server.port, visitors, cpu, asked=max(chosen.asked // 4, 40)).all_pages()
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
                f"{len(visitors.seats)} partners are asked for, the largest of them with a "
                "fifteenth of all sales; clients and server share the machine's cores."
            ),
            "Load average at the end (one, five, fifteen minutes): {:.1f}, {:.1f}, {:.1f}.".format(
                *os.getloadavg()
            ),
        ],
        columns=COLUMNS,
    )
    write_section(chosen.out, text)
    print(f"\n{text}\nwritten to {chosen.out}")


def processor_time(visitors):
    """Ask for every page in this process, one after the other; returns median CPU milliseconds."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    client, chance, found = Client(), random.Random(0), {}  # noqa: S311 - repeatable, no secret
    for page, address in PAGES.items():
        took = []
        for _ in range(25):
            told, key = visitors.one(address, chance)
            client.cookies[settings.SESSION_COOKIE_NAME] = key
            started = time.process_time()
            answer = client.get(told)
            took.append(1000 * (time.process_time() - started))
            if answer.status_code != 200:
                raise SystemExit(f"{told}: {answer.status_code}")
        found[page] = median(took[4:])  # the first open facts and compile templates
    return found


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

    def __init__(self, port, visitors, cpu, *, asked):
        self.port, self.visitors, self.cpu, self.asked = port, visitors, cpu, asked

    def all_pages(self):
        """Ask for every page; returns what each took."""
        trivial, found = 0.0, []
        for page, address in PAGES.items():
            with ThreadPoolExecutor(CLIENTS) as clients:
                parts = list(clients.map(self.client, [address] * CLIENTS, range(CLIENTS)))
            took = [one for part in parts for one in part]
            trivial = trivial or quantiles(took, n=20)[-1]
            found.append(Answered(page, took, trivial, self.cpu[page]))
            if self.asked > 8:
                print(f"  {' · '.join(found[-1].cells())}", flush=True)
        return found

    def client(self, address, number):
        """Ask for one page of many partners; returns milliseconds, each with the body read."""
        chance = random.Random(number)  # noqa: S311 - repeatable, and no secret
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        took = []
        for _ in range(self.asked // CLIENTS or 1):
            told, key = self.visitors.one(address, chance)
            started = time.perf_counter()
            connection.request("GET", told, headers={"Cookie": f"sessionid={key}"} if key else {})
            answer = connection.getresponse()
            answer.read()
            took.append(1000 * (time.perf_counter() - started))
            if answer.status != 200:
                raise SystemExit(f"{told}: {answer.status}")
        return took


if __name__ == "__main__":
    main()
