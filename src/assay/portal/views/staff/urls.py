"""Addresses of the staff pages, under `/staff/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.staff import today, viewing

urlpatterns = [
    path("", today.today, name="staff_today"),
    path("view-as/<slug:slug>/", viewing.view_as, name="view_as"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
]
