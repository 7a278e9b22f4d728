"""Reading a roster: text in, rows and problems out. Any text gives a report, never an exception."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from lms.core.days import parse_day
from lms.core.errors import Invalid
from lms.core.formulas import unguarded
from lms.people.models import Role
from lms.people.rules import clean_email, clean_name, clean_zone

COLUMNS = (
    "name",
    "email",
    "roles",
    "track",
    "cohort",
    "starts_on",
    "ends_on",
    "mentor_email",
    "time_zone",
)
_ALSO = {"role": "roles", "role(s)": "roles", "mentor": "mentor_email", "e-mail": "email"}

MOST_ROWS = 500
MOST_BYTES = 1_000_000
"""Half of what a request may carry: the confirming form sends the text once more."""

TOO_LARGE = "The roster is larger than 1 MB. Split it."

MOST_MENTORS = 20
"""Of one row. So many that nobody misses one, and so few that one statement can ask for all."""

_LIST = re.compile(r"[\s,;/|+]+")
_ADDRESSES = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with one cell of a row, as a sentence."""

    column: str
    message: str


@dataclass(frozen=True)
class RosterRow:
    """One person as the roster tells. What a cell does not say is None, or empty."""

    line: int
    email: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    track: str = ""
    cohort: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    mentors: tuple[str, ...] = ()
    time_zone: str = ""
    flaws: tuple[Flaw, ...] = ()


@dataclass(frozen=True)
class Roster:
    """What was read. With `problems` nothing can be imported; `remarks` are only said."""

    rows: tuple[RosterRow, ...] = ()
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def emails(self) -> frozenset[str]:
        """The addresses of everybody whom it names."""
        return frozenset(email for row in self.rows for email in (row.email, *row.mentors))


def decode(data: bytes) -> str:
    """Return the text of an uploaded file.

    Raises:
        Invalid: too large, or not UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise Invalid("The file is larger than 1 MB. Split the roster.", field="file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(
            "The file is not UTF-8 text. In a spreadsheet, save it as “CSV UTF-8”.", field="file"
        ) from None


def read_roster(text: str) -> Roster:
    """Read a roster: a header, then one person a row, with commas, semicolons or tabs between."""
    text = text.removeprefix("\ufeff")
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        return Roster(problems=(TOO_LARGE,))
    lines = _Lines(text)
    cells = list(lines)
    if not cells:
        return Roster(problems=(lines.broken or "The roster is empty.",))
    (_, head), *body = cells
    columns = [_column(title) for title in head]
    problems = [*_head_problems(columns), *([lines.broken] if lines.broken else [])]
    if len(body) > MOST_ROWS:
        problems.append(f"The roster has more than {MOST_ROWS:,} rows. Split it.")
    if problems:
        return Roster(problems=tuple(problems))
    rows = tuple(_row(number, columns, values) for number, values in body)
    return Roster(_without_doubles(rows), remarks=tuple(_remarks(head, columns)))


_SEPARATOR = re.compile(r'"?sep=([,;\t|])"?(?:\r\n|\r|\n)', re.IGNORECASE)
"""A first line by which spreadsheets are told what stands between cells."""


_SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f"), " ")
"""Spaces that do not break: before a quotation mark they would make it a part of its cell."""


class _Lines:
    """The rows that are not blank, each with the number of the line it starts on.

    `broken` says, after the iteration, what ended it early.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.broken: str | None = None

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        named = _SEPARATOR.match(self.text)
        text = (self.text[named.end() :] if named else self.text).translate(_SPACES)
        head = next((line for line in text.splitlines() if line.strip()), "")
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=named[1] if named else max(",;\t", key=head.count),
            skipinitialspace=True,  # else the quotes of `a@b.org, "Kim, Lee"` are part of the name
            strict=True,
        )
        start = first = 2 if named else 1
        try:
            for row in reader:
                cells = [unguarded(cell) for cell in row]
                if any(cells):
                    yield start, cells
                start = first + reader.line_num
        except csv.Error:
            self.broken = (
                f"The row that starts on line {start} cannot be read: a quotation mark is in the "
                "wrong place, or a cell is far too long."
            )


def _column(title: str) -> str:
    name = re.sub(r"[\s_]+", "_", title.strip().casefold())
    return _ALSO.get(name, name)


def _head_problems(columns: list[str]) -> Iterator[str]:
    if "email" not in columns:
        yield (
            "The first row does not name an “email” column. It must name the columns: "
            f"{', '.join(COLUMNS)}."
        )
    for name in sorted({name for name in columns if name in COLUMNS and columns.count(name) > 1}):
        yield f"The column “{name}” is there twice."


def _remarks(head: list[str], columns: list[str]) -> Iterator[str]:
    unknown = [
        title for title, name in zip(head, columns, strict=True) if title and name not in COLUMNS
    ]
    for title in unknown[:20]:
        yield f"The column “{title[:60]}” is not known and is left out."


@dataclass
class _Reader:
    """Takes cells of one row, and notes what is wrong with them."""

    cells: dict[str, str]
    flaws: list[Flaw] = field(default_factory=list)

    def text(self, column: str) -> str:
        return " ".join(self.cells.get(column, "").split())

    def email(self, column: str, text: str) -> str:
        try:
            return clean_email(text)
        except Invalid:
            sentence = (
                f"“{text[:80]}” is not a mail address." if text else "The mail address is missing."
            )
            self.flaws.append(Flaw(column, sentence))
            return ""

    def name(self) -> str:
        if re.fullmatch('".*"', self.text("name")):
            sentence = "The name stands in quotation marks. Leave them out, or what is before them."
            self.flaws.append(Flaw("name", sentence))
            return ""
        try:
            return clean_name(self.text("name")) if self.text("name") else ""
        except Invalid as refusal:
            self.flaws.append(Flaw("name", refusal.message))
            return ""

    def roles(self) -> frozenset[Role]:
        words = [word for word in _LIST.split(self.text("roles").casefold()) if word]
        known = {role.value for role in Role}
        for word in words:
            if word not in known:
                sentence = (
                    f"“{word[:40]}” is not a role. Write fellow, mentor, faculty or director."
                )
                self.flaws.append(Flaw("roles", sentence))
        return frozenset(Role(word) for word in words if word in known)

    def day(self, column: str) -> date | None:
        text = self.text(column)
        if not text:
            return None
        day = parse_day(text)
        if day is None:
            sentence = f"“{text[:40]}” is not a date. Write 2026-07-01 or 7/1/2026 (month first)."
            self.flaws.append(Flaw(column, sentence))
        return day

    def mentors(self) -> tuple[str, ...]:
        words = [word for word in _ADDRESSES.split(self.text("mentor_email")) if word]
        if len(words) > MOST_MENTORS:
            sentence = f"The row names {len(words):,} mentors. Name at most {MOST_MENTORS}."
            self.flaws.append(Flaw("mentor_email", sentence))
            return ()
        emails = (self.email("mentor_email", word) for word in words)
        return tuple(dict.fromkeys(email for email in emails if email))

    def zone(self) -> str:
        text = self.text("time_zone")
        try:
            return clean_zone(text) if text else ""
        except Invalid:
            sentence = f"“{text[:60]}” is not a time zone. Write a name like America/Chicago."
            self.flaws.append(Flaw("time_zone", sentence))
            return ""


def _row(line: int, columns: list[str], values: list[str]) -> RosterRow:
    cells = dict(zip(columns, values, strict=False))
    read = _Reader({name: cells[name] for name in COLUMNS if name in cells})
    if any(values[len(columns) :]):
        sentence = (
            f"The row has more cells than the {len(columns)} columns. Quote cells with commas."
        )
        read.flaws.append(Flaw("row", sentence))
    row = RosterRow(
        line=line,
        email=read.email("email", read.text("email")),
        name=read.name(),
        roles=read.roles(),
        track=read.text("track").casefold(),
        cohort=read.text("cohort"),
        starts_on=read.day("starts_on"),
        ends_on=read.day("ends_on"),
        mentors=read.mentors(),
        time_zone=read.zone(),
    )
    return replace(row, flaws=tuple(read.flaws))


def _without_doubles(rows: tuple[RosterRow, ...]) -> tuple[RosterRow, ...]:
    """Mark every row but the first that names a person."""
    first: dict[str, int] = {}
    marked = []
    for row in rows:
        if row.email and row.email in first:
            sentence = f"Line {first[row.email]} names the same person. Keep one row a person."
            marked.append(replace(row, flaws=(*row.flaws, Flaw("email", sentence))))
        else:
            first.setdefault(row.email, row.line)
            marked.append(row)
    return tuple(marked)
