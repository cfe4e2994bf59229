"""Open an installation: its folder, its database with every table, and Django set up for both."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import DatabaseError

from assay.core.issues import Issue, Refused
from assay.gateways.installation import Installation


def open_installation(folder: Path, *, made: bool = True) -> Installation:
    """Set this process up for the installation in `folder`, and bring its tables up to date.

    The embedded database server runs as long as a process that opened the installation does. With
    `made` False a folder that holds no installation is made one. Raises Refused where there is
    none, or its database cannot be reached.
    """
    installation = Installation.at(folder)
    if made and not installation.exists:
        raise Refused(
            Issue(
                file=str(folder),
                message="no installation there",
                hint="assay start or assay demo makes one; --dir names another",
            )
        )
    os.environ["ASSAY_DIR"] = str(installation.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.site.settings"
    django.setup()
    try:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[-1]
        raise Refused(
            Issue(file="DATABASE_URL", message=reason, hint="is the server up, and yours to use?")
        ) from None
    return installation
