"""Django's settings, all from the environment (docs/settings.md) and the installation's folder."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from assay.gateways.installation import Installation
from assay.gateways.mail import mail_settings
from assay.site.variables import read_variables

gc.set_threshold(100_000, 20, 100)  # rows and pages hold much, and leave few cycles behind

_values = read_variables(os.environ)
INSTALLATION = Installation.at(_values["ASSAY_DIR"])
_https = _values["ASSAY_BASE_URL"].startswith("https://")
_own_pages = Path(__file__).parent.parent

SECRET_KEY = INSTALLATION.secret_key()
DEBUG = False
ALLOWED_HOSTS = _values["ASSAY_HOSTS"]
ROOT_URLCONF = "assay.site.urls"
WSGI_APPLICATION = "assay.site.wsgi.application"
BASE_URL = _values["ASSAY_BASE_URL"].rstrip("/")
SITE_TITLE = _values["ASSAY_TITLE"]
PROGRAM = _values["ASSAY_PROGRAM"]
REVIEW_SETTLING_DAYS = _values["ASSAY_REVIEW_SETTLING_DAYS"]
APPEAL_DAYS = _values["ASSAY_APPEAL_DAYS"]
OPERATOR_TOKEN = _values["ASSAY_OPERATOR_TOKEN"]
CREDIT_LIMIT = _values["ASSAY_CREDIT_LIMIT"]
UPLOAD_LIMIT_BYTES = _values["ASSAY_UPLOAD_LIMIT_MB"] * 1024 * 1024
PORT = _values["ASSAY_PORT"]
WEB_PROCESSES = _values["ASSAY_WEB_PROCESSES"]
WEB_THREADS = _values["ASSAY_WEB_THREADS"]
ACCESS_ENDS_AFTER_DAYS = _values["ASSAY_ACCESS_ENDS_AFTER_DAYS"]
ESCALATION_MAIL_SECRET = _values["ASSAY_ESCALATION_MAIL_SECRET"]
AGREEMENT_VERSION = "2026-01"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "pgtrigger",
    "procrastinate.contrib.django",
    "assay.store",
    "assay.portal",
    "django.forms",  # after the portal, which draws selects itself
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "django_tables2",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "assay.site.middleware.clock",
    "assay.portal.middleware.content_security_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "assay.portal.middleware.sessions_seen",
    "assay.portal.middleware.reader",
    "assay.portal.middleware.origin",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "assay.portal.context.everywhere",
            ],
        },
    }
]
FORM_RENDERER = "assay.portal.forms.renderer.Renderer"
DJANGO_TABLES2_TEMPLATE = "assay/table.html"
DJANGO_TABLES2_TABLE_ATTRS = {"class": "plain"}

DATABASES = {
    "default": {
        **dj_database_url.parse(INSTALLATION.database_url()),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Guesses are counted here: a flood of addresses must not push the counts out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "store.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_sign_in"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "assay.portal.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # every other session ends, this one stays
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
_forms = "assay.portal.views.accounts.forms"
ACCOUNT_FORMS = {
    "login": f"{_forms}.SignIn",
    "signup": f"{_forms}.SignUp",
    "add_email": f"{_forms}.AddAddress",
    "change_password": f"{_forms}.ChangePassword",
    "set_password": f"{_forms}.SetPassword",
    "reset_password": f"{_forms}.AskForPassword",
    "reset_password_from_key": f"{_forms}.NewPassword",
    "reauthenticate": f"{_forms}.ConfirmByPassword",
}
ACCOUNT_RATE_LIMITS = {  # beside what sign-in limits by itself
    "rate_page": "20/h/ip",
    "access_check": "240/h/ip",
    "access_ask": "20/h/ip,3/d/key",
    "access_answer": "30/h/ip",
    "api": "60/m/key",
    "api_unknown": "30/m/ip",
}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if _https else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _https
MFA_TOTP_ISSUER = SITE_TITLE
MFA_ADAPTER = "assay.portal.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": f"{_forms}.GiveCode",
    "reauthenticate": f"{_forms}.ConfirmByCode",
    "activate_totp": f"{_forms}.SetUpApp",
    "add_webauthn": f"{_forms}.AddPasskey",
    "edit_webauthn": f"{_forms}.RenamePasskey",
}
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_ADAPTER = "assay.portal.sign_in.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads to another host is refused by form-action
SOCIALACCOUNT_FORMS = {"signup": f"{_forms}.SignUpByProvider"}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the operator chose the provider, so its word holds
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": _values["ASSAY_OIDC_NAME"],
                    "client_id": _values["ASSAY_OIDC_CLIENT_ID"],
                    "secret": _values["ASSAY_OIDC_CLIENT_SECRET"],
                    "settings": {"server_url": _values["ASSAY_OIDC_ISSUER"]},
                }
            ],
        }
    }
    if _values["ASSAY_OIDC_NAME"]
    else {}
)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("style", _own_pages / "words" / "style")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300
FILE_UPLOAD_HANDLERS = ["assay.portal.uploads.BoundedUpload"]
FILE_UPLOAD_TEMP_DIR = str(INSTALLATION.made("uploading"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(BASE_URL))]
CSRF_FAILURE_VIEW = "assay.portal.views.faults.form_expired"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_SSL_REDIRECT = _https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
if _values["ASSAY_PROXIED"]:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _values["ASSAY_PROXIED"] else 0

DEFAULT_FROM_EMAIL = _values["ASSAY_MAIL_FROM"]
CONTACT = _values["ASSAY_CONTACT"]
vars().update(mail_settings(_values["ASSAY_MAIL_URL"], INSTALLATION))

PROCRASTINATE_ON_APP_READY = "assay.site.tasks.register"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
