"""The Django app of all pages: templates, static files, template tags."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages of an installation; it has no tables."""

    name = "assay.portal"
    label = "portal"
