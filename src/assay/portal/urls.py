"""Every address: public, accounts, portal, staff."""

from __future__ import annotations

from django.urls import include, path

from assay.portal.views import health, links, pictures
from assay.portal.views.accounts.urls import urlpatterns as accounts
from assay.portal.views.partners.urls import urlpatterns as partners
from assay.portal.views.public.urls import urlpatterns as public
from assay.portal.views.staff.urls import urlpatterns as staff

urlpatterns = [
    path("", include(public)),
    path("", include(accounts)),
    path("sign-in/link/<str:secret>/", links.use_sign_in_link, name="sign_in_link"),
    path("sign-in/done/", links.after_sign_in, name="after_sign_in"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("staff/health/", health.health, name="staff_health"),
    path("pictures/<str:name>", pictures.picture, name="picture"),
    path("portal/", include(partners)),
    path("staff/", include(staff)),
]
