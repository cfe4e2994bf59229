"""The one Django app that has tables."""

from __future__ import annotations

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """Tables of the installation; `store_person` is the table of accounts."""

    name = "assay.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
