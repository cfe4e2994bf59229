"""Mail: where it is handed over, and the handing over itself."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from assay.gateways.installation import Installation


def mail_settings(url: str, installation: Installation) -> dict[str, object]:
    """Translate `smtp://USER:PASSWORD@HOST:PORT` to Django's settings; empty means files."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(installation.folder / "mail"),
        }
    parts = urlsplit(url)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
