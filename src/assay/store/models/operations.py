"""What the installation knows of itself."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """When a part was last seen alive or done: the worker, a backup."""

    part = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)
