"""The native format: one case a YAML file."""

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from question_bank.case import Case, InvalidCase, case_to_json, parse_case
from question_bank.first_format import is_first
from question_bank.formats.plain_yaml import Unreadable, compose, line_in, read

try:
    from yaml import CSafeDumper as Dumper
except ImportError:  # PyYAML built without libyaml: the same, slower
    from yaml import SafeDumper as Dumper  # type: ignore[assignment]


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


def read_case(text: str, name: str) -> Case:
    """Return the case in *text*, the content of the file called *name*; see `read_with_format`."""
    case, _ = read_with_format(text, name)
    return case


def read_with_format(text: str, name: str) -> tuple[Case, bool]:
    """Return the case in *text*, of a file called *name*, and whether that is of the first format.

    Raises:
        CaseFileError: with every problem found; nothing else is ever raised for bad text.
    """
    try:
        data, cut = read(text)
    except Unreadable as refused:
        raise CaseFileError([_problem(name, refused)]) from None
    problems = [_problem(name, each) for each in cut]
    try:
        case = parse_case(data)
    except InvalidCase as error:
        root = compose(text)
        problems += [
            FileProblem(name, line_in(root, problem.field), problem.field, problem.message)
            for problem in error.problems
        ]
    if problems:
        raise CaseFileError(problems)
    return case, is_first(data)


def _problem(name: str, refused: Unreadable) -> FileProblem:
    return FileProblem(name, refused.line, refused.field, refused.message)


def line_of(text: str, field: str) -> int:
    """Return the line, from 1, where the case file *text* has *field*, like `items[0].lead_in`.

    Where there is no such field it is the line of the nearest part around it; 1 in a file that
    cannot be read.
    """
    try:
        return line_in(compose(text), field)
    except Unreadable:
        return 1


def write_case(case: Case) -> str:
    """Return *case* as a file of the native format; `read_case` gives the same case back."""
    written: str = yaml.dump(
        case_to_json(case), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100
    )
    return written
