"""Every table, by topic."""

from assay.store.models.announcements import Announcement, Rating
from assay.store.models.events import Event
from assay.store.models.imports import Upload
from assay.store.models.listings import App, AppRevision, Listing, Screenshot
from assay.store.models.notices import Mail, Notice, NoticeChoice
from assay.store.models.operations import Heartbeat
from assay.store.models.partners import Claim, Invitation, Membership, Partner
from assay.store.models.people import Person, SignInLink
from assay.store.models.reviews import Decision, Review

__all__ = [
    "Announcement",
    "App",
    "AppRevision",
    "Claim",
    "Decision",
    "Event",
    "Heartbeat",
    "Invitation",
    "Listing",
    "Mail",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Partner",
    "Person",
    "Rating",
    "Review",
    "Screenshot",
    "SignInLink",
    "Upload",
]
