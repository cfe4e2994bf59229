"""A whole installation on the command line: made, served, examined, backed up, restored."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path
from urllib.request import urlopen

import pytest

from assay.gateways.installation import Installation

ASSAY = [sys.executable, "-m", "assay"]


def run(*arguments, folder, **variables):
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("ASSAY_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "ASSAY_BASE_URL")
    }
    return subprocess.run(
        [*ASSAY, *map(str, arguments), "--dir", str(folder)],
        env={**environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def serve(folder, *arguments):
    """Start serving and return the process and the address it prints."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSAY_")}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [*ASSAY, *arguments, "--dir", str(folder), "--port", "0"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if line.startswith("Serving "):
            return process, line.split()[1]
    raise AssertionError(process.wait())


def answer(url, seconds=30):
    """Ask until there is an answer."""
    ends_at = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url) as response:  # noqa: S310 - the address that it printed
                return response.status, response.read().decode()
        except OSError:
            if time.monotonic() > ends_at:
                raise
            time.sleep(0.1)


def parts(result):
    return {check["part"]: check for check in json.loads(result.stdout)}


def postgres_of(folder):
    return (Path(folder) / "postgres" / "postmaster.pid").exists()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """An empty installation that has been made and is not served."""
    folder = tmp_path_factory.mktemp("installation") / "home"
    made = run("start", "--no-serve", folder=folder)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("The first administrator signs in once with http://127.0.0.1:")
    return folder


def test_the_database_ends_with_the_last_command(home):
    assert not postgres_of(home)


def test_the_doctor_says_what_is_amiss_and_how_to_mend_it(tmp_path):
    run("start", "--no-serve", folder=tmp_path / "home")
    found = run("doctor", "--json", folder=tmp_path / "home")
    assert found.returncode == 1
    checks = parts(found)
    assert list(checks) == [
        "database", "ledger", "mail", "clock", "time zones", "disk", "worker", "backup", "record",
    ]  # fmt: skip
    assert [part for part, check in checks.items() if not check["well"]] == ["worker", "backup"]
    assert checks["ledger"]["words"] == "no facts have been imported yet"
    assert checks["backup"]["mend"] == "Make one: assay backup --dir DIR."


def test_the_doctor_tells_a_mail_server_that_is_not_there(home):
    found = run("doctor", "--json", folder=home, ASSAY_MAIL_URL="smtp://127.0.0.1:9")
    mail = parts(found)["mail"]
    assert not mail["well"]
    assert mail["mend"].startswith("Correct ASSAY_MAIL_URL")


def test_a_database_that_is_not_there_is_one_line(home):
    found = run("doctor", folder=home, DATABASE_URL="postgresql://a@127.0.0.1:9/none")
    assert found.returncode == 1
    assert found.stderr.startswith("DATABASE_URL: ")
    assert "Traceback" not in found.stderr


def test_a_folder_that_holds_nothing_is_one_line(tmp_path):
    found = run("doctor", folder=tmp_path / "none")
    assert (found.returncode, found.stdout) == (1, "")
    assert "no installation there" in found.stderr
    assert not (tmp_path / "none").exists()


def test_an_installation_serves_and_stops_cleanly(home):
    process, url = serve(home, "start")
    try:
        assert answer(f"{url}healthz") == (200, "ok\n")
        status, ready = answer(f"{url}readyz")
        assert (status, json.loads(ready)) == (
            200,
            {"ready": True, "database": True, "tables": True},
        )
        assert answer(url)[0] == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.stdout.close()
    assert process.wait(timeout=40) == 0
    assert not postgres_of(home)


def test_a_backup_comes_back_whole(home, tmp_path):
    archive = tmp_path / "backup.tar"
    made = run("backup", "--out", archive, folder=home)
    assert made.returncode == 0, made.stderr
    assert archive.stat().st_mode & 0o777 == 0o600
    restored = run("restore", archive, folder=tmp_path / "again")
    assert restored.returncode == 0, restored.stderr
    key = "keys/secret_key"
    assert (tmp_path / "again" / key).read_text() == (home / key).read_text()
    Installation.at(tmp_path / "again").mark(base_url="http://127.0.0.1:8123")  # served at last
    link = run("sign-in-link", "administrator@localhost", folder=tmp_path / "again")
    assert link.stdout.startswith("http://127.0.0.1:8123/sign-in/link/")
    checked = run("audit", "verify", folder=tmp_path / "again")
    assert (checked.returncode, checked.stdout[:20]) == (0, "The record is sound:")


def test_a_new_key_signs_and_the_former_is_still_known(home):
    former = json.loads(run("keys", "show", folder=home).stdout)["keys"]
    rotated = run("keys", "rotate", folder=home)
    assert rotated.returncode == 0, rotated.stderr
    keys = json.loads(run("keys", "show", folder=home).stdout)["keys"]
    assert keys[1:] == former
    assert rotated.stdout == f"Key {keys[0]['kid']} signs from now on\n"


def test_what_cannot_be_replayed_or_taken_away_is_one_line(home, tmp_path):
    assert json.loads(run("reviews", "--json", folder=home).stdout) == []
    for command in (("replay", "1"), ("record", "export", "1", "--out", tmp_path / "file")):
        found = run(*command, folder=home)
        assert (found.returncode, "review 1: has no record" in found.stderr) == (1, True)
        assert "Traceback" not in found.stderr


def test_a_backup_with_one_byte_changed_restores_nothing(home, tmp_path):
    archive = tmp_path / "backup.tar"
    run("backup", "--out", archive, folder=home)
    content = bytearray(archive.read_bytes())
    place = content.index(b"PGDMP") + 500
    content[place] ^= 1
    archive.write_bytes(content)
    restored = run("restore", archive, folder=tmp_path / "again")
    assert restored.returncode == 1
    assert "its files are not those of its manifest" in restored.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["backup.tar"]


def test_a_place_that_is_taken_is_refused(home, tmp_path):
    archive = tmp_path / "backup.tar"
    run("backup", "--out", archive, folder=home)
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "file").touch()
    restored = run("restore", archive, folder=tmp_path / "taken")
    assert (restored.returncode, "is not empty" in restored.stderr) == (1, True)


def test_a_port_that_is_taken_is_refused(home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = run("start", "--port", port, folder=home)
    assert refused.returncode == 1
    assert "try --port 0" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_backup_beside_a_running_import_leaves_out_what_the_ledger_lends(tmp_path):
    home, archive = tmp_path / "home", tmp_path / "backup.tar"
    run("start", "--no-serve", folder=home)
    for name in ("facts/kept.parquet", "scratch/lent/staged.parquet"):
        path = home / "ledger" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"rows")
    made = run("backup", "--out", archive, folder=home)
    assert made.returncode == 0, made.stderr
    with tarfile.open(archive) as tar:
        assert [name for name in tar.getnames() if name.startswith("ledger/")] == [
            "ledger/facts/kept.parquet",
            "ledger/lock",
        ]
