"""The demo's announcements."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from assay.jobs.demo.announcements import write_announcements
from assay.jobs.letters.advancements import moves_text
from assay.jobs.programs.programs import program_of
from assay.store.models import Post
from assay.store.queries.public.public_posts import Move, published

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
PROGRAM = "atlassian-marketplace@2024-06-13"
pytestmark = pytest.mark.django_db


def test_who_moved_up_is_told_by_tier():
    moves = (
        Move(slug="acme", name="Acme *Ltd*", before="silver", tier="gold"),
        Move(slug="new", name="New", before="none", tier="partner"),
    )
    assert moves_text(moves, program_of(PROGRAM), date(2026, 7, 1)) == (
        "Since the review of 1 July 2026, 2 partners hold a higher tier than a year before.\n"
        "\n"
        "## Gold\n"
        "\n"
        "- [Acme \\*Ltd\\*](/partners/acme/), before: Silver\n"
        "\n"
        "## Marketplace Partner\n"
        "\n"
        "- [New](/partners/new/), its first tier\n"
    )


def test_the_demo_announces_nothing_of_the_future_and_only_once():
    program = program_of(PROGRAM)
    for _ in range(2):
        write_announcements(
            program, review=date(2026, 7, 1), coming=date(2027, 7, 1), at=AT.replace(hour=1)
        )
    assert [(post.title, post.published_at) for post in published()] == [
        ("Who moved up in July 2026", AT.replace(hour=1)),
        ("Before the review of 1 July 2027", datetime(2026, 6, 22, 12, tzinfo=UTC)),
        ("Your standing, any day of the year", datetime(2026, 5, 17, 12, tzinfo=UTC)),
    ]
    assert Post.objects.count() == 3
