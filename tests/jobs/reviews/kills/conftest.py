"""The process that kills: it is fresh, and told by its pipe what to do."""

from __future__ import annotations

import os
import shutil
from multiprocessing.connection import Connection
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connection

from tests.killed import server, started


def serve(url: str, database: str, folder: Path, pipe: Connection) -> None:
    """Do what is asked of a `Killing`, by name, until nothing is any more."""
    os.environ |= {"DATABASE_URL": url, "ASSAY_DIR": str(folder)}
    django.setup()
    from tests.jobs.reviews.kills.killing import Killing  # noqa: PLC0415 - Django is ready now

    killing = Killing(url, database, folder)
    pipe.send("ready")
    while asked := pipe.recv():
        name, *arguments = asked
        pipe.send(getattr(killing, name)(*arguments))


@pytest.fixture(scope="module")
def ask(three_years, tmp_path_factory, django_db_setup, django_db_blocker):  # noqa: ARG001
    """Ask the process that kills for something."""
    folder = tmp_path_factory.mktemp("kills") / "year"
    shutil.copytree(three_years.folder, folder)
    with django_db_blocker.unblock():
        connection.close()
    pipe, its = server.Pipe()
    url, database = settings.INSTALLATION.database_url(), connection.settings_dict["NAME"]
    process = started(serve, url, database, folder, its)
    its.close()
    assert pipe.recv() == "ready"  # nobody needs the database any more that it began with

    def asked(*what):
        pipe.send(what)
        return pipe.recv()

    yield asked
    pipe.send(())
    process.join()
