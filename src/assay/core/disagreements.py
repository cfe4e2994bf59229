"""Where reports and people say different things about an app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assay.core.listings import hosting_title, payment_title


class Kind(StrEnum):
    """What they differ about."""

    NOT_LISTED = "not_listed"
    PARTNER = "partner"
    NAME = "name"
    PUBLIC = "public"
    PAYMENT = "payment"
    NOT_HERE = "not_here"
    NOT_THERE = "not_there"

    @property
    def words(self) -> str:
        """The kind in words."""
        return _TITLES[self]


_TITLES = {
    Kind.NOT_LISTED: "Nobody listed it here",
    Kind.PARTNER: "Another partner's in reports",
    Kind.NAME: "Name differs",
    Kind.PUBLIC: "Public or private differs",
    Kind.PAYMENT: "Payment model differs",
    Kind.NOT_HERE: "Hosting is in reports only",
    Kind.NOT_THERE: "Hosting is not in reports",
}


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one side says of an app; None and the empty text: it does not say.

    `partner` is the key of whose app it is; `hostings` maps the kinds of hosting it is on to the
    payment model, None where it says nothing of hosting at all.
    """

    partner: str = ""
    name: str = ""
    public: bool | None = None
    hostings: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing they differ about; `hosting` where it is about one kind of it."""

    kind: Kind
    hosting: str = ""
    reported: str = ""
    said: str = ""


def differences(said: Word | None, reported: Word) -> tuple[Difference, ...]:
    """Tell where what people said differs from what is reported; None: nobody said a thing.

    What one side does not say is no difference.
    """
    if said is None:
        return (Difference(kind=Kind.NOT_LISTED, reported=reported.name),)
    return (*_of_app(said, reported), *_of_hostings(said, reported))


def _of_app(said: Word, reported: Word) -> Iterator[Difference]:
    if reported.partner and reported.partner != said.partner:
        yield Difference(kind=Kind.PARTNER, reported=reported.partner, said=said.partner)
    if reported.name and reported.name != said.name:
        yield Difference(kind=Kind.NAME, reported=reported.name, said=said.name)
    if reported.public is not None and reported.public != said.public:
        yield Difference(
            kind=Kind.PUBLIC, reported=_public(reported.public), said=_public(bool(said.public))
        )


def _of_hostings(said: Word, reported: Word) -> Iterator[Difference]:
    ours, theirs = said.hostings, reported.hostings
    if ours is None or not theirs:
        return
    for hosting in sorted({*ours, *theirs}):
        if hosting not in ours:
            yield Difference(kind=Kind.NOT_HERE, hosting=hosting, reported=theirs[hosting])
        elif hosting not in theirs:
            yield Difference(kind=Kind.NOT_THERE, hosting=hosting, said=ours[hosting])
        elif theirs[hosting] and theirs[hosting] != ours[hosting]:
            yield Difference(
                kind=Kind.PAYMENT, hosting=hosting, reported=theirs[hosting], said=ours[hosting]
            )


def _public(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "public" if value else "private"


def told(kind: str, hosting: str, *, reported: str, said: str) -> str:
    """Say a difference in a sentence."""
    place = hosting_title(hosting)
    return {
        Kind.NOT_LISTED: "Reports speak of this app; nobody has listed it here.",
        Kind.PARTNER: f"Reports say the app is of {reported}; here it is of {said}.",
        Kind.NAME: f"Reports call it “{reported}”; here it is “{said}”.",
        Kind.PUBLIC: f"Reports say it is {reported}; here it is {said}.",
        Kind.PAYMENT: f"{place}: reports say “{payment_title(reported)}”; here it is "
        f"“{payment_title(said)}”.",
        Kind.NOT_HERE: f"Reports know it on {place} ({payment_title(reported)}); here it is not.",
        Kind.NOT_THERE: f"Here it runs on {place} ({payment_title(said)}); reports do not say so.",
    }[Kind(kind)]
