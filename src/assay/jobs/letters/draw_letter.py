"""Draw a decision letter as PDF, from the text that is kept."""

from __future__ import annotations

from django.conf import settings

from assay.gateways.pdf import pdf_of
from assay.words.decision_letter import letter_from_json
from assay.words.look import fragment


def draw_letter(text: str) -> bytes:
    """Return a kept letter as PDF; that of a demo says that it is one."""
    letter = letter_from_json(text)
    demo = settings.INSTALLATION.is_demo
    html = fragment("decision_letter.html", letter=letter, sender=settings.SITE_TITLE, demo=demo)
    return pdf_of(html)
