"""Addresses for machines, under `/api/`."""

from __future__ import annotations

from django.urls import path

from assay.api import escalations

urlpatterns = [path("escalations", escalations.open_, name="api_escalations")]
