"""A draft as far as it can be tried out: all of it, or the items of it that are complete."""

from dataclasses import dataclass
from typing import Any

from lms.authoring.editor.previewing import can_be_drawn
from lms.authoring.models import Draft
from lms.authoring.trying.trials import Tried, whole_case
from question_bank.advice.partial import partial_case
from question_bank.case import Case, InvalidCase, Stage
from question_bank.drafts.bodies import Body, taken
from question_bank.drafts.naming import with_names
from question_bank.drafts.opening import read_draft
from question_bank.drafts.places import place_said

MOST_SAID = 30
"""Of what a draft lacks, so much is said at once."""


@dataclass(frozen=True)
class Missing:
    """What a draft lacks: the path that leads there, and a sentence."""

    path: str
    said: str


@dataclass(frozen=True)
class DraftToTry:
    """A draft to be tried out, and what keeps it from being a case."""

    tried: Tried
    missing: tuple[Missing, ...]


def draft_to_try(draft: Draft) -> DraftToTry:
    """Return a draft to be tried out; of one that is no case as yet, what is complete in it."""
    body = with_names(taken(draft.body).body)
    mark = f"draft {draft.id}, revision {draft.revision}"
    try:
        return DraftToTry(whole_case(read_draft(draft.body), mark=mark), ())
    except InvalidCase as error:
        missing = tuple(
            Missing(each.field, f"{place_said(body, each.field)}: {each.message}")
            for each in error.problems[:MOST_SAID]
        )
        return DraftToTry(whole_case(_complete(body), mark=mark), missing)


def _complete(body: Body) -> Case:
    """Return what is complete of *body*: the stages with such items, and no sources."""
    found = partial_case(body)
    numbered = iter(range(1, 1 + len(found.case.questions)))
    stages: list[Any] = []
    whole = iter(place not in found.unfinished for place in found.case.places)
    for part in found.case.parts:
        items = [
            item.model_copy(update={"key": f"item-{number}"})
            for item, complete, number in zip(part.items, whole, numbered, strict=False)
            if complete
        ]
        stages.append(
            Stage.model_construct(
                title=part.title,
                text=part.text,
                exhibits=tuple(filter(can_be_drawn, part.exhibits)),
                items=tuple(items),
            )
        )
    told: dict[str, Any] = {
        "title": found.case.title or "A draft without a title",
        "stages": tuple(stages),
        "takeaway": found.case.takeaway,
        "references": (),
    }
    return Case.model_construct(**told)
