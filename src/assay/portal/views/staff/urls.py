"""Addresses of the staff pages, under `/staff/`."""

from __future__ import annotations

from django.urls import path

from assay.portal.views.staff import (
    announcements,
    apps,
    claims,
    disagreements,
    outbox,
    partner,
    partners,
    people,
    ratings,
    record,
    search,
    today,
    viewing,
)

urlpatterns = [
    path("", today.today, name="staff_today"),
    path("search/", search.search_page, name="staff_search"),
    path("partners/", partners.partners, name="staff_partners"),
    path("partners/<slug:slug>/", partner.partner, name="staff_partner"),
    path("partners/<slug:slug>/notices/", partner.notices, name="staff_partner_notices"),
    path("outbox/", outbox.outbox, name="staff_outbox"),
    path("outbox/<int:mail>/", outbox.mail, name="staff_mail"),
    path("outbox/<int:mail>/again/", outbox.resend, name="staff_mail_resend"),
    path("apps/", apps.queue, name="staff_apps"),
    path("apps/<slug:slug>/", apps.app, name="staff_app"),
    path("apps/<slug:slug>/approve/", apps.approve, name="staff_app_approve"),
    path("apps/<slug:slug>/send-back/", apps.send_back, name="staff_app_send_back"),
    path("apps/<slug:slug>/grant/", apps.grant, name="staff_app_grant"),
    path("claims/", claims.show, name="staff_claims"),
    path("claims/website/", claims.website, name="staff_website"),
    path("claims/<int:number>/", claims.decide, name="staff_claim"),
    path("disagreements/", disagreements.show, name="staff_disagreements"),
    path("disagreements/<int:number>/", disagreements.settle, name="staff_settle"),
    path("view-as/<slug:slug>/", viewing.view_as, name="view_as"),
    path("stop-viewing/", viewing.stop_viewing, name="stop_viewing"),
    path("people/", people.show, name="staff_people"),
    path("people/invite/", people.invite, name="staff_invite"),
    path("people/invited/<int:key>/again/", people.invite_again, name="staff_invite_again"),
    path("people/invited/<int:key>/withdraw/", people.withdraw, name="staff_invite_withdraw"),
    path("people/<int:key>/", people.person, name="staff_person"),
    path("people/<int:key>/remove/", people.remove, name="staff_person_remove"),
    path("record/", record.show, name="staff_record"),
    path("announcements/", announcements.announcements, name="staff_announcements"),
    path("announcements/new/", announcements.new_announcement, name="staff_announcement_new"),
    path("announcements/<int:number>/", announcements.announcement, name="staff_announcement"),
    path(
        "announcements/<int:number>/edit/",
        announcements.edit_announcement,
        name="staff_announcement_edit",
    ),
    path(
        "announcements/<int:number>/publish/",
        announcements.publish_announcement,
        name="staff_announcement_publish",
    ),
    path(
        "announcements/<int:number>/drop/",
        announcements.drop_announcement,
        name="staff_announcement_drop",
    ),
    path("ratings/", ratings.all_ratings, name="staff_ratings"),
    path("ratings/pages/", ratings.by_page, name="staff_ratings_by_page"),
]
