"""Remove files that somebody attached and no row names: what was sent was not done after all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.apps import apps
from django.db.models import CharField

from assay.jobs.content.attach import attachments

LEFT_ALONE = timedelta(days=1)  # a file is kept before the row that names it


def sweep_files(*, at: datetime) -> int:
    """Remove attached files of more than a day ago that no row names; returns how many.

    Named is what stands in a column `file` of any table, so that none of a new table is lost.
    """
    attached = attachments()
    old = attached.older_than(at - LEFT_ALONE)
    named = set[str]()
    for model in apps.get_app_config("store").get_models() if old else ():
        column = next((one for one in model._meta.fields if one.name == "file"), None)  # noqa: SLF001 - Django's own name
        if isinstance(column, CharField):
            rows = model._default_manager.filter(file__in=old)  # noqa: SLF001 - likewise
            named.update(rows.order_by().values_list("file", flat=True))
    for file in (gone := set(old) - named):
        attached.remove(file)
    return len(gone)
