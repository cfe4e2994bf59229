"""Every table, by topic."""

from assay.store.models.access import (
    AccessEnding,
    AccessLink,
    AccessMessage,
    AccessRequest,
    MailDomain,
)
from assay.store.models.analytics import AnalyticsRun, CategoryFigure, PartnerFigure
from assay.store.models.appeals import Appeal, AppealFile, LateLook
from assay.store.models.badges import Badge
from assay.store.models.benefits import BenefitChange
from assay.store.models.content import Attachment, Post, PostRead, PostVersion, SignUp
from assay.store.models.credits import CreditEntry, CreditOrder, CreditSide
from assay.store.models.escalations import (
    ApiToken,
    Escalation,
    EscalationDispute,
    EscalationFile,
    EscalationTurn,
)
from assay.store.models.events import Event, Link
from assay.store.models.imports import Upload
from assay.store.models.letters import Advancement, DecisionLetter
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
from assay.store.models.partner_managers import ManagerAssignment, ManagerCard
from assay.store.models.partners import Claim, Invitation, Membership, Partner, Picture
from assay.store.models.people import Person, SignInLink, StaffInvitation
from assay.store.models.ratings import Rating
from assay.store.models.records import CaseRecord, ReviewRecord
from assay.store.models.requests import BenefitRequest, Round, Ticket
from assay.store.models.reviews import (
    CalendarPause,
    CalendarRun,
    Decision,
    Grant,
    Override,
    Review,
)
from assay.store.models.risk import RiskAssessment, RiskTurn
from assay.store.models.security import (
    Award,
    Enrolment,
    EnrolmentStep,
    EvidenceFile,
    RuleChange,
)
from assay.store.models.tools import ToolGrant, ToolKey, ToolWait

__all__ = [
    "AccessEnding",
    "AccessLink",
    "AccessMessage",
    "AccessRequest",
    "Advancement",
    "AnalyticsRun",
    "ApiToken",
    "App",
    "AppRevision",
    "Appeal",
    "AppealFile",
    "Attachment",
    "Award",
    "Badge",
    "BenefitChange",
    "BenefitRequest",
    "CalendarPause",
    "CalendarRun",
    "CaseRecord",
    "CategoryFigure",
    "Claim",
    "CreditEntry",
    "CreditOrder",
    "CreditSide",
    "Decision",
    "DecisionLetter",
    "Disagreement",
    "Enrolment",
    "EnrolmentStep",
    "Escalation",
    "EscalationDispute",
    "EscalationFile",
    "EscalationTurn",
    "Event",
    "EvidenceFile",
    "Grant",
    "Heartbeat",
    "Invitation",
    "LateLook",
    "Link",
    "Listing",
    "Mail",
    "MailDomain",
    "ManagerAssignment",
    "ManagerCard",
    "Membership",
    "Notice",
    "NoticeChoice",
    "Override",
    "Partner",
    "PartnerFigure",
    "Person",
    "Picture",
    "Post",
    "PostRead",
    "PostVersion",
    "Rating",
    "Review",
    "ReviewRecord",
    "RiskAssessment",
    "RiskTurn",
    "Round",
    "RuleChange",
    "Screenshot",
    "SignInLink",
    "SignUp",
    "StaffInvitation",
    "Statement",
    "Ticket",
    "ToolGrant",
    "ToolKey",
    "ToolWait",
    "Upload",
]
