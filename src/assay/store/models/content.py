"""What the program publishes: posts of every kind, who read them, and who signed up."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q

from assay.core.content import PostKind
from assay.store.models.partners import Partner
from assay.store.models.people import Person


class Post(models.Model):
    """A post in Markdown, with its audience: a draft until `published_at`.

    `publish_at` is when the worker publishes it (None: nobody asked for that). An announcement is
    public; of the rest, who may read is `benefit`, or else `tiers`, and `roles` (an empty list:
    every one). A webinar has times; `places` is None where there is no limit. `sequence` counts
    what changed in its calendar file.
    """

    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in PostKind])
    slug = models.SlugField(max_length=120, unique=True)
    title = models.CharField(max_length=160)
    body = models.TextField()
    by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    benefit = models.CharField(max_length=60, blank=True)
    tiers = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    roles = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True, db_index=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    takes_sign_ups = models.BooleanField(default=False)
    places = models.PositiveIntegerField(null=True, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    join_link = models.URLField(max_length=300, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-published_at", "-pk")
        indexes = (
            GinIndex(SearchVector("title", "body", config="simple"), name="post_words"),
            models.Index(
                fields=("publish_at",), name="post_to_publish", condition=Q(published_at=None)
            ),
            models.Index(
                fields=("starts_at",), name="post_by_start", condition=Q(starts_at__isnull=False)
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(starts_at=None, ends_at=None) | Q(starts_at__lt=models.F("ends_at")),
                name="a_webinar_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return self.title


class PostVersion(models.Model):
    """What a published post said before it was changed at `until`."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    title = models.CharField(max_length=160)
    body = models.TextField()
    terms = models.JSONField(default=dict)  # audience, times and places as plain values
    until = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """How rows are kept."""

        ordering = ("-until", "-pk")


class Attachment(models.Model):
    """A file or a link of a post; a recording shows once the webinar is over.

    `file` is the name of the file in the installation's, "" for a link; `name` is how it is
    downloaded.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="attachments")
    title = models.CharField(max_length=160)
    url = models.URLField(max_length=300, blank=True)
    file = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes
    is_recording = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(url="", file__gt="") | Q(url__gt="", file=""),
                name="a_file_or_a_link",
            ),
        )


class PostRead(models.Model):
    """A person has read a post, first at `at`."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts_read")
    at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        constraints = (models.UniqueConstraint(fields=("post", "person"), name="one_read_a_post"),)


class SignUp(models.Model):
    """A person's place at a webinar, in a campaign or a program, for one partner."""

    class State(models.TextChoices):
        """What they have; who leaves keeps the row."""

        SEATED = "seated"
        WAITING = "waiting"
        LEFT = "left"

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="sign_ups")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sign_ups")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="sign_ups")
    state = models.CharField(max_length=7, choices=State.choices)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        """How rows are kept."""

        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("post", "person"), name="one_sign_up_a_person"),
        )
        indexes = (models.Index(fields=("post", "state"), name="sign_up_by_state"),)
