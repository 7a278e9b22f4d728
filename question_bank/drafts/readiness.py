"""How far a draft is, part by part: the plan, each stage, each item, and what comes after them."""

from collections.abc import Iterator
from dataclasses import dataclass

from question_bank.case import InvalidCase, Problem
from question_bank.drafts.bodies import HANDLE, Body
from question_bank.drafts.offers import PLAN
from question_bank.drafts.opening import read_draft

PLAN_PART, END_PART = "plan", "end"
"""What the parts are called that are no rows; a stage or an item is called by its path."""

_PLANNED = {part.name for part in PLAN} | {"slug"}


@dataclass(frozen=True)
class PartState:
    """What keeps a part of a draft from being read as one of a case; nothing: it is complete."""

    part: str
    problems: tuple[Problem, ...]

    @property
    def in_words(self) -> str:
        """Say it in a few words: "complete", "1 thing is missing", "2 things are missing"."""
        count = len(self.problems)
        if not count:
            return "complete"
        return f"{count} thing{'s are' if count > 1 else ' is'} missing"


def readiness(body: Body) -> tuple[PartState, ...]:
    """Return how far each part of *body*, which `taken` made, is, in the order of writing.

    A stage is spoken of without its items. What an item as a whole or the case as a whole lacks
    shows only once nothing else of it is missing.

    Raises:
        DraftTooLarge: see `taken`.
    """
    found: dict[str, list[Problem]] = {part: [] for part in _parts(body)}
    for problem in _problems(body):
        found[_part_of(problem.field, found)].append(problem)
    return tuple(PartState(part, tuple(problems)) for part, problems in found.items())


def _problems(body: Body) -> tuple[Problem, ...]:
    try:
        read_draft(body)
    except InvalidCase as lacking:
        return lacking.problems
    return ()


def _parts(body: Body) -> Iterator[str]:
    yield PLAN_PART
    for stage in body.get("stages", []):
        yield f"stages/{stage[HANDLE]}"
        for item in stage.get("items", []):
            yield f"stages/{stage[HANDLE]}/items/{item[HANDLE]}"
    yield END_PART


def _part_of(path: str, parts: dict[str, list[Problem]]) -> str:
    """Return the smallest part that *path* is in."""
    names = path.split("/")
    for depth in (4, 2):
        part = "/".join(names[:depth])
        if part in parts and len(names) >= depth > 1:
            return part
    return PLAN_PART if names[0] in _PLANNED or names[0] == "stages" else END_PART
