"""Essay: some sentences, marked by a person with an analytic rubric."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self, final

from pydantic import Field, model_validator

from question_bank.items.answers import InvalidResponse, Json, fields_of
from question_bank.items.as_typed import typed
from question_bank.items.base import BaseItem, ReviewLine
from question_bank.items.editing import EditorPart, ListPart, NumberPart, TextPart
from question_bank.items.shown import TextForFellow
from question_bank.rubrics import Criterion
from question_bank.shapes import Reason, Text

SLACK = 2
"""An answer is kept up to so many times the limit, so that nothing is lost; the rater sees it."""

UNREADABLE = "Answer in plain sentences."


@dataclass(frozen=True)
class EssayText:
    """The sentences as they were written."""

    text: str

    @property
    def words(self) -> int:
        """How many words there are."""
        return len(self.text.split())

    def to_json(self) -> dict[str, object]:
        """Return what `Essay.parse_answer` reads."""
        return {"text": self.text}


@dataclass(frozen=True, kw_only=True)
class EssayForFellow(TextForFellow):
    """`criteria`: what the answer is marked on, without the levels."""

    words: int
    criteria: tuple[str, ...]


@final
class Essay(BaseItem[EssayText]):
    """`words` is the limit that is told; `rubric` is how it is marked."""

    type: Literal["essay"]
    words: Annotated[int, Field(ge=30, le=500)]
    rubric: Annotated[tuple[Criterion, ...], Field(min_length=2, max_length=6)]
    model_answer: Text
    why: Reason

    @classmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return the parts of its editor."""
        return (
            NumberPart("words", "Words", "The limit that is told: 30 to 500.", whole=True),
            ListPart(
                "rubric",
                "Rubric",
                "2 to 6 criteria; names are told while writing, so they give no key away.",
                of=(
                    TextPart("name", "Name", most=120),
                    TextPart("text", "What is judged", "For those who mark.", rows=2, most=400),
                    ListPart(
                        "levels",
                        "Levels",
                        "From 0 points upward.",
                        of=(
                            NumberPart("points", "Points", whole=True),
                            TextPart("text", "What the answer shows", rows=2),
                        ),
                        fewest=2,
                        most=5,
                        one="level",
                        ordered=True,
                    ),
                ),
                fewest=2,
                most=6,
                one="criterion",
            ),
            TextPart("model_answer", "A good answer", rows=5),
            TextPart("why", "What the marks rest on", rows=3),
        )

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

    @property
    def key_text(self) -> str:
        """How the answer is judged."""
        return "Marked by a person with the rubric"

    @property
    def gist(self) -> Json:
        """What each level of the rubric asks for; the names of criteria are no part of it."""
        return sorted(tuple((each.points, each.text) for each in one.levels) for one in self.rubric)

    def for_fellow(self) -> EssayForFellow:
        """Return the item without the levels of its rubric."""
        return EssayForFellow(
            **self._common,
            hint=f"About {self.words} words. A person marks the answer.",
            words=self.words,
            criteria=tuple(criterion.name for criterion in self.rubric),
        )

    @property
    def _most_characters(self) -> int:
        return SLACK * self.words * 20

    def _parsed(self, raw: object) -> EssayText | None:
        """Return the answer in *raw*, `{"text": "…"}`, or None if it is empty.

        Raises:
            InvalidResponse: not text, or far over the limit.
        """
        text = fields_of(raw, "text").get("text")
        if text is None:
            return None
        if not isinstance(text, str):
            raise InvalidResponse(UNREADABLE)
        if len(text) > self._most_characters:
            raise InvalidResponse(
                f"Answer in about {self.words} words; these are {len(text):,} characters."
            )
        answer = EssayText(typed(text))
        if not answer.text.replace("\n", "").replace("\t", "").isprintable():
            raise InvalidResponse(UNREADABLE)
        if answer.words > SLACK * self.words:
            raise InvalidResponse(f"Answer in about {self.words} words; these are {answer.words}.")
        return answer if answer.text else None

    def _earned(self, answer: EssayText) -> None:
        """Return None: what an essay earns, a person says. See `question_bank.rubrics`."""

    def _in_words(self, answer: EssayText) -> str:
        return answer.text

    def remark(self, answer: EssayText | None) -> str:
        """Return what the marks rest on."""
        return self.why

    def review(self, answer: EssayText | None) -> tuple[ReviewLine, ...]:
        """Return a good answer, then what each criterion asks for."""
        model = ReviewLine("A good answer", self.model_answer, is_key=True)
        criteria = (
            ReviewLine(each.in_full, each.in_words, best=each.levels[-1].text)
            for each in self.rubric
        )
        return (model, *criteria)

    def marked(self, levels: Sequence[int]) -> tuple[ReviewLine, ...]:
        """Return what `review` does, with the level that a person chose for each criterion."""
        model, *criteria = self.review(None)
        lines = (
            replace(
                line,
                chosen=True,
                is_key=level == len(each.levels) - 1,
                given=each.levels[level].text,
            )
            for line, each, level in zip(criteria, self.rubric, levels, strict=True)
        )
        return (model, *lines)
