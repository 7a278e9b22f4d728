"""Reading YAML that a stranger wrote: bounded before it is parsed, and no more than data."""

import re
from decimal import Decimal
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml: the same, slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]

LONGEST = 200_000
"""Characters that a file may have."""

DEEPEST = 12
"""Levels that a file may nest."""


class Unreadable(Exception):
    """Text that is not read, with the line, from 1, the field, and what keeps it from being."""

    def __init__(self, line: int, field: str, message: str) -> None:
        self.line, self.field, self.message = line, field, message
        super().__init__(f"line {line}: {field}: {message}")


def compose(text: str, longest: int = LONGEST) -> yaml.Node:
    """Return the node tree of *text*, once it is known to be harmless.

    Raises:
        Unreadable: it is longer than *longest* characters, no YAML, or grows when it is read.
    """
    if len(text) > longest:
        raise Unreadable(1, "file", f"is longer than {longest:,} characters")
    try:
        _check_events(text)
        root = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "unreadable"
        raise Unreadable(mark.line + 1 if mark else 1, "file", f"is not YAML: {what}") from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise Unreadable(1, "file", f"is not YAML: {_first_line(error)}") from None
    if root is None:
        raise Unreadable(1, "file", "is empty")
    return root


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["unreadable"])[0]


def _check_events(text: str) -> None:
    """Refuse what grows when it is read: references to earlier nodes, and deep nesting."""
    depth = 0
    for event in yaml.parse(text, Loader=Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(line, "file", "repeats a part by reference; write it out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Unreadable(line, "file", f"nests more than {DEEPEST} levels deep")


def value_of(node: yaml.Node, field: str = "") -> Any:
    """Return what *node* stands for; mappings with text keys, each once.

    A number with a point is a `Decimal`, which keeps it as it was written.

    Raises:
        Unreadable: there is something in it that no file of ours has a use for.
    """
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _KINDS[type(node)]:
        line = node.start_mark.line + 1
        raise Unreadable(line, field or "file", "is of a kind that a case has no use for")
    if isinstance(node, yaml.SequenceNode):
        return [value_of(each, f"{field}[{n}]") for n, each in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node, field)
    values: dict[str, Any] = {}
    for key, value in node.value:
        name, line = key.value, key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            raise Unreadable(line, field or "file", "has a field whose name is not text")
        inner = f"{field}.{name}".lstrip(".")
        if name in values:
            raise Unreadable(line, inner, "stands there twice")
        values[name] = value_of(value, inner)
    return values


_KINDS: dict[type[yaml.Node], tuple[str, ...]] = {
    yaml.MappingNode: ("map",),
    yaml.SequenceNode: ("seq",),
    yaml.ScalarNode: ("str", "int", "float", "bool", "null", "timestamp"),
}
"""The tags that a case has a use for, by what they stand before."""

_NUMBER = re.compile(r"[-+]?((0|[1-9]\d*)(\.\d*)?|\.\d+)")
"""How a number is written: YAML would read 010 as 8, and 1:30 as 90."""

_UNREADABLE = (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError)
"""What PyYAML raises where a tag, like `!!bool`, stands before text that is no such thing."""


def _scalar(node: yaml.ScalarNode, field: str) -> Any:
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if kind in ("int", "float") and _NUMBER.fullmatch(node.value) is None:
        raise Unreadable(node.start_mark.line + 1, field or "file", _QUOTE)
    if kind == "float":
        return Decimal(node.value)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except _UNREADABLE:
        raise Unreadable(node.start_mark.line + 1, field or "file", _QUOTE) from None


_QUOTE = "cannot be read; put it in quotes"


def line_in(root: yaml.Node, field: str) -> int:
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
