"""Seals: secrets that the database holds and that only this installation's key opens."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def seal(purpose: str) -> Fernet:
    """Return what seals secrets of one purpose (Fernet), by a key derived from the own one."""
    return Fernet(urlsafe_b64encode(_derived(purpose)))


def keyed_digest(purpose: str, text: str) -> str:
    """Return a digest that nobody without the installation's key can make or try out."""
    return hmac.digest(_derived(f"{purpose} digests"), text.encode(), "sha256").hex()


@cache
def _derived(purpose: str) -> bytes:
    """Return a key of 32 bytes that says nothing of the installation's, or of others'."""
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"assay {purpose}".encode())
    return derived.derive(settings.SECRET_KEY.encode())
