"""Reading YAML that a stranger wrote: bounded before it is parsed, and no more than data."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
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


def read(text: str, longest: int = LONGEST) -> tuple[Any, list[Unreadable]]:
    """Return what *text* says, see `value_of`, and each text in it that a comment cuts off.

    Raises:
        Unreadable: as `compose` and `value_of`.
    """
    whole = text.removeprefix("\ufeff")
    if len(whole) <= longest and not any(sign in whole for sign in _BEFORE_COMMENTS):
        with suppress(_Unusual, yaml.YAMLError, UnicodeError, ValueError):
            return _at_once(whole), []
    root = compose(text, longest)
    return value_of(root), list(cut_texts(root, text))


_BEFORE_COMMENTS = (" #", "\t#")


class _Unusual(Exception):
    """Something that is to be looked at closely, and may be refused."""


def _at_once(text: str) -> Any:
    """Return what `value_of` makes of *text*, in one go, if nothing in it is unusual."""
    loader = Loader(text)
    try:
        if [type(loader.get_event()) for _ in range(2)] != _BEGINNING:
            raise _Unusual
        value = _value(loader.get_event(), loader.get_event, DEEPEST)
        if [type(loader.get_event()) for _ in range(2)] != _ENDING:
            raise _Unusual
        return value
    finally:
        loader.dispose()


_BEGINNING = [yaml.StreamStartEvent, yaml.DocumentStartEvent]
_ENDING = [yaml.DocumentEndEvent, yaml.StreamEndEvent]


def _value(event: Any, following: Callable[[], Any], deeper: int) -> Any:
    """Return what begins with *event*, which may nest so much *deeper*."""
    kind = type(event)
    if kind is yaml.AliasEvent or event.tag is not None or event.anchor is not None:
        raise _Unusual
    if kind is yaml.ScalarEvent:
        return _plain(event.value) if event.implicit[0] else event.value
    if not deeper:
        raise _Unusual
    if kind is yaml.SequenceStartEvent:
        values = []
        while type(inner := following()) is not yaml.SequenceEndEvent:
            values.append(_value(inner, following, deeper - 1))
        return values
    named: dict[str, Any] = {}
    while type(inner := following()) is not yaml.MappingEndEvent:
        name = _value(inner, following, 0)
        if not isinstance(name, str) or name in named:
            raise _Unusual
        named[name] = _value(following(), following, deeper - 1)
    return named


_LONGEST_WORD = len("false")
"""Letters that a word may have which YAML reads as anything but text."""


def _plain(text: str) -> Any:
    """Return what *text* without quotes is read as."""
    return text if len(text) > _LONGEST_WORD and text[0].isalpha() else _read_plainly(text)


@lru_cache(maxsize=1024)
def _read_plainly(text: str) -> Any:
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    try:
        if tag.removeprefix(_TAG) in _KINDS[yaml.ScalarNode]:
            return _scalar(yaml.ScalarNode(tag, text, _NOWHERE), "")
    except Unreadable:
        pass
    raise _Unusual


_TAG = "tag:yaml.org,2002:"
_RESOLVER = yaml.resolver.Resolver()
_NOWHERE = yaml.Mark("", 0, 0, 0, "", 0)


def compose(text: str, longest: int = LONGEST) -> yaml.Node:
    """Return the node tree of *text*, once it is known to be harmless.

    Raises:
        Unreadable: it is longer than *longest* characters, no YAML, or grows when it is read.
    """
    text = text.removeprefix("\ufeff")
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
    if node.tag.removeprefix(_TAG) not in _KINDS[type(node)]:
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
    kind = node.tag.removeprefix(_TAG)
    if kind in ("int", "float") and _NUMBER.fullmatch(node.value) is None:
        raise Unreadable(node.start_mark.line + 1, field or "file", _write_plainly(node.value))
    if kind == "str":
        return node.value
    if kind == "float":
        return Decimal(node.value)
    try:
        return yaml.constructor.SafeConstructor().construct_object(node)
    except _UNREADABLE:
        raise Unreadable(node.start_mark.line + 1, field or "file", _QUOTE) from None


_QUOTE = "cannot be read; put it in quotes"

_PADDED = re.compile(r"([-+]?)0*((?:0|[1-9][\d_]*)(?:\.[\d_]*)?)")


def _write_plainly(number: str) -> str:
    """Return how to write *number*, whose digits do not say what YAML makes of it."""
    padded = _PADDED.fullmatch(number)
    plain = "".join(padded.groups()).replace("_", "")[:_SHOWN] if padded else ""
    how = f"as {plain}" if padded else "in plain digits, like 12.5"
    shown = number if len(number) <= _SHOWN else f"{number[:_SHOWN]}…"
    return f"“{shown}” may be read as another number: write it {how}; put text in quotes"


_SHOWN = 40
"""Characters of a file's own words that a sentence repeats."""


def cut_texts(root: yaml.Node, text: str) -> Iterator[Unreadable]:
    """Yield each text of *root*, as `compose` read it in *text*, that a comment cuts off.

    Of `Give dose #2 today` YAML reads `Give dose`. A comment after a number or a quoted text cuts
    nothing off.
    """
    yield from _cut(root, text.removeprefix("\ufeff"), "")


def _cut(node: yaml.Node, text: str, field: str) -> Iterator[Unreadable]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _cut(value, text, f"{field}.{key.value}".lstrip("."))
    elif isinstance(node, yaml.SequenceNode):
        for n, each in enumerate(node.value):
            yield from _cut(each, text, f"{field}[{n}]")
    elif isinstance(node, yaml.ScalarNode) and not node.style and node.tag.endswith(_TEXTS):
        comment = _COMMENT.match(text, node.end_mark.index)
        if comment is not None:
            line = text.count("\n", 0, comment.start()) + 1
            yield Unreadable(line, field or "file", _CUT.format(comment[1][:_SHOWN]))


_TEXTS = (":str", ":null")
"""What a text is, or would be if nothing stood before its comment."""

_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")

_CUT = "is cut off before “{}”, a comment: put the text in quotes, or the comment on its own line"


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
