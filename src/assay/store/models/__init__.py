"""Every table, by topic."""

from assay.store.models.announcements import Announcement, Rating
from assay.store.models.events import Event
from assay.store.models.imports import Upload
from assay.store.models.listings import (
    App,
    AppRevision,
    Disagreement,
    Listing,
    Screenshot,
    Statement,
)
from assay.store.models.notices import Mail, Notice, NoticeChoice
from assay.store.models.operations import Heartbeat
from assay.store.models.partners import Claim, Invitation, Membership, Partner, Picture
from assay.store.models.people import Person, SignInLink, StaffInvitation
from assay.store.models.reviews import Decision, Review

__all__ = [
    "Announcement",
    "App",
    "AppRevision",
    "Claim",
    "Decision",
    "Disagreement",
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
    "Picture",
    "Rating",
    "Review",
    "Screenshot",
    "SignInLink",
    "StaffInvitation",
    "Statement",
    "Upload",
]
