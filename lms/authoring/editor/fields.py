"""The kinds of fields that a draft's form has: each is named by its path in the draft.

A field for which nothing was sent keeps what it had: what a page does not show, or a form that
broke off did not bring, is not taken from the draft. So what sends nothing while it is empty, like
a box to tick, stands beside a hidden control of the same name that is always sent.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from wtforms import Field, FieldList, FormField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.utils import unset_value

from lms.core.forms import as_typed
from question_bank.items.editing import EditorPart, SwitchPart

HANDLE = re.compile(r"[a-z0-9]{2,8}")

ORDER = "@"
"""What the control is called that brings the handles of a list's rows, in their order."""

CHOSEN = "@key"
"""What the control is called that brings the handle of the one row that is the key."""

MOST_ROWS = 100
"""RowList that a form takes of one list."""

Choices = Sequence[tuple[str, str]]
"""Values, each with its words."""

Lists = Mapping[str, Choices]
"""The lists of the bank that values are chosen from, by their names."""


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


class _OfAPart(Field):  # type: ignore[misc]
    """A field that knows what it offers; see `question_bank.items.editing`."""

    def __init__(self, part: EditorPart, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label=part.label, description=part.hint, **kwargs)
        self.part: Any = part


class Line(_OfAPart, StringField):  # type: ignore[misc]
    """One line, as it was typed."""

    def process_data(self, value: object) -> None:
        """Take what the draft has."""
        self.data = value if isinstance(value, str) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if anything was."""
        if valuelist:
            self.data = as_typed(valuelist[-1])


class Prose(Line, TextAreaField):  # type: ignore[misc]
    """Lines, as they were typed."""


class Listed(Line):
    """One of several. What the draft has is offered too, be it one of them or not."""

    def __init__(self, part: EditorPart, choices: Choices, **kwargs: Any) -> None:
        super().__init__(part, **kwargs)
        self.choices = choices

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is chosen, of each to choose from."""
        offered = [*self.choices]
        if self.data and self.data not in dict(offered):
            offered.append((self.data, f"{self.data} (not in the list)"))
        return [(value, words, value == self.data) for value, words in offered]


class Switch(_OfAPart):
    """A box to tick."""

    def process_data(self, value: object) -> None:
        """Take what the draft has."""
        self.data = value is True

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if anything was."""
        if valuelist:
            self.data = valuelist[-1] != ""


class Lines(_OfAPart):
    """Short texts, one on a line."""

    def process_data(self, value: object) -> None:
        """Take what the draft has."""
        self.data = _texts(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if anything was."""
        if valuelist:
            self.data = [line for line in as_typed(valuelist[-1]).split("\n") if line.strip()]


class Ticks(Lines):
    """Any of several."""

    def __init__(self, part: EditorPart, choices: Choices, **kwargs: Any) -> None:
        super().__init__(part, **kwargs)
        self.choices = choices

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if anything was, in the order in which the draft had it."""
        if valuelist:
            sent = [each for each in dict.fromkeys(valuelist) if each]
            had = [each for each in self.data if each in sent]
            self.data = [*had, *(each for each in sent if each not in had)]

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, words and whether it is ticked, of each to choose from."""
        known = dict(self.choices)
        more = {each: f"{each} (not in the list)" for each in self.data if each not in known}
        return [(value, words, value in self.data) for value, words in (known | more).items()]


class Cells(_OfAPart):
    """The cells of a row of a table, side by side."""

    def process_data(self, value: object) -> None:
        """Take what the draft has."""
        self.data = _texts(value)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what was sent, if anything was."""
        if valuelist:
            self.data = [as_typed(each) for each in valuelist]
        while self.name.endswith("/columns") and self.data and not self.data[-1]:
            self.data.pop()


class FieldGroup(BaseForm):  # type: ignore[misc]
    """The fields of the draft itself, or of a row of a list; `given` is what the draft has of it.

    A name with a slash leads into a group within: `tolerance/absolute`.
    """

    def __init__(
        self, fields: Mapping[str, Any], given: Mapping[str, Any], sent: Any, prefix: str = ""
    ) -> None:
        super().__init__(fields, prefix=prefix)
        self.given = given
        self.process(sent, data={name: _leaf(given, name) for name in fields})

    @property
    def body(self) -> dict[str, Any]:
        """What the draft has of it now; what was absent and is empty stays absent."""
        found = dict(self.given)
        for name, field in self._fields.items():
            value = field.body if isinstance(field, RowList) else field.data
            if value or _leaf(self.given, name) is not None:
                _set(found, name, value)
        return found


def _leaf(group: Mapping[str, Any], name: str) -> Any:
    """Return what stands in *group* under *name*; None: nothing does."""
    first, _, rest = name.partition("/")
    inner = group.get(first)
    if not rest:
        return inner
    return _leaf(inner, rest) if isinstance(inner, dict) else None


def _set(group: dict[str, Any], name: str, value: object) -> None:
    first, _, rest = name.partition("/")
    if not rest:
        group[first] = value
        return
    inner = group.get(first)
    group[first] = dict(inner) if isinstance(inner, dict) else {}
    _set(group[first], rest, value)


FormOf = Callable[[Mapping[str, Any], Any, str], FieldGroup]
"""What makes the form of a row, of its data, what was sent and the prefix of its names."""


class Row(FormField):  # type: ignore[misc]
    """A row of a list: a group, named by its handle."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Make its form of what the draft has and what was sent."""
        self.object_data = data
        self.form = self.form_class(data, formdata, f"{self.name}/")

    @property
    def handle(self) -> str:
        """By what the draft knows the row."""
        return str(self.name.rpartition("/")[2])

    @property
    def lead(self) -> Line | None:
        """The words that the row is known by: its first text."""
        return next((field for field in self.form if isinstance(field, Line)), None)

    @property
    def key(self) -> Switch | None:
        """Whether it is right, where it is an option."""
        key = self.form._fields.get("key")
        return key if isinstance(key, Switch) else None

    @property
    def fold(self) -> str:
        """What is folded away of it: "Reason, 38 words, unsafe", "Title, journal or publisher"."""
        fields = self.form._fields
        if "why" not in fields:
            first, *rest = [each.label.text for each in self.form if each != self.lead] or ["More"]
            return ", ".join([first, *map(str.lower, rest[:1])]) + (" …" if rest[1:] else "")
        words = len(fields["why"].data.split())
        unsafe = ", unsafe" if "harm" in fields and fields["harm"].data else ""
        if not words:
            return f"Add a reason{unsafe}"
        return f"Reason, {words} {'word' if words == 1 else 'words'}{unsafe}"


class RowList(_OfAPart, FieldList):  # type: ignore[misc]
    """The rows of a list, in the order in which they were sent, else in that of the draft."""

    def __init__(self, part: EditorPart, form_of: FormOf, **kwargs: Any) -> None:
        super().__init__(part, Row(form_of), **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Make a row of each that the draft has or that was sent."""
        rows = data if isinstance(data, list) else []
        had = {row["#"]: row for row in rows if isinstance(row, dict) and "#" in row}
        self.object_data = data
        self.entries: list[Row] = []
        for handle in self._order(formdata, had):
            self._add_row(formdata, had.get(handle, {"#": handle}), handle)
        chosen = formdata.getlist(f"{self.name}/{CHOSEN}")[-1:] if formdata else []
        for row in self.entries if chosen else ():
            row.form["key"].data = row.handle == chosen[0]

    def _order(self, formdata: Any, had: Iterable[str]) -> list[str]:
        if not formdata or f"{self.name}/{ORDER}" not in formdata:
            return list(had)
        sent = dict.fromkeys(formdata.getlist(f"{self.name}/{ORDER}"))
        return [each for each in sent if HANDLE.fullmatch(each)][:MOST_ROWS]

    def _add_row(self, formdata: Any, data: Mapping[str, Any], handle: str) -> None:
        name = f"{self.name}/{handle}"
        options = {"name": name, "id": name, "_meta": self.meta, "translations": self._translations}
        row = self.meta.bind_field(None, self.unbound_field, options)
        row.process(formdata, data)
        self.entries.append(row)

    @property
    def body(self) -> list[dict[str, Any]]:
        """What the draft has of it now."""
        return [row.form.body for row in self.entries]

    @property
    def one(self) -> str:
        """What a row is called, with its article: "an option"."""
        return f"{'an' if self.part.one[0] in 'aeio' else 'a'} {self.part.one}"

    @property
    def are_options(self) -> bool:
        """Whether some of them are right."""
        return any(isinstance(part, SwitchPart) and part.name == "key" for part in self.part.of)

    @property
    def one_is_right(self) -> bool:
        """Whether one of them is the key, and no more."""
        return any(isinstance(part, SwitchPart) and part.alone for part in self.part.of)

    @property
    def longest(self) -> int:
        """How many characters the longest of the texts has that rows are known by."""
        return max((len(row.lead.data) for row in self.entries if row.lead), default=0)

    @property
    def how_many(self) -> str:
        """How many there are, of how many."""
        bar = "; the bar is the length" if self.are_options else ""
        fewest, most = self.part.fewest, self.part.most
        return f"{len(self.entries)} of {f'{fewest} to' if fewest else 'up to'} {most}{bar}"
