"""Mail: where it is handed over, and the handing over itself."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends import smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from assay.gateways.installation import Installation

OK, NOT_OK, PERMANENT = 200, 300, 500  # replies of a mail server (RFC 5321)


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


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail as it is handed over; `message_id` is the same however often it is tried."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    made_at: datetime


class NotTaken(Exception):
    """The mail server has not taken a mail; `for_good`: trying again is of no use."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        """Keep what the server said."""
        super().__init__(words)
        self.words = words
        self.for_good = for_good


class MayBeTaken(Exception):
    """The server got the mail and did not say whether it took it."""


def hand_over(letter: Letter) -> None:
    """Hand a mail over to the server of the settings, once.

    Raises NotTaken where it is certain that the server has not taken it, MayBeTaken where it is
    not.
    """
    message = _message(letter)
    try:
        to = sanitize_address(letter.to, "utf-8")
        text = message.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
    except ValueError as error:
        raise NotTaken(f"this cannot be sent as a mail: {error}", for_good=True) from error
    connection = get_connection()
    if not isinstance(connection, smtp.EmailBackend):
        _write(connection, message)
        return
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(_told(error)) from error
    server = connection.connection
    assert server is not None  # noqa: S101 - opened, or else it raised
    try:
        _, sender = parseaddr(message.from_email)
        _post(server, sender, to, text)
    finally:
        _close(server)


def _message(letter: Letter) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[letter.to],
        headers={
            "Message-ID": letter.message_id,
            "Date": format_datetime(letter.made_at),
            "Auto-Submitted": "auto-generated",
        },
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def _write(connection: BaseEmailBackend, message: EmailMultiAlternatives) -> None:
    """Hand a mail to a backend that is no server: files, or the memory of a test."""
    try:
        connection.send_messages([message])
    except OSError as error:
        with suppress(OSError):
            connection.close()
        raise NotTaken(f"the mail could not be written: {error.strerror or error}") from error


def _post(server: smtplib.SMTP, sender: str, to: str, text: bytes) -> None:
    """Say sender and recipient, then the text; only after the text is it open what happened."""
    try:
        server.ehlo_or_helo_if_needed()
        _expect_ok(*server.mail(sender))
        _expect_ok(*server.rcpt(to))
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(_told(error)) from error
    try:
        _expect_ok(*server.data(text))
    except smtplib.SMTPDataError as error:
        raise NotTaken(_told(error), for_good=error.smtp_code >= PERMANENT) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MayBeTaken(_told(error)) from error


def _expect_ok(code: int, words: bytes) -> None:
    if not OK <= code < NOT_OK:
        told = f"the mail server answered {code} {words.decode(errors='replace')}"
        raise NotTaken(told, for_good=code >= PERMANENT)


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        words = error.smtp_error
        told = words.decode(errors="replace") if isinstance(words, bytes) else str(words)
        return f"the mail server answered {error.smtp_code} {told}"
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return f"the mail server could not be reached: {said}"


def _close(server: smtplib.SMTP) -> None:
    """End the conversation; what was said before stands whether or not this arrives."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
