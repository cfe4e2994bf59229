"""Every address of an installation."""

from __future__ import annotations

from assay.portal.urls import urlpatterns

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

handler403 = "assay.portal.views.faults.forbidden"
handler404 = "assay.portal.views.faults.not_found"
handler500 = "assay.portal.views.faults.broken"
