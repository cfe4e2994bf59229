"""Every address of an installation."""

from __future__ import annotations

from django.urls import include, path

from assay.api.urls import urlpatterns as api
from assay.portal.urls import urlpatterns as portal

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*portal, path("api/", include(api))]

handler403 = "assay.portal.views.faults.forbidden"
handler404 = "assay.portal.views.faults.not_found"
handler500 = "assay.portal.views.faults.broken"
