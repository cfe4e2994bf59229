"""Imports: is the data in, what was refused?"""

from __future__ import annotations

from typing import Any

import django_tables2
from django import forms
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assay.core.issues import Issue, Refused
from assay.core.rights import IMPORT_FACTS, SEE_STAFF, UNDO_IMPORT, staff_may
from assay.jobs.imports.show_imports import (
    TableIn,
    batch_shown,
    batches_shown,
    last_batch,
    tables_in,
)
from assay.portal.access import Asked, staff_page
from assay.portal.lists import Figure, Filters, List, Moment, list_page
from assay.store.queries.imports.imports import (
    MOVING,
    FileRow,
    SentFile,
    file_sent,
    files_sent,
    waiting_files,
)

STATES = {
    "reading": _("Being read"),
    "ready": _("Waits for you"),
    "committing": _("Being imported"),
    "done": _("Imported"),
    "refused": _("Refused"),
    "dropped": _("Dropped"),
    "undoing": _("Being undone"),
    "undone": _("Undone"),
}
KINDS = {
    "facts": _("Table of facts"),
    "undo": _("Undoing"),
    "portal": _("Said on the portal"),
    "transactions report": _("Transactions report"),
    "product catalog": _("Product catalog"),
    "bug bounty scope list": _("Bug bounty scope list"),
}


class Files(List):
    """A row a file that staff sent."""

    name = django_tables2.Column(verbose_name=_("File"))
    state = django_tables2.Column(verbose_name=_("State"))
    source = django_tables2.Column(verbose_name=_("From, sent by"))
    kind = django_tables2.Column(verbose_name=_("Kind"))
    uploaded_at = Moment(verbose_name=_("Sent"))
    new = Figure(verbose_name=_("New"))
    same = Figure(verbose_name=_("Same"))
    restated = Figure(verbose_name=_("Restated"))
    refused = Figure(verbose_name=_("Refused"))
    caption = _("Files that were sent")
    empty_title = _("No file was sent yet")
    empty_hint = _("Send a report; you see what it would change before anything is imported.")

    def render_name(self, value: str, record: FileRow) -> str:
        """Link the file."""
        address = reverse("staff_import", args=[record.id])
        return format_html('<a href="{}">{}</a>', address, value)

    def value_name(self, value: str) -> str:
        """Return the name alone."""
        return value

    def render_source(self, value: str, record: FileRow) -> str:
        """Tell where it comes from, and below who sent it."""
        return format_html('{}<br><span class="quiet">{}</span>', value, record.by)

    def value_source(self, value: str, record: FileRow) -> str:
        """Return both in one line."""
        return f"{value}, {record.by}"

    def render_state(self, value: str) -> str:
        """Tell the state: one that waits for somebody stands out."""
        kind = {"ready": "waits", "refused": "bad", "done": "good"}.get(value, "")
        return format_html('<span class="state {}">{}</span>', kind, STATES[value])

    def value_state(self, value: str) -> str:
        """Return the state in words."""
        return str(STATES[value])

    def render_kind(self, value: str) -> str:
        """Tell the kind of report."""
        return str(KINDS.get(value, value))


class FileFilters(Filters):
    """Narrow the files by state, source and name."""

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *STATES.items()]
    )
    q = forms.CharField(label=_("File or source"), required=False, max_length=100)

    def narrow(self, rows: tuple[FileRow, ...]) -> tuple[FileRow, ...]:
        """Return the files that pass."""
        state, sought = self.cleaned_data["state"], self.cleaned_data["q"].casefold()
        return tuple(
            row
            for row in rows
            if state in ("", row.state)
            and (sought in row.name.casefold() or sought in row.source.casefold())
        )


class Batches(List):
    """A row a batch of the ledger."""

    number = Figure(verbose_name=_("Batch"))
    file = django_tables2.Column(verbose_name=_("File"))
    kind = django_tables2.Column(verbose_name=_("Kind"))
    source = django_tables2.Column(verbose_name=_("From"))
    imported_at = Moment(verbose_name=_("Known since"))
    read = Figure(verbose_name=_("Rows"), accessor="counts__read")
    kept = Figure(verbose_name=_("New"), accessor="counts__kept")
    same = Figure(verbose_name=_("Same"), accessor="counts__already_held")
    restated = Figure(verbose_name=_("Restated"), accessor="counts__restatements")
    rejected = Figure(verbose_name=_("Refused"), accessor="counts__rejected")
    caption = _("Batches of the ledger")
    empty_title = _("The ledger is empty")
    empty_hint = _("Its first batch comes with the first import.")

    def render_number(self, value: int) -> str:
        """Link the batch."""
        return format_html('<a href="{}">{}</a>', reverse("staff_batch", args=[value]), value)

    def value_number(self, value: int) -> int:
        """Return the number alone."""
        return value

    def render_kind(self, value: str) -> str:
        """Tell the kind of report."""
        return str(KINDS.get(value, value))


@staff_page(SEE_STAFF)
@require_safe
def imports(request: Asked) -> HttpResponseBase:
    """What was sent and where it stands; what the ledger holds, and since when."""
    tables: tuple[TableIn, ...] = ()
    trouble: tuple[Issue, ...] = ()
    try:
        tables = tables_in()
    except Refused as refused:
        trouble = refused.issues
    context = {
        "tables": tables,
        "trouble": trouble,
        "waiting": waiting_files(),
        "may_import": staff_may(request.user.staff_role, IMPORT_FACTS),
    }
    return list_page(
        request,
        Files,
        files_sent(),
        "staff/imports.html",
        context,
        filters=FileFilters,
        file="imports",
    )


@staff_page(SEE_STAFF)
@require_safe
def one_import(request: Asked, pk: int) -> HttpResponse:
    """One file: what it is, what it would change or has changed, and what to do next."""
    sent = found(pk)
    context: dict[str, Any] = {
        "sent": sent,
        "state": STATES[sent.state],
        "kind": KINDS.get(sent.kind, sent.kind),
        "may_import": staff_may(request.user.staff_role, IMPORT_FACTS),
        "may_undo": staff_may(request.user.staff_role, UNDO_IMPORT),
        "nothing_new": not sent.new and not sent.restated,
        "moved_on": sent.state == "ready" and _moved_on(sent),
    }
    return render(request, "staff/imports_one.html", context)


@staff_page(SEE_STAFF)
@require_safe
def progress(request: Asked, pk: int) -> HttpResponse:
    """How far the worker is with a file: a part of its page, asked for again and again."""
    sent = found(pk)
    answer = render(request, "staff/imports_progress.html", {"sent": sent})
    if sent.state not in MOVING:
        answer["HX-Refresh"] = "true"
    answer["Cache-Control"] = "no-store"
    return answer


@staff_page(SEE_STAFF)
@require_safe
def batches(request: Asked) -> HttpResponseBase:
    """Every batch of the ledger, wherever it came from."""
    rows = shown_or_nothing()
    return list_page(request, Batches, rows, "staff/imports_batches.html", file="batches")


@staff_page(SEE_STAFF)
@require_safe
def batch(request: Asked, number: int) -> HttpResponse:
    """One batch of the ledger: what it brought, how it was read, whether it is undone."""
    try:
        shown = batch_shown(number)
    except Refused:
        shown = None
    if shown is None:
        raise Http404
    kind = KINDS.get(shown.kind, shown.kind)
    return render(request, "staff/imports_batch.html", {"batch": shown, "kind": kind})


def found(pk: int) -> SentFile:
    """Return a file that was sent; one that is not there is no page."""
    sent = file_sent(pk)
    if sent is None:
        raise Http404
    return sent


def shown_or_nothing() -> tuple[Any, ...]:
    """Return the ledger's batches, none where it cannot be read."""
    try:
        return batches_shown()
    except Refused:
        return ()


def _moved_on(sent: SentFile) -> bool:
    try:
        return last_batch() != sent.preview.get("after")
    except Refused:
        return False
