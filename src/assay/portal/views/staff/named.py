"""The partner that an address names."""

from __future__ import annotations

from django.http import Http404

from assay.store.queries.credits.credits import Named, partner_named


def named_in(slug: str) -> Named:
    """Return the partner of an address; there is no such page without one."""
    found = partner_named(slug)
    if found is None:
        raise Http404
    return found
