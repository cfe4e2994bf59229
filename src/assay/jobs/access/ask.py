"""Ask for access to the portal: the two conditions at once, then a mail that shows the address.

Whoever asks is always answered the same: what an address has asked before, or is in, is told to
the address alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from assay.core.addresses import Judged
from assay.core.issues import Issue, Refused
from assay.jobs.access.access_mail import mail_address, mail_asker
from assay.jobs.access.judge_address import judge_address
from assay.jobs.operations.events import record
from assay.jobs.people.seats import locked_partner
from assay.jobs.programs.programs import program_on
from assay.store.models import AccessRequest, Membership, Partner
from assay.store.queries.access.conditions import Choice, partner_chosen, partners_meant

OPEN_STATES = (
    AccessRequest.State.UNCONFIRMED,
    AccessRequest.State.OPEN,
    AccessRequest.State.ASKED,
)
UNKNOWN_PARTNER = "No partner of this name has an app that is paid via the platform"
_UNKNOWN_HINT = (
    "Give its whole name, or look for it among the partners. One whose first app is not listed yet "
    "needs no access: sign up, and begin its profile"
)
NOT_PAID = "{name} has no app that is paid via the platform"
_NOT_PAID_HINT = "It is eligible as soon as one of its apps is listed and paid via the platform"


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What holds of the two conditions; `judged` or `partner` is None where nothing is given yet.

    `looked_for`: a partner was named; `meant` are those to choose from where more than one may be
    meant; `paid` is None where no partner is chosen.
    """

    judged: Judged | None
    partner: Choice | None
    looked_for: bool
    meant: tuple[Choice, ...]
    paid: bool | None

    @property
    def hold(self) -> bool:
        """Whether both conditions hold."""
        return bool(self.paid and self.judged and self.judged.private)


def conditions_of(*, email: str, partner: str, on: date, chosen: str = "") -> Conditions:
    """Return what holds, of what is filled in so far; `chosen` is the slug of a partner.

    A partner that was chosen counts only as long as it is one that the text may mean.
    """
    meant, sure = _meant(partner.strip(), on)
    one = meant[0] if sure else next((each for each in meant if each.slug == chosen), None)
    return Conditions(
        judged=judge_address(email) if email.strip() else None,
        partner=one,
        looked_for=bool(partner.strip()),
        meant=() if sure else meant,
        paid=one.paid if one else None,
    )


def ask_for_access(slug: str, *, email: str, name: str, app: str, why: str, at: datetime) -> None:
    """Ask for access with an address; a mail to it has the link that confirms it.

    Raises Refused where a condition does not hold. Asked again while a request is open, it is the
    same request.
    """
    email = email.strip().lower()
    judged = judge_address(email)
    if not judged.private:
        raise _refused("email", judged.reason, judged.help)
    with transaction.atomic():
        partner = _eligible(slug, at.date())
        if Membership.objects.filter(
            partner=partner,
            person__emailaddress__email__iexact=email,
            person__emailaddress__verified=True,
        ).exists():
            _mail_member(partner, email, at)
            return
        found = partner.access_requests.filter(email=email, state__in=OPEN_STATES).first()
        if found is None:
            found = partner.access_requests.create(
                email=email, name=name, app=app, why=why, asked_at=at
            )
            _recorded(found, "access_asked", f"{email} asked for access to {partner}", at)
        else:
            _asked_again(found, name=name, app=app, why=why)
            _recorded(found, "access_asked_again", f"{email} asked again for {partner}", at)
        _mail_link(found, at)


def _eligible(slug: str, on: date) -> Partner:
    """Return the partner, locked; raises Refused as it may be told to anyone."""
    choice = partner_chosen(slug, on, _tiers(on))
    if choice is None:
        raise _refused("partner", UNKNOWN_PARTNER, _UNKNOWN_HINT)
    if not choice.paid:
        raise _refused("partner", NOT_PAID.format(name=choice.name), _NOT_PAID_HINT)
    return locked_partner(Partner.objects.get(slug=choice.slug).pk)


def _meant(text: str, on: date) -> tuple[tuple[Choice, ...], bool]:
    return partners_meant(text, on, _tiers(on)) if text else ((), False)


def _tiers(on: date) -> tuple[str, ...]:
    return tuple(program_on(settings.PROGRAM, on).tiers)


def _asked_again(found: AccessRequest, *, name: str, app: str, why: str) -> None:
    """Count it; as long as nobody showed the address, what was said last is what is asked."""
    found.times_asked += 1
    if found.state == AccessRequest.State.UNCONFIRMED:
        found.name, found.app, found.why = name, app, why
    found.save()


def _recorded(found: AccessRequest, act: str, words: str, at: datetime) -> None:
    record(act, words, at=at, partner=found.partner, target=f"access:{found.pk}")


def _mail_link(found: AccessRequest, at: datetime) -> None:
    if found.state == AccessRequest.State.UNCONFIRMED:
        mail_asker(
            found,
            subject=f"Confirm that you ask for access to {found.partner}",
            body=f"Somebody, and we hope it was you, asked for access to {found.partner} in the "
            f"{settings.SITE_TITLE} with this address. Confirm it, and the support team gets your "
            "request; the link works for three days.\n\nIf it was not you, do nothing.",
            link_words="Look at the request and confirm it",
            at=at,
        )
        return
    mail_asker(
        found,
        subject=f"You have asked for access to {found.partner} already",
        body="Your request is with the support team; asking again does not change its place. "
        "Follow it by this link, or by any that you have had before.",
        link_words="Follow your request",
        at=at,
    )


def _mail_member(partner: Partner, email: str, at: datetime) -> None:
    mail_address(
        email,
        f"You have access to {partner} already",
        f"You asked for access to {partner}, and you are in its team: sign in with this address. "
        "If you do not know the password any more, set a new one from there.",
        link=f"{settings.BASE_URL}/portal/{partner.slug}/",
        link_words="Sign in",
        at=at,
    )


def _refused(column: str, message: str, hint: str) -> Refused:
    return Refused(Issue(file="access", column=column, message=message, hint=hint))
