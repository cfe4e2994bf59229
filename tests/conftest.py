"""Fixtures that every test may use. A fixture for one room stands in that room's conftest.py."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):  # noqa: ARG001 - what it follows
    """Let tests empty every table, which triggers forbid in the product, and wait for no disk."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for trigger, table in truncate_triggers(cursor):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        for setting in ("fsync", "full_page_writes"):  # nobody pulls the plug on a test
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="module")
def lasting(django_db_setup, django_db_blocker):  # noqa: ARG001 - the tables
    """Keep rows and settings for all tests of a module, each of which begins with them anew."""
    with django_db_blocker.unblock(), override_settings(), transaction.atomic():
        yield settings
        transaction.set_rollback(True)


def truncate_triggers(cursor):
    """Return name and table of the triggers that keep tables from being emptied."""
    cursor.execute(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgtype & 32 > 0"
    )
    return cursor.fetchall()
