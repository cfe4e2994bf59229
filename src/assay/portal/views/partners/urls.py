"""Addresses of the partner portal, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.partners import home

urlpatterns = [
    path("", home.portal, name="portal"),
    path("<slug:slug>/", home.home, name="portal_home"),
]
