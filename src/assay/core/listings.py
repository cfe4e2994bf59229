"""Apps as people list them: what an app says of itself, its limits, and the steps of its life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

MOST_PRODUCTS = 8
MOST_CATEGORIES = 3
MOST_SCREENSHOTS = 8
DATA_CENTER = "data_center"

PRODUCTS = (
    "Bamboo",
    "Bitbucket",
    "Compass",
    "Confluence",
    "Crowd",
    "Jira",
    "Jira Service Management",
    "Trello",
)
CATEGORIES = (
    "Admin tools",
    "Artificial intelligence",
    "Charts and diagramming",
    "Code review",
    "Content and communication",
    "Continuous integration",
    "Customer relations",
    "Data migration",
    "Design tools",
    "Documentation",
    "Integrations",
    "IT and helpdesk",
    "Macros",
    "Monitoring",
    "Project management",
    "Reports",
    "Security and compliance",
    "Testing and QA",
    "Themes and styling",
    "Time tracking",
    "Workflow",
)
_HOSTINGS = {"cloud": "Cloud", "data_center": "Data Center", "server": "Server"}
_PAYMENTS = {
    "free": "Free",
    "platform": "Paid, through the marketplace",
    "partner": "Paid, directly to the partner",
}


class Step(StrEnum):
    """Where an app, or what is proposed for it, stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    LISTED = "listed"
    RETIRED = "retired"

    @property
    def words(self) -> str:
        """The step in words."""
        return self.value.replace("_", " ").capitalize()


class Act(StrEnum):
    """What may be done with an app."""

    EDIT = "edit"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    RETIRE = "retire"


_FROM: Mapping[Act, frozenset[Step]] = {
    Act.EDIT: frozenset({Step.DRAFT, Step.SENT_BACK, Step.LISTED}),
    Act.SUBMIT: frozenset({Step.DRAFT, Step.SENT_BACK}),
    Act.TAKE_BACK: frozenset({Step.SUBMITTED}),
    Act.APPROVE: frozenset({Step.SUBMITTED}),
    Act.SEND_BACK: frozenset({Step.SUBMITTED}),
}


def acts_at(state: Step, step: Step | None) -> frozenset[Act]:
    """Tell what may be done with an app in `state` whose proposal is at `step` (None: no proposal).

    What is submitted is not edited; a listed app is edited by proposing anew, and stays listed; a
    retired one stays retired.
    """
    if state is Step.RETIRED:
        return frozenset()
    acts = {act for act, froms in _FROM.items() if (step or state) in froms}
    if state is Step.LISTED:
        acts.add(Act.RETIRE)
    return frozenset(acts)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A screenshot: the name of its file, and what it shows."""

    file: str
    caption: str


@dataclass(frozen=True, kw_only=True)
class AppContent:
    """What an app says of itself; `hostings` maps a kind of hosting to its payment model."""

    name: str
    tagline: str = ""
    description: str = ""
    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    public: bool = True
    hostings: Mapping[str, str]
    screenshots: tuple[Shown, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the content as JSON values that `read_content` reads back."""
        return {**asdict(self), "products": list(self.products), "categories": [*self.categories]}

    def with_screenshots(self, screenshots: tuple[Shown, ...]) -> AppContent:
        """Return the content with other screenshots."""
        return replace(self, screenshots=screenshots)


def read_content(document: Mapping[str, Any]) -> AppContent:
    """Read what `AppContent.document` wrote."""
    return AppContent(
        **{
            **document,
            "products": tuple(document["products"]),
            "categories": tuple(document["categories"]),
            "screenshots": tuple(Shown(**shown) for shown in document["screenshots"]),
        }
    )


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something an app needs before it can be submitted."""

    field: str
    words: str


def missing_of(content: AppContent) -> tuple[Missing, ...]:
    """Tell what keeps an app from being submitted, in the order of its form."""
    return tuple(Missing(field=field, words=words) for field, words in _missing(content))


def _missing(content: AppContent) -> Iterator[tuple[str, str]]:
    if not content.tagline:
        yield "tagline", "Say in one line what the app does."
    if not content.description:
        yield "description", "Describe the app for those who choose."
    if not content.products:
        yield "products", "Choose the products it works with."
    if not content.categories:
        yield "categories", "Choose at least one category."
    if not content.hostings:
        yield "hostings", "Say on which hosting it runs and how it is paid there."


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that differs between two contents, in words."""

    field: str
    before: str
    after: str


def changes(before: AppContent | None, after: AppContent) -> tuple[Change, ...]:
    """Tell what differs, field by field; against None, everything that is said is new."""
    old = {} if before is None else _told(before)
    return tuple(
        Change(field=field, before=old.get(field, ""), after=told)
        for field, told in _told(after).items()
        if told != old.get(field, "")
    )


def _told(content: AppContent) -> dict[str, str]:
    told = {
        "Name": content.name,
        "Tagline": content.tagline,
        "Description": content.description,
        "Products": ", ".join(content.products),
        "Categories": ", ".join(content.categories),
        "Shown in public": "yes" if content.public else "no",
        "Screenshots": "\n".join(_picture_told(shown) for shown in content.screenshots),
    }
    return (
        told
        | {
            f"Hosting: {hosting_title(hosting)}": payment_title(payment)
            for hosting, payment in sorted(content.hostings.items())
        }
        | {
            f"Hosting: {hosting_title(hosting)}": ""
            for hosting in _HOSTINGS
            if hosting not in content.hostings
        }
    )


def _picture_told(shown: Shown) -> str:
    """Tell a screenshot so that another picture under the same caption is a change."""
    return f"{shown.caption} (picture {shown.file[:6]})"


def hosting_title(hosting: str) -> str:
    """Return what people call a kind of hosting."""
    return _HOSTINGS.get(hosting, hosting.replace("_", " ").capitalize())


def payment_title(payment: str) -> str:
    """Return what people call a payment model."""
    return _PAYMENTS.get(payment, payment.replace("_", " ").capitalize() or "Not told")
