"""Guesses are counted across processes: a real server with two of them, and a real database."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from django.core.cache import cache
from django.db import connection

from tests.people import account

GUESSES = 40
TRIES = 5


@pytest.fixture
def two_workers(tmp_path):
    """Serve the test database by two processes; return the address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    known = connection.settings_dict
    asked = urlencode({"host": known["OPTIONS"].get("host") or known["HOST"]})
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?{asked}"
    environment = {**os.environ, "DATABASE_URL": url, "ASSAY_DIR": str(tmp_path)}
    command = [
        *(sys.executable, "-m", "gunicorn", "assay.site.wsgi:application"),
        *(f"--bind=127.0.0.1:{port}", "--workers=2", "--log-level=warning"),
    ]
    server = subprocess.Popen(command, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


class Guesser:
    """A browser with a sign-in form before it."""

    def __init__(self, address):
        self.page = f"{address}/sign-in/"
        self.browser = build_opener(HTTPCookieProcessor(CookieJar()))
        form = self.browser.open(self.page).read().decode()
        self.token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]

    def guess(self, email):
        """Sign in with a wrong password; return the status and the heading of the answer."""
        body = {"csrfmiddlewaretoken": self.token, "login": email, "password": "wrong all along"}
        try:
            answer = self.browser.open(self.page, urlencode(body).encode())
        except HTTPError as refused:
            answer = refused
        return answer.status, re.search(r"<h1>(.*?)</h1>", answer.read().decode())[1]


@pytest.mark.django_db(transaction=True)
def test_of_forty_guesses_by_two_workers_five_are_heard_of_nobody_as_of_somebody(two_workers):
    account("ann@acme.example")
    guesser = Guesser(two_workers)
    for email in ("ann@acme.example", "nobody@acme.example"):
        cache.clear()
        with ThreadPoolExecutor(4) as pool:
            answers = Counter(pool.map(guesser.guess, [email] * GUESSES))
        heard = answers[200, "Sign in"]
        assert 0 < heard <= TRIES
        assert answers[429, "Too many tries"] == GUESSES - heard
    cache.clear()
