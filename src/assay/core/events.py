"""Events as a chain: what is digested, how one follows the other, and where a chain is broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from assay.core.canonical import canonical, sha256

FIRST = "0" * 64  # what stands before the first event


@dataclass(frozen=True, kw_only=True)
class Act:
    """The content of an event; people and partners by their number in the database."""

    at: datetime
    by: int | None
    partner: int | None
    act: str
    target: str
    words: str
    details: Mapping[str, object]
    as_partner: bool
    from_where: str

    @property
    def document(self) -> dict[str, object]:
        """The content as plain values; moments in UTC, to the microsecond."""
        moment = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return {**asdict(self), "details": dict(self.details), "at": moment}

    @property
    def digest(self) -> str:
        """The SHA-256 of the content in its one spelling."""
        return sha256(canonical(self.document))


@dataclass(frozen=True, kw_only=True)
class Chained:
    """An event in its place: `content` is the digest of its act as it was kept beside it."""

    number: int
    event: int
    previous: str
    content: str
    digest: str
    act: Act

    def fault(self, number: int, previous: str) -> str:
        """Say what is wrong with it as event `number` after `previous`; "" where nothing is."""
        if self.number != number:
            return f"event {number} is missing"
        if self.act.digest != self.content:
            return "what it says was changed"
        if self.previous != previous:
            return "it does not follow the event before it"
        if self.digest != link_digest(self.number, self.event, self.previous, self.content):
            return "its digest is not its own"
        return ""


def link_digest(number: int, event: int, previous: str, content: str) -> str:
    """Return the digest of an event in its place; the database computes the same."""
    return sha256(f"{number}\n{event}\n{previous}\n{content}".encode())
