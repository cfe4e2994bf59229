"""What staff do with files: send, read again, import, drop, undo; download what was refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assay.core.issues import Refused
from assay.core.rights import IMPORT_FACTS, SEE_STAFF, UNDO_IMPORT
from assay.jobs.imports.commit_upload import ask_commit
from assay.jobs.imports.drop_upload import drop_upload
from assay.jobs.imports.preview_upload import read_again
from assay.jobs.imports.receive_upload import Said, receive_upload
from assay.jobs.imports.undo_import import ask_undo
from assay.jobs.imports.uploads import path_of
from assay.portal.access import Asked, staff_page
from assay.portal.uploads import too_large
from assay.portal.views.staff.imports import found
from assay.store.queries.imports.imports import partner_key_of, sources_used

MOST_FILES = 50


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or several files."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Check every file; none is a fault."""
        one_by_one = data if isinstance(data, list | tuple) and data else [data]
        files = [super(FilesField, self).clean(one, initial) for one in one_by_one]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Send at most %d files at once.") % MOST_FILES)
        return files


class HowToRead(forms.Form):
    """What the sender says of a report."""

    source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=60,
        help_text=gettext_lazy("A name for the sender, e.g. marketplace. Batches carry it."),
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )
    partner = forms.CharField(
        label=gettext_lazy("Whose report it is"),
        required=False,
        max_length=120,
        help_text=gettext_lazy(
            "Key or name of the partner, where the rows of a transactions report do not say."
        ),
    )
    as_of = forms.DateField(
        label=gettext_lazy("The day it shows"),
        required=False,
        help_text=gettext_lazy(
            "For a catalog or scope list whose file name has no day; for a table of facts, the "
            "day its rows speak of."
        ),
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def said(self) -> Said:
        """Return what was said; the form is valid when this is asked."""
        cleaned = self.cleaned_data
        partner = cleaned["partner"]
        return Said(
            source=cleaned["source"],
            partner_key=partner_key_of(partner) if partner else "",
            as_of=cleaned["as_of"],
        )


class Sending(HowToRead):
    """Files to send, and what is said of them."""

    reports = FilesField(label=gettext_lazy("Files"), allow_empty_file=True)
    field_order = ("reports", "source", "partner", "as_of")


@staff_page(IMPORT_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Asked) -> HttpResponseBase:
    """Send files, to be read; nothing is imported by that."""
    sources = sources_used()
    if request.method != "POST":
        first = sources[0] if sources else "marketplace"
        return _sending(request, Sending(initial={"source": first}), sources)
    form = Sending(request.POST, request.FILES)
    if too_large(request):
        most = filesizeformat(settings.UPLOAD_LIMIT_BYTES)
        form.add_error("reports", _("This is more than %s, the most that may be sent.") % most)
    if not form.is_valid():
        return _sending(request, form, sources, status=422)
    received = [
        receive_upload(_on_disk(file), file.name, form.said(), by=request.user, at=request.now)
        for file in form.cleaned_data["reports"]
    ]
    if len(received) == 1:
        return redirect("staff_import", received[0].pk)
    told = ngettext("%d file is being read.", "%d files are being read.", len(received))
    messages.success(request, told % len(received))
    return redirect("staff_imports")


def _sending(
    request: Asked, form: Sending, sources: tuple[str, ...], *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "sources": sources, "most": settings.UPLOAD_LIMIT_BYTES}
    return render(request, "staff/imports_send.html", context, status=status)


def _on_disk(file: TemporaryUploadedFile) -> Path:
    file.flush()
    return Path(file.temporary_file_path())


@staff_page(IMPORT_FACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: Asked, pk: int) -> HttpResponseBase:
    """Have a file read again, with what was missing or wrong before."""
    sent = found(pk)
    said = {"source": sent.source, "partner": sent.partner_key, "as_of": sent.as_of}
    form = HowToRead(request.POST) if request.method == "POST" else HowToRead(initial=said)
    if request.method == "POST" and form.is_valid():
        return _done(
            request, pk, lambda: read_again(pk, form.said(), by=request.user, at=request.now)
        )
    context = {"sent": sent, "form": form, "sources": sources_used()}
    status = 422 if form.errors else 200
    return render(request, "staff/imports_again.html", context, status=status)


@staff_page(IMPORT_FACTS)
@require_POST
def commit(request: Asked, pk: int) -> HttpResponseBase:
    """Import a file that was previewed."""
    found(pk)
    return _done(request, pk, lambda: ask_commit(pk, by=request.user, at=request.now))


@staff_page(IMPORT_FACTS)
@require_POST
def drop(request: Asked, pk: int) -> HttpResponseBase:
    """Drop a file that is not imported."""
    found(pk)
    told = _("The file is dropped. Nothing of it was imported.")
    return _done(request, pk, lambda: drop_upload(pk, by=request.user, at=request.now), told)


class WhyUndone(forms.Form):
    """Why an import is undone."""

    why = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        max_length=300,
        help_text=gettext_lazy("Kept with the import, for whoever asks later."),
    )


@staff_page(UNDO_IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: Asked, pk: int) -> HttpResponseBase:
    """Undo an import, after having read what that means."""
    sent = found(pk)
    form = WhyUndone(request.POST) if request.method == "POST" else WhyUndone()
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        return _done(request, pk, lambda: ask_undo(pk, why, by=request.user, at=request.now))
    status = 422 if form.errors else 200
    return render(request, "staff/imports_undo.html", {"sent": sent, "form": form}, status=status)


@staff_page(SEE_STAFF)
@require_safe
def refused_rows(request: Asked, pk: int) -> HttpResponseBase:
    """Download every refused row as it was sent, with what is wrong beside it."""
    del request
    sent = found(pk)
    path = path_of(sent.rejected_file)
    if not sent.rejected_file or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"refused-{sent.id}.csv",
        content_type="text/csv; charset=utf-8",
    )


def _done(request: Asked, pk: int, act: Callable[[], object], told: str = "") -> HttpResponseBase:
    """Do an act and show the file; where it was refused, say why."""
    try:
        act()
    except Refused as refused:
        for issue in refused.issues:
            messages.error(request, f"{issue.message} {issue.hint}".strip())
    else:
        if told:
            messages.success(request, told)
    return redirect("staff_import", pk)
