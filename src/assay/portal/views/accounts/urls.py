"""Addresses of accounts: signing up and in, second factors, sessions."""

from __future__ import annotations

from allauth.account import views as account_views
from django.urls import include, path

from assay.portal.views.accounts import account

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/second-factor/", account.second_factor_needed, name="second_factor_needed"),
    path("rights/", account.rights, name="rights"),
    path("account/", include("allauth.urls")),
    path("sign-up/", account_views.signup, name="account_signup"),
    path("sign-in/", account_views.login, name="account_login"),
]
