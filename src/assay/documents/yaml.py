"""YAML read as text, strictly: no guessed types, no repeated keys, every value with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NoReturn
from unicodedata import category

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from assay.core.issues import Issue, Refused
from assay.documents.hints import known

MOST_BYTES = 1_000_000
MOST_DEPTH = 20
_PLAIN_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "merge", "value", "seq", "map")
_YAML_HINT = "check indentation and quotes near this line"


@dataclass(frozen=True)
class Scalar:
    """A value as it is written, quotes taken off; empty text where nothing is written."""

    text: str
    line: int


@dataclass(frozen=True)
class Items:
    """A list of values."""

    items: tuple[Value, ...]
    line: int


@dataclass(frozen=True)
class Fields:
    """A mapping, in the order of the file, with the line of each key."""

    fields: dict[str, Value]
    lines: dict[str, int]
    line: int


Value = Scalar | Items | Fields


def read_yaml(path: Path, *, name: str) -> tuple[Fields, list[Issue]]:
    """Read one YAML document, a mapping, from `path`; `name` is what issues call the file.

    Returns the mapping and its faults so far (repeated keys); raises Refused where nothing can
    be read: no file, not UTF-8, not YAML, not a mapping, too large, aliases or tags.
    """
    value, issues = _read(_text(path, name), name)
    return value, list(issues)


@lru_cache(maxsize=16)
def _read(text: str, name: str) -> tuple[Fields, tuple[Issue, ...]]:
    """Read a text, once while it is among the last: programs are read often and change rarely."""
    try:
        reader = _Reader(name, YAML(typ="safe", pure=True).parse(text))
        value = reader.document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        problem = (error.problem or error.context or "it cannot be read").strip()
        hint = "indent with spaces, not with tabs" if r"'\t'" in problem else _YAML_HINT
        raise Refused(
            Issue(file=name, line=line, message=f"not valid YAML: {problem}", hint=hint)
        ) from None
    except (YAMLError, ValueError) as error:
        problem = " ".join(str(error).split())[:200]
        raise Refused(
            Issue(file=name, message=f"not valid YAML: {problem}", hint=_YAML_HINT)
        ) from None
    if not isinstance(value, Fields):
        raise Refused(
            Issue(
                file=name, line=1, message="a mapping is expected", hint="begin with `key: value`"
            )
        )
    return value, tuple(reader.issues)


def _text(path: Path, name: str) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise Refused(
                Issue(file=name, message="larger than 1 MB", hint="split it, or check the path")
            )
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            Issue(
                file=name,
                line=error.object[: error.start].count(b"\n") + 1,
                message=f"not UTF-8 at byte {error.start}",
                hint="save it as UTF-8",
            )
        ) from None
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise Refused(Issue(file=name, message=reason, hint="check the path")) from None


def lines_of(fields: Fields) -> dict[tuple[str, ...], int]:
    """Map the path of every key, e.g. `("tiers", "gold")`, to its line."""
    lines: dict[tuple[str, ...], int] = {}
    for key, value in fields.fields.items():
        lines[key,] = fields.lines[key]
        if isinstance(value, Fields):
            lines.update({(key, *path): line for path, line in lines_of(value).items()})
    return lines


def _is_control(character: str) -> bool:
    """Whether a character steers a terminal or the direction of text instead of showing."""
    return character not in "\n\t" and category(character) in ("Cc", "Cf", "Cs")


class _Reader:
    """Turns the events of a text to values, noting faults."""

    def __init__(self, name: str, events: Iterator[Event]) -> None:
        self.name = name
        self.issues: list[Issue] = []
        self._events = events

    def document(self) -> Value | None:
        """Read the one document; None where there is nothing."""
        value = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if value is not None:
                    message = "not valid YAML: another document begins"
                    self._refuse(event, message, "one file holds one document")
                value = self._value(next(self._events), depth=0)
        return value

    def _value(self, event: Event, *, depth: int) -> Value:
        line = self._checked(event, depth)
        if isinstance(event, ScalarEvent):
            return Scalar(event.value, line)
        if isinstance(event, SequenceStartEvent):
            return Items(tuple(self._items(depth + 1)), line)
        return self._mapping(line, depth)

    def _checked(self, event: Event, depth: int) -> int:
        """Refuse what a program file has no use for; return the line."""
        if isinstance(event, AliasEvent):
            self._refuse(event, "aliases (`*name`) are not read", "write it out")
        if depth > MOST_DEPTH:
            self._refuse(event, "nested too deeply", f"at most {MOST_DEPTH} levels")
        tag = event.tag if isinstance(event, ScalarEvent | CollectionStartEvent) else None
        if tag and str(tag).removeprefix("tag:yaml.org,2002:") not in _PLAIN_TAGS:
            self._refuse(event, f"tags (`{tag}`) are not read", "write it out")
        if isinstance(event, ScalarEvent) and any(map(_is_control, event.value)):
            self._refuse(event, "a text holds a control character", "write it out")
        return _line(event)

    def _items(self, depth: int) -> Iterator[Value]:
        while not isinstance(event := next(self._events), SequenceEndEvent):
            yield self._value(event, depth=depth)

    def _mapping(self, line: int, depth: int) -> Fields:
        fields: dict[str, Value] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key_line = self._checked(event, depth)
            if not isinstance(event, ScalarEvent):
                self._refuse(event, "a key must be plain text", "write `key: value`")
            key = event.value
            value = self._value(next(self._events), depth=depth + 1)
            if key in fields:
                message = f"`{key}` is repeated; it stands first on line {lines[key]}"
                hint = "delete one of the two"
                self.issues.append(Issue(file=self.name, line=key_line, message=message, hint=hint))
                continue
            fields[key] = value
            lines[key] = key_line
        return Fields(fields, lines, line)

    def _refuse(self, event: Event, message: str, hint: str) -> NoReturn:
        raise Refused(Issue(file=self.name, line=_line(event), message=message, hint=hint))


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


class Form:
    """Takes the fields of one mapping, noting what is missing, wrong or not known.

    `issues` is shared by all forms of a document, so that every fault is told in one go.
    """

    def __init__(
        self, fields: Fields, *, file: str, what: str, issues: list[Issue], line: int = 1
    ) -> None:
        """Wrap `fields`; `what` names the thing in messages, e.g. "measure `gross_sales`"."""
        self.fields = fields
        self.file = file
        self.what = what
        self.issues = issues
        self.line = line
        self._taken: set[str] = set()

    def fault(self, message: str, hint: str, *, key: str | None = None) -> None:
        """Note a fault at `key`, or at the mapping."""
        line = self.line if key is None else self.fields.lines.get(key, self.line)
        self.issues.append(Issue(file=self.file, line=line, message=message, hint=hint))

    def text(self, key: str, *, default: str | None = None) -> str:
        """Take a text; a missing one is a fault unless there is a default."""
        value = self._take(key)
        if isinstance(value, Scalar) and value.text.strip():
            return value.text.strip()
        if value is None and default is not None:
            return default
        if value is None or isinstance(value, Scalar):
            self.fault(f"{self.what}: `{key}` is missing", f"write `{key}: …`", key=key)
        else:
            self.fault(f"{self.what}: `{key}` must be one value", f"write `{key}: …`", key=key)
        return default or ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; one that is not there is empty."""
        value = self._take(key)
        if value is None:
            return ()
        items = value.items if isinstance(value, Items) else ()
        if not items or not all(isinstance(item, Scalar) for item in items):
            self.fault(f"{self.what}: `{key}` must be a list", f"write `{key}: [a, b]`", key=key)
        return tuple(item.text for item in items if isinstance(item, Scalar))

    def forms(self, key: str, *, what: str, needed: bool = True) -> Iterator[tuple[str, Form]]:
        """Take a mapping of mappings, e.g. all measures by name."""
        value = self._take(key)
        if isinstance(value, Fields):
            for name, inner in value.fields.items():
                if isinstance(inner, Fields):
                    label = f"{what} `{name}`"
                    line = value.lines[name]
                    yield (
                        name,
                        Form(inner, file=self.file, what=label, issues=self.issues, line=line),
                    )
                else:
                    self.issues.append(
                        Issue(
                            file=self.file,
                            line=value.lines[name],
                            message=f"{what} `{name}` must have fields",
                            hint="indent its fields below the name",
                        )
                    )
        elif value is not None or needed:
            self.fault(f"`{key}` is missing or has no fields", f"write `{key}:`", key=key)

    def form(self, key: str, *, needed: bool = True) -> Form | None:
        """Take one mapping; one that is not `needed` may be missing."""
        value = self._take(key)
        if isinstance(value, Fields):
            line = self.fields.lines[key]
            return Form(value, file=self.file, what=f"`{key}`", issues=self.issues, line=line)
        if value is None and not needed:
            return None
        self.fault(f"{self.what}: `{key}` is missing", f"write `{key}:` and its fields", key=key)
        return None

    def scalars(self, key: str) -> dict[str, str]:
        """Take a mapping of names to single values; one that is not there is empty."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, Fields) or not all(
            isinstance(inner, Scalar) for inner in value.fields.values()
        ):
            self.fault(f"{self.what}: `{key}` must hold single values", "one a line", key=key)
            return {}
        return {n: v.text.strip() for n, v in value.fields.items() if isinstance(v, Scalar)}

    def value(self, key: str) -> Value | None:
        """Take whatever stands at the key."""
        return self._take(key)

    def has(self, key: str) -> bool:
        """Tell whether the key is there."""
        return key in self.fields.fields

    def rest(self) -> list[str]:
        """Name the keys that nothing has taken yet, in order."""
        return [key for key in self.fields.fields if key not in self._taken]

    def close(self, fields: str = "", *, tiers: Iterable[str] = ()) -> None:
        """Note every key that nothing has taken; the hint names `fields`, else all that were.

        A row may also have `tiers` as keys.
        """
        unknown = "is neither a field nor a tier" if tiers else "is not known"
        for key in self.rest():
            hint = fields or known(key, sorted({*self._taken, *tiers}), what="known here")
            self.fault(f"{self.what}: `{key}` {unknown}", hint, key=key)

    def _take(self, key: str) -> Value | None:
        self._taken.add(key)
        return self.fields.fields.get(key)
