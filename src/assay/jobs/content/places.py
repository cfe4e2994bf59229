"""Places at what people sign up for: who has one, who moves up, and who is told of what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from assay.core.content import Session, precedence
from assay.core.notices.content import SESSION_CHANGED, SIGN_UP_MOVED
from assay.core.notices.kind import Kind
from assay.jobs.content.in_force import in_force
from assay.jobs.notices.tell import tell
from assay.store.models import Post, SignUp
from assay.store.queries.content.readable import Member, audience_of, session_of, signed_up
from assay.words.sessions import session_words


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What people who signed up are told: the lead of its subject, a sentence, of which event."""

    kind: Kind
    lead: str
    words: str
    occasion: str = ""

    def at(self, occasion: str) -> Telling:
        """Return it for one event; who was told of it is not told again."""
        return replace(self, occasion=occasion)


_MOVED = Telling(
    kind=SIGN_UP_MOVED, lead="A place for you", words="A place became free, and it is yours."
)
_CHANGED = Telling(
    kind=SESSION_CHANGED,
    lead="Another time",
    words="The time has changed. Take the calendar file again, or change it in your calendar.",
)
_IN = (SignUp.State.SEATED, SignUp.State.WAITING)


def seated(post: Post) -> int:
    """Return how many have a place."""
    return post.sign_ups.filter(state=SignUp.State.SEATED).count()


def is_open(post: Post, *, at: datetime) -> bool:
    """Tell whether people can sign up for a post at a moment."""
    is_shown = post.published_at is not None and post.withdrawn_at is None
    is_coming = post.ends_at is None or at < post.ends_at
    return post.takes_sign_ups and is_shown and is_coming and post.cancelled_at is None


def fill_places(post: Post, *, at: datetime) -> None:
    """Give free places to those who wait, and tell them; the caller has taken the post.

    Those whose partner has a higher level of the post's benefit go first, then those who asked
    first. Who is not in the audience any more is passed over.
    """
    if not is_open(post, at=at):
        return
    (program, on), audience = in_force(at), audience_of(post)
    waiting = signed_up(post, on, program, states=(SignUp.State.WAITING,))
    turns = sorted(waiting, key=lambda pair: precedence(audience, pair[1].tier, program))
    free = len(turns) if post.places is None else max(post.places - seated(post), 0)
    for sign_up, member in turns[:free]:
        sign_up.state, sign_up.changed_at = SignUp.State.SEATED, at
        sign_up.save(update_fields=["state", "changed_at"])
        tell_member(_MOVED.at(f"{sign_up.pk}:{at}"), post, member, at=at)


def tell_of_change(post: Post, was: Session | None, *, at: datetime) -> None:
    """Tell those who signed up that the time is another; they are reminded anew."""
    session = session_of(post)
    if session is None or was is None or not is_open(post, at=at):
        return
    if (was.starts_at, was.ends_at) == (session.starts_at, session.ends_at):
        return
    post.reminded_at = None
    post.save(update_fields=["reminded_at"])
    tell_signed_up(_CHANGED.at(f"{post.pk}:{post.sequence}"), post, at=at)


def tell_signed_up(
    telling: Telling, post: Post, *, at: datetime, states: Iterable[str] = _IN
) -> int:
    """Tell everybody who has a place or waits, and is in the audience still; returns how many."""
    program, on = in_force(at)
    found = signed_up(post, on, program, states=states)
    for _, member in found:
        tell_member(telling, post, member, at=at)
    return len(found)


def tell_member(telling: Telling, post: Post, member: Member, *, at: datetime) -> None:
    """Tell a member of a post: when it takes place in their time zone, and where its page is."""
    session = session_of(post)
    when = [] if session is None else [session_words(session, member.person.time_zone or "UTC")]
    tell(
        telling.kind,
        occasion=telling.occasion,
        subject=f"{telling.lead}: {post.title}",
        body="\n\n".join([*when, telling.words]),
        link=f"/portal/{member.partner.slug}/resources/{post.slug}/",
        at=at,
        partner=member.partner,
        people=[member.person],
    )
