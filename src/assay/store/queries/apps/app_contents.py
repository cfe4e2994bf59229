"""What an app says of itself: as it is listed, and as it is proposed."""

from __future__ import annotations

from assay.core.listings import AppContent, Shown, read_content
from assay.store.models import App


def content_of(app: App) -> AppContent:
    """Return what an app's columns, listings and screenshots say."""
    live = [listing for listing in app.listings.all() if listing.retired_on is None]
    return AppContent(
        name=app.name,
        tagline=app.tagline,
        description=app.description,
        products=tuple(app.products),
        categories=tuple(app.categories),
        public=app.public,
        hostings={listing.hosting: listing.payment for listing in live},
        screenshots=tuple(
            Shown(file=shown.file, caption=shown.caption) for shown in app.screenshots.all()
        ),
    )


def proposed_of(app: App) -> AppContent:
    """Return what is proposed for an app, or where nothing is, what it says."""
    return content_of(app) if app.proposed is None else read_content(app.proposed)
