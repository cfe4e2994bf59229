"""A program as its two texts, its own and its vocabulary's: all that is needed to read it again."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from assay.core.program import Program
from assay.core.records import program_digest
from assay.documents.programs import PROGRAM_FILE, read_program
from assay.documents.vocabularies import vocabulary_file
from assay.documents.yaml import Form, read_yaml


@dataclass(frozen=True, kw_only=True)
class ProgramTexts:
    """The text of a program file, and of the vocabulary that it speaks."""

    program: str
    vocabulary: str

    @property
    def digest(self) -> str:
        """The digest that names the program."""
        return program_digest(self.program, self.vocabulary)

    def read(self) -> Program:
        """Read the program; raises Refused as for a file."""
        with tempfile.TemporaryDirectory(prefix="assay-") as folder:
            program, vocabulary = Path(folder) / PROGRAM_FILE, Path(folder) / "vocabulary.yaml"
            program.write_bytes(self.program.encode())
            vocabulary.write_bytes(self.vocabulary.encode())
            return read_program(str(program), vocabulary=vocabulary)[0]


def texts_of(file: Path) -> ProgramTexts:
    """Return the texts of a program file that can be read; raises Refused."""
    fields, issues = read_yaml(file, name=str(file))
    form = Form(fields, file=str(file), what="program", issues=issues)
    vocabulary = vocabulary_file(form.text("vocabulary"))
    return ProgramTexts(
        program=file.read_bytes().decode(), vocabulary=vocabulary.read_bytes().decode()
    )
