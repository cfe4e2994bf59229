"""PDF: a page as a file to print and keep; nothing is fetched while it is drawn."""

from __future__ import annotations

from typing import Any

from PIL import ImageFile

from assay.core.issues import Issue, Refused


def pdf_of(html: str) -> bytes:
    """Draw a page that needs nothing else as PDF.

    WeasyPrint loads Pango, a library of the system, when it is imported: only this needs it.
    Raises Refused where there is none.
    """
    try:
        from weasyprint import HTML  # noqa: PLC0415
    except OSError:
        raise Refused(
            Issue(
                file="letter",
                message="cannot be drawn as PDF here: Pango is not installed",
                hint="print the page, or install it (Debian: libpangoft2-1.0-0)",
            )
        ) from None

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint lets cut pictures in, everywhere
    drawn: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf()
    return drawn


def _nothing(url: str, *_rest: Any, **_options: Any) -> Any:  # noqa: ANN401 - as WeasyPrint calls it
    raise ValueError(url)
