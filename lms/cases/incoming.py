"""Case files as a load brings them, and what keeps them from coming in."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lms.cases.checking import remark_on
from lms.cases.content import drawing, is_shipped
from lms.cases.gate import errors_in, siblings_known
from lms.cases.knowledge import OwnLists, own_lists
from lms.cases.models import StoredCase
from lms.cases.reused_keys import reused_keys
from lms.program.blueprint import blueprint
from question_bank.blueprint import check_tags
from question_bank.case import Case as CaseBody
from question_bank.drawings import drawings_named
from question_bank.formats.native import CaseFileError, FileProblem, line_of, read_with_format


@dataclass(frozen=True)
class Incoming:
    """A case as a file brings it, with the name and the text of the file.

    `first`: that is of the first format.
    """

    body: CaseBody
    name: str
    text: str
    first: bool

    @property
    def shipped(self) -> bool:
        """Whether the file is one of the starter bank's own."""
        return is_shipped(self.text)

    def reused_keys(self, case: StoredCase) -> list[str]:
        """Return a line for each key that stands for another question of *case*, items loaded."""
        return [
            str(FileProblem(self.name, line_of(self.text, field), field, sentence))
            for field, sentence in reused_keys(case, self.body)
        ]


def read_incoming(files: Iterable[tuple[str, str]]) -> tuple[list[Incoming], list[str]]:
    """Return the cases in *files* (name and text) that the gate would let pass.

    And a line for everything that keeps others back. Of two cases of one slug the first comes in.
    """
    problems: list[str] = []
    by_slug: dict[str, Incoming] = {}
    for name, text in files:
        read = _read(name, text, problems)
        if read is None:
            continue
        slug = read.body.slug
        first = by_slug.setdefault(slug, read).name
        if first != name:
            problems.append(f"{name}: slug: “{slug}” is the slug of {first} too")
    return _let_pass(by_slug, problems), problems


def _read(name: str, text: str, problems: list[str]) -> Incoming | None:
    try:
        body, first = read_with_format(text, name)
    except CaseFileError as error:
        problems += [str(problem) for problem in error.problems]
        return None
    found = check_tags(body, blueprint())
    problems += [f"{name}: {each.field}: {each.message}" for each in found]
    return None if found else Incoming(body, name, text, first)


def _let_pass(by_slug: Mapping[str, Incoming], problems: list[str]) -> list[Incoming]:
    """Return those that pass; one that does not is no sibling for another to name either."""
    known = siblings_known(read.body for read in by_slug.values())
    own, passing = own_lists(), dict(by_slug)
    fallen = True
    while fallen:
        found = {slug: _faults(read, known | set(passing), own) for slug, read in passing.items()}
        fallen = any(found.values())
        problems += [problem for faults in found.values() for problem in faults]
        passing = {slug: read for slug, read in passing.items() if not found[slug]}
    return list(passing.values())


def _faults(read: Incoming, known: Collection[str], own: OwnLists) -> list[str]:
    errors = errors_in(read.body, known, own, first=read.first)
    lost = [name for name in drawings_named(read.body) if drawing(name) is None]
    return [
        *(str(remark_on(read.name, read.text, each)) for each in errors),
        *(f"{read.name}: there is no drawing “{name}”" for name in lost),
    ]
