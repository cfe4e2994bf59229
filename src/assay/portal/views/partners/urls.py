"""Addresses of the partner portal, under `/portal/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.partners import decisions, home, notices, sales, standing, team

urlpatterns = [
    path("", home.portal, name="portal"),
    path("<slug:slug>/", home.home, name="portal_home"),
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
