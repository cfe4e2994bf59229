"""Addresses of the public pages."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.partners.new import agreement
from assay.portal.views.public import (
    access,
    badges,
    home,
    partners,
    posts,
    program,
    rate,
    wayfinding,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("start/", home.start, name="start"),
    path("colophon/", home.colophon, name="colophon"),
    path("program/", program.program, name="program"),
    path("program.json", program.program_json, name="program_json"),
    path("program/<str:version>/", program.program, name="program_version"),
    path("program/<str:version>.json", program.program_json, name="program_version_json"),
    path("partners/", partners.partners, name="directory"),
    path("partners/<slug:slug>/", partners.partner, name="public_partner"),
    path("apps/<slug:slug>/", partners.app, name="public_app"),
    path("announcements/", posts.announcements, name="announcements"),
    path("announcements/feed.atom", posts.feed, name="announcements_feed"),
    path("announcements/<slug:slug>/", posts.announcement, name="announcement"),
    path("badges/<slug:number>/", badges.badge, name="badge"),
    path("badges/<slug:number>.svg", badges.badge_svg, name="badge_svg"),
    path("badges/<slug:number>.png", badges.badge_png, name="badge_png"),
    path("badges/status/<slug:purpose>-<int:number>", badges.status_list, name="badge_status_list"),
    path(".well-known/jwks.json", badges.keys, name="badge_keys"),
    path(".well-known/did.json", badges.did, name="badge_did"),
    path("did.json", badges.did, name="badge_did_in_folder"),
    path("agreement/", agreement, name="agreement"),
    path("access/", access.ask, name="access"),
    path("access/check/", access.check, name="access_check"),
    path("access/sent/", access.sent, name="access_sent"),
    path("access/<str:secret>/", access.followed, name="access_request"),
    path("rate/", rate.rate, name="rate"),
    path("rate/<str:token>/", rate.comment, name="rate_comment"),
    path("robots.txt", wayfinding.robots, name="robots"),
    path("sitemap.xml", wayfinding.sitemap, name="sitemap"),
]
