"""Open an installation: its folder, its database with every table, and Django set up for both."""

from __future__ import annotations

import os
from pathlib import Path

import django
from django.core.management import call_command

from assay.gateways.installation import Installation


def open_installation(folder: Path) -> Installation:
    """Set this process up for the installation in `folder`; makes what is missing.

    The database server runs as long as a process that opened the installation does.
    """
    installation = Installation.at(folder)
    os.environ["ASSAY_DIR"] = str(installation.folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "assay.site.settings"
    os.environ["DATABASE_URL"] = installation.database_url(os.environ.get("DATABASE_URL", ""))
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    return installation
