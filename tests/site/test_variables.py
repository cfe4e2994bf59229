"""The environment variables: read, with defaults, or refused by name."""

from pathlib import Path

import pytest

from assay.core.issues import Refused
from assay.site.variables import VARIABLES, read_variables


def test_defaults_stand_where_nothing_is_said():
    values = read_variables({})
    assert values["ASSAY_DIR"] == Path("assay-home")
    assert values["ASSAY_HOSTS"] == ["127.0.0.1", "localhost"]
    assert values["ASSAY_WEB_PROCESSES"] == 3
    assert values["ASSAY_PROXIED"] is False
    assert set(values) == {variable.name for variable in VARIABLES}


def test_what_is_said_is_read():
    values = read_variables({"ASSAY_HOSTS": " a.example , b.example,", "ASSAY_PROXIED": "Yes"})
    assert values["ASSAY_HOSTS"] == ["a.example", "b.example"]
    assert values["ASSAY_PROXIED"] is True


def test_each_value_that_cannot_be_read_is_named():
    with pytest.raises(Refused) as refused:
        read_variables({"ASSAY_WEB_PROCESSES": "two", "ASSAY_PROXIED": "maybe"})
    assert [(issue.column, issue.value) for issue in refused.value.issues] == [
        ("ASSAY_PROXIED", "maybe"),
        ("ASSAY_WEB_PROCESSES", "two"),
    ]
