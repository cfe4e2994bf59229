"""Outbox: which mail failed, why, and shall it go out again?"""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import SEE_STAFF, SEND_NOTICES, staff_may
from assay.jobs.notices.send_mail import resend_mail
from assay.portal.access import Asked, staff_page
from assay.portal.lists import Filters, List, Moment, list_page
from assay.portal.templatetags.figures import moment
from assay.store.models import Mail
from assay.store.queries.notices.outbox import mails, mails_by_state, narrowed, outgoing

STATES = {
    Mail.State.WAITING: gettext_lazy("Waiting"),
    Mail.State.SENDING: gettext_lazy("Being sent"),
    Mail.State.SENT: gettext_lazy("Sent"),
    Mail.State.FAILED: gettext_lazy("Failed"),
    Mail.State.UNSURE: gettext_lazy("May have been sent"),
}
STUCK = (Mail.State.FAILED, Mail.State.UNSURE)


class Mails(List):
    """A row a mail: what became of it, and why."""

    subject = django_tables2.Column(
        verbose_name=gettext_lazy("Mail"), attrs={"td": {"class": "roomy"}}
    )
    to = django_tables2.Column(verbose_name=gettext_lazy("To"))
    state = django_tables2.Column(verbose_name=gettext_lazy("State"))
    error = django_tables2.Column(verbose_name=gettext_lazy("Why"), visible=False)
    attempts = django_tables2.Column(verbose_name=gettext_lazy("Tries"), visible=False)
    made_at = Moment(verbose_name=gettext_lazy("Written"))
    sent_at = Moment(verbose_name=gettext_lazy("Sent"), visible=False)
    caption = gettext_lazy("Mails")
    empty_title = gettext_lazy("No mail has been written yet")
    empty_hint = gettext_lazy("Every mail of this installation stands here from then on.")

    def render_subject(self, value: str, record: dict[str, Any]) -> str:
        """Link the mail."""
        return format_html('<a href="{}">{}</a>', reverse("staff_mail", args=[record["pk"]]), value)

    def value_subject(self, value: str) -> str:
        """Return the subject alone."""
        return value

    def render_state(self, value: str, record: dict[str, Any]) -> str:
        """Say the state, and why; what needs a person stands out."""
        words = str(STATES[Mail.State(value)])
        if value in STUCK:
            words = format_html('<span class="risk">{}</span>', words)
        if record["error"]:
            return format_html('{} <span class="why">{}</span>', words, record["error"])
        sent = moment({"reader": self.request.reader}, record["sent_at"])
        return format_html('{} <span class="why still">{}</span>', words, sent) if sent else words

    def value_state(self, value: str) -> str:
        """Return the state in words."""
        return str(STATES[Mail.State(value)])


class MailFilters(Filters):
    """Narrow mails by what became of them and by address or subject."""

    q = forms.CharField(required=False, max_length=200, label=gettext_lazy("Address or subject"))
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State"),
        choices=[
            ("", gettext_lazy("All")),
            ("stuck", gettext_lazy("Needs somebody")),
            *STATES.items(),
        ],
    )

    def narrow(self, rows: Any) -> Any:
        """Return the mails that pass."""
        state = self.cleaned_data["state"]
        if state:
            rows = rows.filter(state__in=STUCK if state == "stuck" else [state])
        return narrowed(rows, self.cleaned_data["q"]) if self.cleaned_data["q"] else rows


@staff_page(SEE_STAFF)
@require_safe
def outbox(request: Asked) -> HttpResponseBase:
    """Every mail, by state."""
    found = mails_by_state()
    return list_page(
        request,
        Mails,
        mails(),
        "staff/outbox.html",
        {
            "counts": [(state, STATES[state], found[state]) for state in Mail.State],
            "failed": found[Mail.State.FAILED],
            "unsure": found[Mail.State.UNSURE],
            "waiting": found[Mail.State.WAITING],
        },
        filters=MailFilters,
        file="mails",
    )


@staff_page(SEE_STAFF)
@require_safe
def mail(request: Asked, mail: int) -> HttpResponse:
    """One mail: its text, what became of it, why."""
    found = outgoing(mail)
    if found is None:
        raise Http404
    return render(
        request,
        "staff/mail.html",
        {
            "mail": found,
            "state": STATES[Mail.State(found.state)],
            "stuck": found.state in STUCK,
            "may_resend": staff_may(request.user.staff_role, SEND_NOTICES),
        },
    )


@staff_page(SEND_NOTICES)
@require_POST
def resend(request: Asked, mail: int) -> HttpResponse:
    """Let a mail go out again."""
    if outgoing(mail) is None:
        raise Http404
    try:
        resend_mail(mail, by=request.user, at=request.now)
    except Refused as refused:
        messages.error(request, f"{refused.issues[0].message}. {refused.issues[0].hint}")
    else:
        messages.success(request, _("The mail goes out again in a moment."))
    return redirect("staff_mail", mail)
