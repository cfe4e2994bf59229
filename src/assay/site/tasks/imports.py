"""Tasks of imports: one file at a time, so that memory is bounded."""

from __future__ import annotations

from procrastinate import App

from assay.jobs.imports import catch_up_imports as imports
from assay.jobs.imports import commit_upload as commits
from assay.jobs.imports import preview_upload as previews
from assay.jobs.imports import undo_import as undoings
from assay.site.tasks.clock import now


def register(app: App) -> None:
    """Tell the worker's app these tasks."""

    @app.task(name="preview_upload", queue="imports", lock="imports")
    def preview_upload(upload: int) -> None:
        previews.preview_upload(upload, now=now)

    @app.task(name="commit_upload", queue="imports", lock="imports")
    def commit_upload(upload: int) -> None:
        commits.commit_upload(upload, now=now)

    @app.task(name="undo_import", queue="imports", lock="imports")
    def undo_import(upload: int) -> None:
        undoings.undo_import(upload, now=now)

    @app.periodic(cron="* * * * *")
    @app.task(name="catch_up_imports", queueing_lock="catch_up_imports")
    def catch_up_imports(timestamp: int) -> None:  # noqa: ARG001 - procrastinate gives when it was due
        imports.catch_up_imports(at=now())
        imports.sweep_broken_off(at=now())
