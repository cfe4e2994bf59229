"""Addresses of the partner portal, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.partners import home, notices

urlpatterns = [
    path("", home.portal, name="portal"),
    path("<slug:slug>/", home.home, name="portal_home"),
    path("<slug:slug>/notices/", notices.notices, name="notices"),
    path("<slug:slug>/notices/read/", notices.read_all, name="notices_read"),
    path("<slug:slug>/notices/<int:notice>/", notices.notice, name="notice"),
]
