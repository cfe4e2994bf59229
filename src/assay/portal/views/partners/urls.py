"""Addresses of the partner portal, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.partners import (
    apps,
    decisions,
    home,
    new,
    notices,
    profile,
    sales,
    standing,
    team,
)

urlpatterns = [
    path("", home.portal, name="portal"),
    path("new/", new.overview, name="new_partner"),
    path("new/begin/", new.begin, name="new_partner_begin"),
    path("new/<slug:step>/", new.step, name="new_partner_step"),
    path("claim/", new.search, name="claim_search"),
    path("claim/<slug:slug>/", new.claim, name="claim"),
    path("<slug:slug>/", home.home, name="portal_home"),
    path("<slug:slug>/profile/", profile.show, name="profile"),
    path("<slug:slug>/profile/agreement/", profile.agree, name="profile_agreement"),
    path("<slug:slug>/profile/<slug:step>/", profile.edit, name="profile_edit"),
    path("<slug:slug>/apps/", apps.show, name="apps"),
    path("<slug:slug>/apps/new/", apps.begin, name="app_new"),
    path("<slug:slug>/apps/<slug:app>/", apps.app, name="app"),
    path("<slug:slug>/apps/<slug:app>/edit/", apps.edit, name="app_edit"),
    path("<slug:slug>/apps/<slug:app>/screenshots/", apps.screenshots, name="app_screenshots"),
    path(
        "<slug:slug>/apps/<slug:app>/screenshots/remove/",
        apps.remove_screenshot,
        name="app_screenshot_remove",
    ),
    path("<slug:slug>/apps/<slug:app>/submit/", apps.submit, name="app_submit"),
    path("<slug:slug>/apps/<slug:app>/take-back/", apps.take_back, name="app_take_back"),
    path("<slug:slug>/apps/<slug:app>/retire/", apps.retire, name="app_retire"),
    path("<slug:slug>/standing/", standing.standing, name="standing"),
    path("<slug:slug>/sales/", sales.sales, name="sales"),
    path("<slug:slug>/rows/<str:measure>/", sales.rows, name="rows"),
    path("<slug:slug>/decisions/", decisions.decisions, name="decisions"),
    path("<slug:slug>/decisions/<int:decision>/", decisions.decision, name="decision"),
    path(
        "<slug:slug>/decisions/<int:decision>/explanation.json",
        decisions.decision_json,
        name="decision_json",
    ),
    path(
        "<slug:slug>/decisions/<int:decision>/explanation.html",
        decisions.decision_page,
        name="decision_page",
    ),
    path("<slug:slug>/notices/", notices.notices, name="notices"),
    path("<slug:slug>/notices/read/", notices.read_all, name="notices_read"),
    path("<slug:slug>/notices/<int:notice>/", notices.notice, name="notice"),
    path("<slug:slug>/team/", team.show, name="team"),
    path("<slug:slug>/team/invite/", team.invite, name="team_invite"),
    path("<slug:slug>/team/invited/<int:key>/again/", team.invite_again, name="team_invite_again"),
    path(
        "<slug:slug>/team/invited/<int:key>/withdraw/",
        team.withdraw,
        name="team_invite_withdraw",
    ),
    path("<slug:slug>/team/<int:key>/", team.member, name="team_member"),
    path("<slug:slug>/team/<int:key>/remove/", team.remove, name="team_remove"),
    path("<slug:slug>/team/transfer/", team.transfer, name="team_transfer"),
]
