"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.public import home

urlpatterns = [
    path("", home.home, name="home"),
]
