"""Load codes or seats into the stock: each once, whoever loads it again, and sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.core.rights import LOAD_TOOLS, staff_may
from assay.core.tools import read_pasted
from assay.jobs.operations.events import record
from assay.jobs.tools.entitled import tools_on
from assay.jobs.tools.stock import digest_of_code, sealed, serve_waiting
from assay.store.models import Person, ToolKey


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """What became of what was loaded; `refused` maps lines to what is wrong with them.

    `served` of the new ones went to partners that waited.
    """

    new: int
    duplicate: int
    refused: dict[int, str]
    served: int


def load_keys(tool: str, kind: ToolKey.Kind, text: str, *, by: Person, at: datetime) -> Loaded:
    """Load what a text has, one a line; raises Refused where it has nothing that can be one.

    One that is in the stock already, or ever was, of whichever tool, is a duplicate.
    """
    if not staff_may(by.staff_role, LOAD_TOOLS):
        raise _refused("your role does not reach this")
    if tool not in tools_on(at.date()):
        raise _refused("the program has no such tool", column="tool")
    pasted = read_pasted(text)
    if not pasted.codes:
        raise _refused("there is no code in this", column="text")
    with transaction.atomic():
        rows = {digest_of_code(code): code for code in pasted.codes}
        before = ToolKey.objects.filter(digest__in=rows).count()
        ToolKey.objects.bulk_create(
            [
                ToolKey(
                    tool=tool,
                    kind=kind,
                    sealed=sealed(code),
                    digest=digest,
                    ending=code[-4:],
                    loaded_at=at,
                    loaded_by=by,
                )
                for digest, code in rows.items()
            ],
            ignore_conflicts=True,
            batch_size=1000,
        )
        new = len(rows) - before
        duplicate = before + pasted.repeated
        record(
            "tools_loaded",
            f"{by} loaded {new} of {tool.replace('_', ' ')}",
            at=at,
            by=by,
            target=f"stock:{tool}",
            new=new,
            duplicate=duplicate,
            refused=len(pasted.refused),
        )
        served = serve_waiting(tool, at=at)
    return Loaded(new=new, duplicate=duplicate, refused=pasted.refused, served=served)


def _refused(message: str, *, column: str | None = None) -> Refused:
    return Refused(Issue(file="tools", column=column, message=message))
