"""Tell who issues badges here, and by which keys they are checked."""

from __future__ import annotations

from django.conf import settings

from assay.core.credentials import Document, did_document, key_set
from assay.gateways.keys import Keys
from assay.jobs.badges.addresses import issuer


def keys_told() -> Document:
    """Return every key that badges are or were signed with, as a JWK Set."""
    return key_set(issuer(), Keys.of(settings.INSTALLATION).public())


def did_told() -> Document:
    """Return the DID document of this installation."""
    return did_document(issuer(), Keys.of(settings.INSTALLATION).public())
