"""Secrets in links that work once: the link has the secret, the database its digest alone."""

from __future__ import annotations

import hashlib
import secrets


def fresh_secret() -> str:
    """Return a secret that nobody guesses: 256 bits, as text for an address."""
    return secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """Return the digest under which a secret is found."""
    return hashlib.sha256(secret.encode()).hexdigest()
