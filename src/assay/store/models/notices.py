"""Notices in the portal, and the outbox through which mail leaves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assay.store.models.partners import Partner
from assay.store.models.people import Person


class Notice(models.Model):
    """Something a person was told, once for each `occasion`, and when they read it.

    Who marks it as not read has a new `read_at` later; `first_read_at` stays.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=40)
    occasion = models.CharField(max_length=200)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    first_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-told_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("person", "occasion"), name="told_once_an_occasion"),
        )


class NoticeChoice(models.Model):
    """Whether a person wants a kind of notice by mail too; no row is the kind's default."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=40)
    by_mail = models.BooleanField()

    class Meta:
        """How rows are kept."""

        constraints = (
            models.UniqueConstraint(fields=("person", "kind"), name="one_choice_a_kind"),
        )


class Mail(models.Model):
    """One mail in the outbox; `message_id` is fixed before the first attempt.

    Never sent twice by itself, never lost: a mail whose sender died, or whose server went silent
    after the text was handed over, is `unsure`, and a person decides whether it goes out again.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"
        SENDING = "sending"  # taken under lock at `taken_at`, by one sender
        SENT = "sent"
        FAILED = "failed"
        UNSURE = "unsure"  # may have been sent

    notice = models.OneToOneField(
        Notice, null=True, blank=True, on_delete=models.SET_NULL, related_name="mail"
    )
    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """How rows are kept."""

        ordering = ("-made_at", "-pk")
        indexes = (
            models.Index(fields=("due_at",), name="mail_to_send", condition=Q(state="waiting")),
            models.Index(fields=("state", "-made_at"), name="mail_by_state"),
        )
