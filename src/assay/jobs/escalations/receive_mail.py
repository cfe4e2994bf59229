"""Receive a mail that opens an escalation, as the mail server hands it over."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr

from allauth.account.models import EmailAddress
from django.conf import settings

from assay.core.escalations import Source
from assay.core.issues import Issue, Refused
from assay.core.rights import OPEN_ESCALATIONS, staff_may
from assay.jobs.escalations.open_escalation import MOST_WORDS, Way, open_escalation
from assay.jobs.escalations.parts import MOST_FILES, SentFile
from assay.jobs.escalations.read_request import Request, clean, read_request
from assay.jobs.operations.events import record
from assay.store.models import Escalation, Person

MOST_BYTES = 25 * 1024 * 1024
LEAST_SECRET = 16  # characters
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To")
_TO = re.compile(r"escalations\+([^@+]+)(?:\+([^@+]+))?@", re.IGNORECASE)
_IN_SUBJECT = re.compile(r"\s*\[([^\]\s]{1,120})\]\s*(.*)", re.DOTALL)
_TOLD = re.compile(r"(customer|app|severity)\s*:\s*(.+)", re.IGNORECASE)
_BULK = ("bulk", "junk", "list", "auto_reply")


@dataclass(frozen=True, kw_only=True)
class Received:
    """What became of a mail: the escalation it opened, or why it was dropped without an answer."""

    escalation: Escalation | None
    dropped: str = ""


def receive_mail(raw: bytes, *, at: datetime) -> Received:
    """Open what a mail of staff asks for; a mail that came before opens nothing more.

    A sender can be forged: so the address that it is sent to has a secret of the installation.
    What a machine sent by itself is dropped, so that two machines never answer each other. Raises
    Refused for a sender who may not open escalations, and for what cannot be read: the mail
    server returns it to the sender. Of both a note stays in the record.
    """
    sender = "somebody"
    try:
        mail = _parsed(raw)
        sender = parseaddr(str(mail.get("From", "")))[1].lower()[:254]
        why = _sent_by_itself(mail)
        if why:
            _note("mail_dropped", f"A mail from {sender} was dropped: {why}", at)
            return Received(escalation=None, dropped=why)
        return Received(escalation=_open(mail, raw, sender, at))
    except Refused as refused:
        _note("mail_refused", f"A mail from {sender} was refused: {refused}", at)
        raise


def _open(mail: EmailMessage, raw: bytes, sender: str, at: datetime) -> Escalation:
    addressed = _addressed(mail)
    by = _staff(sender)
    request = _request(mail, addressed)
    digest = hashlib.sha256(raw).hexdigest()
    name = clean(str(mail.get("Message-ID", "")))[:255]
    way = Way(source=Source.MAIL, by=by, request=name or digest)  # relays change other headers
    return open_escalation(request.partner, request.asked, way, files=request.files, at=at)


def _parsed(raw: bytes) -> EmailMessage:
    if len(raw) > MOST_BYTES:
        raise _refused("is larger than 25 MB", "leave out what is not needed")
    try:
        mail = message_from_bytes(raw, policy=policy.default)
        for name in ("From", *_RECIPIENTS, "Subject", "Message-ID", "Auto-Submitted"):
            for header in mail.get_all(name, []):
                str(header)
    except (MessageError, ValueError, LookupError, IndexError, AttributeError, TypeError) as error:
        raise _refused("cannot be read", "send it as plain text") from error
    if not mail.get("From"):
        raise _refused("has no sender", "hand over a whole message, as RFC 5322 has it")
    return mail


def _sent_by_itself(mail: EmailMessage) -> str:
    """Say why a mail counts as sent by a machine; empty: somebody wrote it."""
    if str(mail.get("Auto-Submitted", "no")).strip().lower() != "no":
        return "it says that no person sent it (Auto-Submitted)"
    if str(mail.get("Precedence", "")).strip().lower() in _BULK or mail.get("X-Autoreply"):
        return "it is an automatic answer or was sent to many (Precedence)"
    if str(mail.get("Return-Path", "x")).strip() == "<>":
        return "it is a bounce (Return-Path)"
    if mail.get("List-Id"):
        return "it came over a list (List-Id)"
    return ""


def _staff(sender: str) -> Person:
    """Return the staff who has the address, confirmed."""
    found = EmailAddress.objects.filter(email__iexact=sender, verified=True).select_related("user")
    address = found.first()
    person = None if address is None else address.user
    if (
        not isinstance(person, Person)
        or not person.is_active
        or not staff_may(person.staff_role, OPEN_ESCALATIONS)
    ):
        raise _refused(
            "is not from somebody who may open escalations",
            "send it from the confirmed address of your account in the program team",
        )
    return person


def _request(mail: EmailMessage, addressed: str) -> Request:
    subject = str(mail.get("Subject", ""))
    named = _IN_SUBJECT.fullmatch(subject)
    partner, subject = (named[1], named[2]) if named else (addressed, subject)
    if not partner:
        raise _refused(
            "names no partner",
            "begin the subject with [SLUG], or send it to escalations+SECRET+SLUG@ and this host",
        )
    told, text = _told(_text(mail))
    said = {"partner": partner, "subject": subject, "text": text, **told}
    read = read_request(said)
    return Request(partner=read.partner, asked=read.asked, files=tuple(_attached(mail)))


def _addressed(mail: EmailMessage) -> str:
    """Return the partner that the address names, or ""; raises Refused without the secret."""
    secret = settings.ESCALATION_MAIL_SECRET.lower()
    if len(secret) < LEAST_SECRET:
        raise _refused(
            "opens nothing: this installation takes no escalations by mail",
            f"set ASSAY_ESCALATION_MAIL_SECRET to at least {LEAST_SECRET} letters and digits",
        )
    for address in _recipients(mail):
        found = _TO.match(address)
        if found and hmac.compare_digest(found[1].lower().encode(), secret.encode()):
            return found[2] or ""
    raise _refused(
        "is not sent to the address that opens escalations",
        "send it to escalations+SECRET@ and this host; who runs the portal knows the secret",
    )


def _recipients(mail: EmailMessage) -> Iterator[str]:
    """Yield every address a mail is sent to; a header that is malformed spoils no other."""
    for name in _RECIPIENTS:
        for header in mail.get_all(name, []):
            yield from (address for _, address in getaddresses([str(header)]))


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    if body is None:
        raise _refused("has no plain text", "send it as plain text")
    try:
        return str(body.get_content())
    except (LookupError, ValueError, UnicodeError, KeyError) as error:
        raise _refused("has a text that cannot be read", "send it in UTF-8") from error


def _told(text: str) -> tuple[dict[str, str], str]:
    """Part `Customer: …`, `App: …`, `Severity: …` above the text from the text."""
    told: dict[str, str] = {}
    lines = clean(text, lines=True).split("\n")
    while lines and (found := _TOLD.fullmatch(lines[0].strip())):
        told[found[1].lower()] = found[2].strip()
        lines.pop(0)
    if "severity" in told:
        told["severity"] = told["severity"].lower()
    return told, "\n".join(lines).strip()[: MOST_WORDS + 1]


def _attached(mail: EmailMessage) -> Iterator[SentFile]:
    for number, part in enumerate(mail.iter_attachments()):
        if number >= MOST_FILES:
            raise _refused(f"has more than {MOST_FILES} attachments", "send the most telling ones")
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            name = clean(str(part.get_filename() or ""))
            yield SentFile(content=io.BytesIO(content), name=name or "attachment")


def _note(act: str, words: str, at: datetime) -> None:
    record(act, clean(words)[:400], at=at)


def _refused(message: str, hint: str) -> Refused:
    return Refused(Issue(file="mail", message=message, hint=hint))
