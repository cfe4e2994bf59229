"""Keep and remove pictures of a partner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from django.conf import settings
from django.db import transaction

from assay.core.issues import Issue, Refused
from assay.gateways.files import Files, Frame, draw_anew
from assay.store.models import App, Partner, Picture, Screenshot

MOST_PICTURES = 300  # of one partner


def files() -> Files:
    """Return the installation's files."""
    return Files(settings.INSTALLATION.folder / "files")


def keep_picture(
    partner: Partner, sent: IO[bytes], frame: Frame, *, column: str, at: datetime
) -> Picture:
    """Draw a picture that was sent anew and keep it; raises Refused."""
    if partner.pictures.count() >= MOST_PICTURES:
        raise Refused(
            Issue(
                file="upload",
                column=column,
                message=f"would be picture {MOST_PICTURES + 1} of this partner",
                hint="remove screenshots that are no longer needed",
            )
        )
    drawn = draw_anew(sent, frame, column=column)
    return Picture.objects.create(
        name=files().keep(drawn),
        partner=partner,
        width=drawn.width,
        height=drawn.height,
        made_at=at,
    )


def forget_pictures(partner: Partner, names: Iterable[str]) -> None:
    """Remove those pictures that nothing shows or proposes any more, after the transaction."""
    listed = Screenshot.objects.filter(app__partner=partner)
    shown = {partner.logo, *listed.values_list("file", flat=True)}
    for app in App.objects.filter(partner=partner).exclude(proposed=None):
        shown |= {screenshot["file"] for screenshot in (app.proposed or {})["screenshots"]}
    gone = sorted({name for name in names if name and name not in shown})
    Picture.objects.filter(partner=partner, name__in=gone).delete()

    def remove() -> None:
        for name in gone:
            files().remove(name)

    transaction.on_commit(remove)
