"""Addresses of accounts: signing up and in, second factors, sessions, invitations.

The pages of allauth are named one by one: what is not here cannot be reached.
"""

from __future__ import annotations

from allauth.account import views as signing
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as apps
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as providers
from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions import views as sessions
from django.urls import path, re_path

from assay.portal.access import public_page as public
from assay.portal.access import signed_in_page as own
from assay.portal.views.accounts import account, invitations
from assay.portal.views.partners import notices

urlpatterns = [
    path("sign-up/", public(signing.signup), name="account_signup"),
    path(
        "sign-up/sent/",
        public(signing.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("sign-up/<str:key>/", public(signing.confirm_email), name="account_confirm_email"),
    path("sign-in/", public(signing.login), name="account_login"),
    path("sign-in/code/", public(factors.authenticate), name="mfa_authenticate"),
    path("sign-in/passkey/", public(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("sign-in/closed/", public(signing.account_inactive), name="account_inactive"),
    path("sign-in/with/<str:provider_id>/", public(oidc.login), name="openid_connect_login"),
    path(
        "sign-in/with/<str:provider_id>/back/",
        public(oidc.callback),
        name="openid_connect_callback",
    ),
    path(
        "sign-in/cancelled/",
        public(providers.login_cancelled),
        name="socialaccount_login_cancelled",
    ),
    path("sign-in/failed/", public(providers.login_error), name="socialaccount_login_error"),
    path("sign-in/first-time/", public(providers.signup), name="socialaccount_signup"),
    path("sign-out/", public(signing.logout), name="account_logout"),
    path("password/", public(signing.password_reset), name="account_reset_password"),
    path("password/sent/", public(signing.password_reset_done), name="account_reset_password_done"),
    path(
        "password/done/",
        public(signing.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        public(signing.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path("account/", account.account, name="account"),
    path("account/notices/", notices.account_notices, name="account_notices"),
    path("account/notices/read/", notices.account_read_all, name="account_notices_read"),
    path("account/notices/choices/", notices.choices, name="notice_choices"),
    path("account/notices/<int:notice>/", notices.account_notice, name="account_notice"),
    path("account/notices/<int:notice>/unread/", notices.unread, name="notice_unread"),
    path("account/second-factor/", account.second_factor_needed, name="second_factor_needed"),
    path("account/confirm/", own(signing.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code/", own(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "account/confirm/passkey/",
        own(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/addresses/", own(signing.email), name="account_email"),
    path("account/password/", own(signing.password_change), name="account_change_password"),
    path("account/password/first/", own(signing.password_set), name="account_set_password"),
    path("account/security/", own(factors.index), name="mfa_index"),
    path("account/security/app/", own(apps.activate_totp), name="mfa_activate_totp"),
    path("account/security/app/remove/", own(apps.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/security/codes/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "account/security/codes/new/",
        own(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/security/codes/download/",
        own(codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
    path("account/security/passkeys/", own(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("account/security/passkeys/add/", own(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "account/security/passkeys/<int:pk>/",
        own(passkeys.edit_webauthn),
        name="mfa_edit_webauthn",
    ),
    path(
        "account/security/passkeys/<int:pk>/remove/",
        own(passkeys.remove_webauthn),
        name="mfa_remove_webauthn",
    ),
    path("account/providers/", own(providers.connections), name="socialaccount_connections"),
    path("account/sessions/", own(sessions.list_usersessions), name="usersessions_list"),
    path("account/leave/<slug:slug>/", account.leave_partner, name="leave_partner"),
    path("invitations/<str:secret>/", invitations.invitation, name="invitation"),
    path("rights/", account.rights, name="rights"),
]
