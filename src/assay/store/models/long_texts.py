"""A column for texts of many thousand characters that are written in bulk."""

from __future__ import annotations

from typing import Any

from django.db import models


class LongText(models.TextField):  # type: ignore[type-arg]  # a type argument would fail at run time
    """A text that is inserted as a value of its own, not as a part of an array.

    Django gathers what is inserted in bulk into an array a column, within which psycopg escapes
    every quotation mark by itself. A field that names its placeholder is left out of that.
    """

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:  # noqa: ANN401, ARG002 - Django's
        """Return what stands for the value in SQL."""
        return "%s"
