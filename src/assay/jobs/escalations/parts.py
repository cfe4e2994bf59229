"""What every act on an escalation shares: its row under a lock, its turns, files and facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from assay.core.clock import microseconds
from assay.core.escalations import Turn
from assay.core.issues import Issue, Refused
from assay.gateways.attachments import MEGABYTE, Attached
from assay.jobs.content.attach import attachments
from assay.jobs.imports.state_facts import say
from assay.store.models import Escalation, EscalationFile, EscalationTurn, Person

MOST_FILES = 5  # of one turn
MOST_BYTES = 10 * MEGABYTE  # of one file


@dataclass(frozen=True, kw_only=True)
class SentFile:
    """A file as somebody sent it: its content and its name."""

    content: IO[bytes]
    name: str


@contextmanager
def kept(files: Sequence[SentFile]) -> Iterator[list[Attached]]:
    """Keep files while an act is done, and remove them again where it fails; raises Refused."""
    if len(files) > MOST_FILES:
        raise refused("attachments", f"are more than {MOST_FILES}", "send the most telling ones")
    done: list[Attached] = []
    try:
        for sent in files:
            one = attachments().keep(sent.content, sent.name, column="attachments", most=MOST_BYTES)
            done.append(one)
        yield done
    except BaseException:
        for one in done:
            attachments().remove(one.file)
        raise


def locked(escalation_id: int) -> Escalation:
    """Return an escalation with its partner, locked until the transaction ends."""
    return (
        Escalation.objects.select_for_update(of=("self",))
        .select_related("partner", "app", "opened_by")
        .get(pk=escalation_id)
    )


def take_turn(  # noqa: PLR0913 - what, in which escalation, by whom of which side, when, with what
    escalation: Escalation,
    turn: Turn,
    *,
    by: Person | None,
    by_partner: bool,
    at: datetime,
    text: str = "",
    files: Iterable[Attached] = (),
) -> EscalationTurn:
    """Add what was said or done, with its files."""
    taken = EscalationTurn.objects.create(
        escalation=escalation, turn=turn, by=by, by_partner=by_partner, at=at, text=text
    )
    for one in files:
        keep_file(escalation, one, turn=taken)
    return taken


def keep_file(
    escalation: Escalation, one: Attached, *, turn: EscalationTurn | None = None
) -> EscalationFile:
    """Keep the row of a file that was kept."""
    return EscalationFile.objects.create(
        escalation=escalation,
        turn=turn,
        file=one.file,
        name=one.name,
        media_type=one.media_type,
        size=one.size,
    )


def state(escalation: Escalation, *, why: str, at: datetime, by: Person | None) -> None:
    """State what facts tell of an escalation; with a key known already it is a restatement."""
    answered = escalation.answered_at
    row = {
        "escalation_id": escalation.key,
        "partner_id": escalation.partner.key,
        "opened_at": microseconds(escalation.opened_at),
        "responded_at": None if answered is None else microseconds(answered),
    }
    say(escalation.partner, {"escalations": [row]}, why=why, at=at, by=by)


def title_of(escalation: Escalation) -> str:
    """Name an escalation in a sentence."""
    return escalation.subject or escalation.key


def partner_page(escalation: Escalation) -> str:
    """Return the path at which members see it."""
    return f"/portal/{escalation.partner.slug}/escalations/{escalation.pk}/"


def staff_page(escalation: Escalation) -> str:
    """Return the path at which staff see it."""
    return f"/staff/escalations/{escalation.pk}/"


def refused(column: str, message: str, hint: str) -> Refused:
    """Return a refusal of what was asked of an escalation."""
    return Refused(Issue(file="escalation", column=column, message=message, hint=hint))
