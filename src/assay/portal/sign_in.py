"""How accounts are made and mails about them are sent: by the product's own outbox."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from assay.store.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts know when they were made."""

    def new_user(self, request: HttpRequest) -> Person:
        """Return an account that is not saved yet."""
        return Person(joined_at=request.now)  # type: ignore[attr-defined]

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """Accounts have no user names."""


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts that come by an identity provider."""

    def new_user(self, request: HttpRequest, sociallogin: Any) -> Person:
        """Return an account that is not saved yet."""
        del sociallogin
        return Person(joined_at=request.now)  # type: ignore[attr-defined]
