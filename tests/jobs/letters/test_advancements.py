"""Who moved up and consented is drafted for staff, once a review, and published by nobody else."""

from __future__ import annotations

import pytest

from assay.jobs.letters.advancements import draft_advancements
from assay.store.models import Advancement, Partner, Post, Review
from tests.people_of_partners import AT
from tests.public_marketplace import make_partner, make_review
from tests.store.test_public import JULY_2025, JULY_2026

pytestmark = pytest.mark.django_db


def test_those_that_consent_are_named_once_and_nothing_is_published():
    up, silent, down = (make_partner(name) for name in ("Up", "Silent", "Down"))
    Partner.objects.exclude(pk=silent.pk).update(announce_moves=True)
    make_review(JULY_2025, {up: "silver", silent: "silver", down: "gold"})
    make_review(JULY_2026, {up: "gold", silent: "gold", down: "silver"})
    review = Review.objects.get(on=JULY_2026)
    post = draft_advancements(review.pk, at=AT)
    assert (post.title, post.kind, post.published_at) == (
        "Who moved up in July 2026",
        "announcement",
        None,
    )
    assert post.body == (
        "Since the review of 1 July 2026, one partner holds a higher tier than a year before.\n\n"
        "## Gold\n\n- [Up](/partners/up/), before: Silver\n"
    )
    assert draft_advancements(review.pk, at=AT) is None
    assert (Post.objects.count(), Advancement.objects.get().moved) == (1, 1)
    earlier = Review.objects.get(on=JULY_2025)
    assert draft_advancements(earlier.pk, at=AT) is None
