"""Events as a chain: what is digested, how one follows the other, and where a chain is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from assay.core.canonical import canonical, sha256

FIRST = "0" * 64  # what stands before the first event


@dataclass(frozen=True, kw_only=True)
class Act:
    """The content of an event; people and partners by their number in the database."""

    at: datetime
    by: int | None = None
    partner: int | None = None
    act: str
    target: str = ""
    words: str
    details: Mapping[str, object] = field(default_factory=dict)
    as_partner: bool = False
    from_where: str = ""

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

    @property
    def document(self) -> dict[str, object]:
        """The event as plain values, as an exported record has it."""
        place = {name: getattr(self, name) for name in _PLACE}
        return {**self.act.document, **place}

    @property
    def fault(self) -> str:
        """What is wrong with the event by itself; "" where nothing is."""
        if self.act.digest != self.content:
            return "what it says was changed"
        if self.digest != link_digest(self.number, self.event, self.previous, self.content):
            return "its digest is not its own"
        return ""


_PLACE = ("number", "event", "previous", "content", "digest")


@dataclass(frozen=True, kw_only=True)
class Break:
    """Where a chain breaks: the number of the first bad event, and what is wrong."""

    number: int
    words: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"event {self.number:,}: {self.words}"


@dataclass
class Walk:
    """A walk along a chain from its first event: how far it came, and where it broke."""

    number: int = 0
    digest: str = FIRST
    broken: Break | None = None

    def follow(self, chain: Iterable[Chained]) -> Iterable[Chained]:
        """Yield the events as long as each follows the one before it."""
        for event in chain:
            words = self._fault(event)
            if words:
                self.broken = Break(number=self.number + 1, words=words)
                return
            self.number, self.digest = event.number, event.digest
            yield event

    def _fault(self, event: Chained) -> str:
        if event.number > self.number + 1:
            return "is missing"
        if event.number != self.number + 1:
            return "stands there twice"
        if event.previous != self.digest:
            return "does not follow the event before it"
        return event.fault


def chained_of(document: Mapping[str, Any]) -> Chained:
    """Return the event of a document; raises ValueError, TypeError or KeyError where it is none."""
    act = {name: document[name] for name in _ACT}
    place = {name: document[name] for name in _PLACE}
    if len(document) != len(act) + len(place):
        raise ValueError(document)
    return Chained(act=Act(**{**act, "at": datetime.fromisoformat(document["at"])}), **place)


_ACT = tuple(Act.__dataclass_fields__)


def link_digest(number: int, event: int, previous: str, content: str) -> str:
    """Return the digest of an event in its place; the database computes the same."""
    return sha256(f"{number}\n{event}\n{previous}\n{content}".encode())
