"""Write every badge that holds to files, with all that is needed to check them offline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from assay.core.credentials import REVOCATION, SUSPENSION
from assay.core.issues import Issue, Refused
from assay.jobs.badges.draw_badge import Look, draw_png, draw_svg
from assay.jobs.badges.sign_list import sign_list
from assay.jobs.badges.tell_keys import did_told, keys_told
from assay.jobs.programs.programs import program_of
from assay.store.queries.badges.badges import current_badges, list_numbers

_SIZE = 512


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written, and where."""

    folder: Path
    badges: int
    lists: int


def export_badges(folder: Path, *, at: datetime) -> Exported:
    """Write `NUMBER.jwt`, `.svg` and `.png` of every badge that holds, keys and status lists.

    The keys are `jwks.json` and `did.json`, a list is `status-PURPOSE-N.jwt`. Raises Refused where
    the folder cannot be written to.
    """
    day = at.astimezone(ZoneInfo(program_of(settings.PROGRAM).time_zone)).date()
    badges = lists = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "jwks.json", json.dumps(keys_told(), indent=2))
        _write(folder / "did.json", json.dumps(did_told(), indent=2))
        for number in list_numbers():
            for purpose in (REVOCATION, SUSPENSION):
                _write(folder / f"status-{purpose}-{number}.jwt", sign_list(purpose, number) or "")
                lists += 1
        for badge in current_badges(on=day):
            _write(folder / f"{badge.number}.jwt", badge.token)
            _write(folder / f"{badge.number}.svg", draw_svg(badge, Look(), at=at))
            picture = draw_png(badge, Look(), _SIZE, at=at)
            (folder / f"{badge.number}.png").write_bytes(picture)
            badges += 1
    except OSError as error:
        issue = Issue(file=str(folder), message=error.strerror or "cannot be written to")
        raise Refused(issue) from None
    return Exported(folder=folder, badges=badges, lists=lists)


def _write(path: Path, text: str) -> None:
    path.write_text(f"{text}\n", encoding="utf-8")
