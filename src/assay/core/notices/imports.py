"""Kinds of notices of imports."""

from __future__ import annotations

from assay.core.notices.kind import Kind
from assay.core.rights import IMPORT_FACTS

IMPORT_FINISHED = Kind(
    key="import_finished",
    topic="Imports",
    title="A report you uploaded is read or imported",
    staff=IMPORT_FACTS.staff,
    by_mail=False,
)
