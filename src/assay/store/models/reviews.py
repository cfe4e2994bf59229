"""Reviews and standings: what the engine decided, kept as it was told, and what was granted."""

from __future__ import annotations

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import F, Q

from assay.store.models.long_texts import LongText
from assay.store.models.partners import Partner
from assay.store.models.people import Person

_MOVES = (
    *("state", "closing_asked_by", "closing_asked_at", "closed_by", "closed_at", "effective_on"),
    *("abandoned_by", "abandoned_at", "abandoned_why"),
)
_CHANGED = reduce(
    or_, (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in _MOVES)
)


class Review(models.Model):
    """One run of the engine over every partner, on facts as they were known at a moment.

    A `review` is of the program's calendar: it is opened, then closed, which grants tiers, or
    abandoned, which grants nothing. A `standing` is computed between reviews and an `assessment`
    on the days that the program sets; a `correction` holds what a closed review would decide
    otherwise on later facts. These are closed as they are made and grant nothing. What a
    run rests on never changes; once it is closed or abandoned, nothing does but its publication.
    """

    class Kind(models.TextChoices):
        """What the run gives."""

        REVIEW = "review"
        STANDING = "standing"
        ASSESSMENT = "assessment"
        CORRECTION = "correction"

    class State(models.TextChoices):
        """Where the run stands."""

        OPEN = "open"
        CLOSED = "closed"
        ABANDONED = "abandoned"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    program = models.CharField(max_length=120)  # NAME@VERSION
    program_digest = models.CharField(max_length=80)
    facts_digest = models.CharField(max_length=80)
    engine = models.CharField(max_length=60)  # name and version
    on = models.DateField()
    cut_off = models.DateField()
    known_at = models.DateTimeField()  # the snapshot: what the ledger knew at this moment
    made_at = models.DateTimeField()
    opened_by = models.ForeignKey(  # None: by the calendar
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    closing_asked_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closing_asked_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    effective_on = models.DateField(null=True, blank=True)  # from this day its tiers are credited
    published_at = models.DateTimeField(null=True, blank=True)
    abandoned_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    abandoned_at = models.DateTimeField(null=True, blank=True)
    abandoned_why = models.CharField(max_length=1000, blank=True)
    supersedes = models.ForeignKey(  # the abandoned one that it was opened anew for
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    corrects = models.ForeignKey(  # the closed one that it is a later correction of
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        """How rows are kept."""

        ordering = ("-on", "-made_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("on",), condition=Q(kind="review", state="open"), name="one_open_review"
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None)
                | (~Q(closed_by=F("opened_by")) & ~Q(closed_by=F("closing_asked_by"))),
                name="closed_by_a_second_person",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="reviews_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="reviews_are_never_edited",
                fields=[
                    *("kind", "program", "program_digest", "facts_digest", "engine", "on"),
                    *("cut_off", "known_at", "made_at", "opened_by", "opened_at"),
                    *("supersedes", "corrects"),
                ],
            ),
            pgtrigger.Protect(
                name="ended_reviews_stay_as_they_are",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=("closed", "abandoned")) & _CHANGED,
            ),
        )


class Decision(models.Model):
    """One partner's tier in a review as computed, with its explanation; written as it is opened.

    `explanation` is the document that `assay explain --json` prints, without rows, as text: it is
    read to the byte as it was written. `rank`, `sales`, `sales_are_least` and `unknown` are copied
    from it, for lists (`words.headline`). `missed_by` is how far it is from the next tier, as a
    part of what that asks (`core.nearness.miss_of`); it ranks and decides nothing.
    """

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="decisions")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="decisions")
    tier = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField(default=0)
    sales = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    sales_are_least = models.BooleanField(default=False)
    unknown = models.PositiveSmallIntegerField(default=0)
    missed = models.CharField(max_length=40, blank=True)  # the next tier above, where not met
    missed_by = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    explanation = LongText()

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(fields=("review", "partner"), name="one_decision_a_partner"),
        )
        triggers = (
            pgtrigger.Protect(
                name="decisions_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Override(models.Model):
    """What a person asks to grant instead of what was computed, and what a second one said.

    A waiver grants a tier until a day, a correction until the next review. The decision stays
    what was computed.
    """

    class Kind(models.TextChoices):
        """For how long it grants."""

        WAIVER = "waiver"
        CORRECTION = "correction"

    class State(models.TextChoices):
        """Where it stands."""

        ASKED = "asked"
        APPROVED = "approved"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="overrides")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tier = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    until_on = models.DateField(null=True, blank=True)  # the first day it no longer holds
    reason = models.TextField(max_length=2000)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(max_length=2000, blank=True)  # of who decided

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("decision",),
                condition=Q(state__in=("asked", "approved")),
                name="one_override_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(kind="waiver", until_on__isnull=False)
                | Q(kind="correction", until_on=None),
                name="a_waiver_ends",
            ),
            models.CheckConstraint(
                condition=Q(state="asked")
                | Q(state="withdrawn")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="overrides_are_decided_by_a_second_person",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="overrides_are_never_removed", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="overrides_are_never_edited",
                fields=[
                    *("decision", "kind", "tier", "rank", "until_on", "reason"),
                    *("asked_by", "asked_at"),
                ],
            ),
        )


class Grant(models.Model):
    """A tier that a partner is credited with, from `since_on` until the day before `until_on`.

    Appended, never changed: of the grants in force on a day, that of the newest review counts, and
    of those the one made last (`store.queries.reviews.credited`).
    """

    class Cause(models.TextChoices):
        """Why it was granted."""

        REVIEW = "review"
        GRACE = "grace"  # the tier held before, for as long as the program spares a demotion
        WAIVER = "waiver"
        CORRECTION = "correction"
        APPEAL = "appeal"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="grants")
    tier = models.CharField(max_length=40)
    rank = models.PositiveSmallIntegerField()
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)  # the first day it no longer holds
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="grants")
    override = models.ForeignKey(
        Override, null=True, blank=True, on_delete=models.PROTECT, related_name="grants"
    )
    cause = models.CharField(max_length=10, choices=Cause.choices)
    reviewed_on = models.DateField()  # the day of the decision's review
    made_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("-reviewed_on", "-made_at", "-pk")
        indexes = (
            models.Index(
                fields=("partner", "-reviewed_on", "-made_at", "-id"), name="grant_of_partner"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gt=F("since_on")),
                name="a_grant_lasts_a_day",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="grants_are_never_edited", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class CalendarRun(models.Model):
    """An act of the calendar that is done: once for a kind and a day, by whoever came first.

    `begin` is the day from which on the calendar runs by itself; nothing before it is caught up.
    """

    class Kind(models.TextChoices):
        """What was done."""

        BEGIN = "begin"
        ASSESS = "assess"
        OPEN = "open"
        MAY_CLOSE = "may_close"
        REMIND = "remind"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    on = models.DateField()
    done_at = models.DateTimeField()
    by = models.ForeignKey(  # None: the worker
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    review = models.ForeignKey(
        Review, null=True, blank=True, on_delete=models.PROTECT, related_name="runs"
    )
    words = models.CharField(max_length=300)

    class Meta:
        """How rows are kept."""

        ordering = ("-on", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("kind", "on"), name="one_run_of_an_act"),
            models.UniqueConstraint(
                fields=("kind",), condition=Q(kind="begin"), name="one_beginning"
            ),
        )
        triggers = (pgtrigger.Protect(name="runs_are_never_removed", operation=pgtrigger.Delete),)


class CalendarPause(models.Model):
    """A time in which the calendar does nothing by itself; what falls into it is caught up."""

    why = models.CharField(max_length=1000)
    paused_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    paused_at = models.DateTimeField()
    resumed_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resumed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("resumed_at",),
                condition=Q(resumed_at=None),
                nulls_distinct=False,
                name="one_pause_at_a_time",
            ),
        )
