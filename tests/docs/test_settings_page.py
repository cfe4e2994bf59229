"""docs/settings.md against the variables there are."""

from assay.site.variables import VARIABLES
from tests.docs.pages import rows, sections


def test_every_variable_is_told_with_type_default_and_sentence():
    told = [
        [f"`{v.name}`", v.type, f"`{v.default}`" if v.default else "empty", v.sentence]
        for v in VARIABLES
    ]
    assert rows(sections("docs/settings.md")["Settings"]) == told
