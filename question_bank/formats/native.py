"""The native format: one case a YAML file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import yaml

from question_bank.case import Case, InvalidCase, case_to_json, parse_case
from question_bank.first_format import WrittenReview, review_written

try:
    from yaml import CSafeDumper as Dumper
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: the same, slower
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LONGEST = 200_000
"""Characters that a case file may have."""

DEEPEST = 12
"""Levels that a case file may nest."""


@dataclass(frozen=True)
class FileProblem:
    """What is wrong, and where: the file, the line (from 1), the field."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class CaseFileError(Exception):
    """A file that holds no case, with everything that keeps it from holding one."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class _Refused(Exception):
    def __init__(self, line: int, field: str, message: str) -> None:
        self.line, self.field, self.message = line, field, message
        super().__init__(message)


def read_case(text: str, name: str) -> Case:
    """Return the case in *text*, the content of the file called *name*. See `read_reviewed`."""
    return read_reviewed(text, name)[0]


def read_reviewed(text: str, name: str) -> tuple[Case, WrittenReview | None]:
    """Return the case in *text*, and the review that a file of the first edition carries.

    Raises:
        CaseFileError: with every problem found; nothing else is ever raised for bad text.
    """
    try:
        root = _compose(text)
        data = _value(root)
    except _Refused as refused:
        problem = FileProblem(name, refused.line, refused.field, refused.message)
        raise CaseFileError([problem]) from None
    try:
        return parse_case(data), review_written(data)
    except InvalidCase as error:
        raise CaseFileError(
            FileProblem(name, _line_of(root, problem.field), problem.field, problem.message)
            for problem in error.problems
        ) from None


def line_of(text: str, field: str) -> int:
    """Return the line, from 1, where the case file *text* has *field*, like `items[0].lead_in`.

    Where there is no such field it is the line of the nearest part around it; 1 in a file that
    cannot be read.
    """
    try:
        return _line_of(_compose(text), field)
    except _Refused:
        return 1


def write_case(case: Case) -> str:
    """Return *case* as a file of the native format; `read_case` gives the same case back."""
    written: str = yaml.dump(
        case_to_json(case), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return written


def _compose(text: str) -> yaml.Node:
    """Return the node tree of *text*, once it is known to be harmless."""
    if len(text) > LONGEST:
        raise _Refused(1, "file", f"is longer than {LONGEST:,} characters")
    try:
        _check_events(text)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "unreadable"
        raise _Refused(mark.line + 1 if mark else 1, "file", f"is not YAML: {what}") from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise _Refused(1, "file", f"is not YAML: {_first_line(error)}") from None
    if root is None:
        raise _Refused(1, "file", "is empty")
    return root


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["unreadable"])[0]


def _check_events(text: str) -> None:
    """Refuse what grows when it is read: references to earlier nodes, and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise _Refused(line, "file", "repeats a part by reference; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(line, "file", f"nests more than {DEEPEST} levels deep")


def _value(node: yaml.Node, field: str = "") -> Any:
    """Return what *node* stands for; mappings with text keys, each once."""
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _KINDS[type(node)]:
        line = node.start_mark.line + 1
        raise _Refused(line, field or "file", "is of a kind that a case has no use for")
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, f"{field}[{n}]") for n, each in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(node, field)
    values: dict[str, Any] = {}
    for key, value in node.value:
        name, line = key.value, key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            raise _Refused(line, field or "file", "has a field whose name is not text")
        inner = f"{field}.{name}".lstrip(".")
        if name in values:
            raise _Refused(line, inner, "stands there twice")
        values[name] = _value(value, inner)
    return values


_KINDS: dict[type[yaml.Node], tuple[str, ...]] = {
    yaml.MappingNode: ("map",),
    yaml.SequenceNode: ("seq",),
    yaml.ScalarNode: ("str", "int", "float", "bool", "null", "timestamp"),
}
"""The tags that a case has a use for, by what they stand before."""

_UNREADABLE = (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError)
"""What PyYAML raises where a tag, like `!!bool`, stands before text that is no such thing."""


def _scalar(node: yaml.Node, field: str) -> Any:
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except _UNREADABLE:
        line = node.start_mark.line + 1
        raise _Refused(line, field or "file", "cannot be read; put it in quotes") from None


def _line_of(root: yaml.Node, field: str) -> int:
    """Return the line of *field*, or of the nearest part around it that exists."""
    node, line = root, root.start_mark.line + 1
    for index, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", field):
        inner = _child(node, name, int(index) if index else None)
        if inner is None:
            break
        node, line = inner
    return line


def _child(node: yaml.Node, name: str, index: int | None) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode) and name:
        for key, value in node.value:
            if key.value == name:
                return value, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and index is not None and index < len(node.value):
        return node.value[index], node.value[index].start_mark.line + 1
    return None
