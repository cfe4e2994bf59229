"""docs/commands.md against the commands there are."""

import pytest
import typer

from assay.cli.main import app
from tests.docs.pages import rows, sections

SECTIONS = sections("docs/commands.md")


def commands(command, name):
    """Yield every command that does something, with its whole name."""
    if hasattr(command, "commands"):
        for inner, child in command.commands.items():
            yield from commands(child, f"{name} {inner}")
    else:
        yield name, command


COMMANDS = dict(commands(typer.main.get_command(app), "assay"))


def test_every_command_has_a_section_and_every_section_a_command():
    documented = {name for name in SECTIONS if name.startswith("assay ")}
    assert documented == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_documented_and_marked_where_it_has_to_be_given(name):
    documented = {
        row[0].strip("*").strip("`").partition(" ")[0]: row[0].endswith("*")
        for row in rows(SECTIONS[name])
    }
    options, arguments = {}, []
    for parameter in COMMANDS[name].params:
        if parameter.param_type_name == "argument":
            arguments.append(parameter.required)
        elif parameter.name != "help":
            options[parameter.opts[0]] = parameter.required
    assert {k: v for k, v in documented.items() if k.startswith("--")} == options
    assert [v for k, v in documented.items() if not k.startswith("--")] == arguments
