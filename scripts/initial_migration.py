"""Write the one migration of the tables anew: `python scripts/initial_migration.py`.

Until the first release there is no other. `makemigrations` writes tables by name and adds the keys
between them afterwards, and every added key draws the models anew: a database takes ten seconds.
Here a table comes after those that it points to, with its keys, constraints and indexes.
"""

# ruff: noqa: INP001 - a script by itself

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import django
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.optimizer import MigrationOptimizer
from django.db.migrations.utils import field_references
from django.db.migrations.writer import MigrationWriter

APP = "store"
FILE = Path("src/assay/store/migrations/0001_initial.py")


def main() -> None:
    """Let Django write the migration, and order it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assay.site.settings")
    FILE.unlink(missing_ok=True)
    command = [sys.executable, "-m", "django", "makemigrations", APP, "--skip-checks"]
    subprocess.run(command, check=True)  # noqa: S603 - our own
    django.setup()
    module = importlib.import_module(f"assay.{APP}.migrations.{FILE.stem}")
    migration: Migration = module.Migration(FILE.stem, APP)
    migration.operations = MigrationOptimizer().optimize(ordered(migration.operations), APP)
    FILE.write_text(MigrationWriter(migration).as_string(), encoding="utf-8")


def ordered(operations: list[Operation]) -> list[Operation]:
    """Return the same operations: each as soon as the tables that it speaks of are there."""
    made = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    added = [one for one in operations if isinstance(one, AddField)]
    keyed = (AddIndex, AddConstraint)
    found: list[Operation] = []
    there: set[str] = set()
    for name in by_need(made, added):
        there.add(name)
        found.append(made[name])
        for one in list(added):
            if {one.model_name_lower, *targets(one.model_name_lower, one.field, made)} <= there:
                found.append(one)
                added.remove(one)
        found += [
            one for one in operations if isinstance(one, keyed) and one.model_name_lower == name
        ]
    return found + [
        one for one in operations if not isinstance(one, (CreateModel, AddField, *keyed))
    ]


def by_need(made: dict[str, CreateModel], added: list[AddField]) -> list[str]:
    """Return the tables, each after those that it points to; a circle is cut at an empty key."""
    needs: dict[str, dict[str, bool]] = {name: {} for name in made}
    fields = [(name, field) for name, one in made.items() for _, field in one.fields]
    fields += [(one.model_name_lower, one.field) for one in added]
    for name, field in fields:
        for target in sorted(targets(name, field, made) - {name}):
            needs[name][target] = needs[name].get(target, True) and bool(field.null)
    while True:
        try:
            return list(TopologicalSorter(needs).static_order())
        except CycleError as error:
            circle = error.args[1]
            before, after = next(pair for pair in pairwise(circle) if needs[pair[1]].get(pair[0]))
            del needs[after][before]


def targets(name: str, field: object, made: dict[str, CreateModel]) -> set[str]:
    """Return the tables of ours that a field of a table points to."""
    return {one for one in made if field_references((APP, name), field, (APP, one))}


if __name__ == "__main__":
    main()
