"""Sign the status lists: they tell which badges are revoked, and which are suspended."""

from __future__ import annotations

from django.conf import settings

from assay.core.credentials import signed_credential, status_list
from assay.core.status_lists import encoded_list
from assay.gateways.keys import Keys
from assay.jobs.badges.addresses import issuer, list_url
from assay.store.queries.badges.badges import places

KEPT_SECONDS = 300  # for as long as a list may be kept by those who asked for it


def sign_list(purpose: str, number: int) -> str | None:
    """Return a status list, signed; None where there is none of this purpose and number.

    It is made of the badges as they are: the same badges and key give the same bytes.
    """
    told = places(purpose, number)
    if told is None:
        return None
    by, url = issuer(), list_url(purpose, number)
    document = status_list(
        url,
        purpose,
        encoded_list(told.set),
        since=told.changed_at,
        issuer=by,
        keep=KEPT_SECONDS,
    )
    return signed_credential(document, Keys.of(settings.INSTALLATION).current(), by)
