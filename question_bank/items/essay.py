"""Essay: some sentences, marked by a person with an analytic rubric."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from question_bank.items.base import (
    BaseItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Line,
    Reason,
    Text,
    common,
    fields_of,
    typed,
)
from question_bank.rubrics import Criterion

SLACK = 2
"""An answer is kept up to so many times the limit, so that nothing is lost; the rater sees it."""


@dataclass(frozen=True)
class Prose:
    """The sentences as they were written."""

    text: str

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.text.split())

    def to_json(self) -> dict[str, object]:
        """Return what `parse` reads."""
        return {"text": self.text}


class Essay(BaseItem):
    """`words` is the limit that is told; `rubric` is how it is marked."""

    type: Literal["essay"]
    words: Annotated[int, Field(ge=30, le=500)]
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=6)]
    model_answer: Text
    why: Reason

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if len(self.model_answer.split()) > self.words:
            raise ValueError(f"the model answer is longer than the {self.words} words permitted")
        names = [criterion.name for criterion in self.rubric]
        if len(set(names)) != len(names):
            raise ValueError("give every criterion of the rubric a name of its own")
        return self

    @property
    def key_name(self) -> str:
        """There is no key."""
        return ""


@dataclass(frozen=True, kw_only=True)
class EssayForFellow(ItemForFellow):
    """`criteria`: what the answer is marked on, without the levels."""

    words: int
    criteria: tuple[str, ...]


def parse(item: Essay, raw: object) -> Prose | None:
    """Return the answer in *raw*, `{"text": "…"}`, or None if it is empty.

    Raises:
        InvalidResponse: not text, or far over the limit.
    """
    text = fields_of(raw, "text").get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise InvalidResponse("Answer in plain sentences.")
    answer = Prose(typed(text))
    if not answer.text.replace("\n", "").replace("\t", "").isprintable():
        raise InvalidResponse("Answer in plain sentences.")
    if answer.words > SLACK * item.words or len(text) > SLACK * item.words * 20:
        raise InvalidResponse(f"Answer in about {item.words} words; these are {answer.words}.")
    return answer if answer.text else None


def credit(_item: Essay, _answer: Prose) -> None:
    """Return None: what an essay earns, a person says. See `question_bank.rubrics`."""


def show(item: Essay) -> EssayForFellow:
    """Return the item without the levels of its rubric."""
    return EssayForFellow(
        **common(item),
        hint=f"About {item.words} words. A person marks the answer.",
        words=item.words,
        criteria=tuple(criterion.name for criterion in item.rubric),
    )


def read(_shown: ItemForFellow, fields: Fields) -> object:
    """Return the JSON of what the control holds; None: it is empty."""
    text = "".join(fields.get("answer", ())[:1]).strip()
    return {"text": text} if text else None


def write(_shown: ItemForFellow, raw: dict[str, Any]) -> Fields:
    """Return the control as it stands for *raw*."""
    return {"answer": [str(raw.get("text", ""))]}


def key_text(_item: Essay) -> str:
    """Return how the answer is judged."""
    return "Marked by a person with the rubric"


def answer_text(_item: Essay, answer: Prose) -> str:
    """Return the answer."""
    return answer.text


def remark(item: Essay, _answer: Prose | None) -> str:
    """Return what the marks rest on."""
    return item.why


def review(item: Essay, _answer: Prose | None) -> tuple[Line, ...]:
    """Return a good answer, then what each criterion asks for."""
    model = Line("A good answer", item.model_answer, is_key=True)
    criteria = (Line(each.name, each.in_words, best=each.levels[-1].text) for each in item.rubric)
    return (model, *criteria)


def marked(item: Essay, levels: Sequence[int]) -> tuple[Line, ...]:
    """Return what `review` does, with the level that a person chose for each criterion."""
    model, *criteria = review(item, None)
    lines = (
        replace(
            line,
            chosen=True,
            is_key=level == len(each.levels) - 1,
            given=each.levels[level].text,
        )
        for line, each, level in zip(criteria, item.rubric, levels, strict=True)
    )
    return (model, *lines)
