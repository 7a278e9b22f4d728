"""What the item types share."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, Self, TypeVar, get_args

from pydantic import Field, StringConstraints, model_validator

from question_bank.items.answers import Answer, Json
from question_bank.items.editing import EditorPart
from question_bank.items.shown import Common, ItemForFellow
from question_bank.shapes import Harm, Key, LeadIn, OptionText, Reason, Shape, Text

Use = Literal["scored", "formative", "none"]
"""What an item is fit for: any quiz, a formative one, or none as yet."""


MOST_POINTS = 10
"""How much an item may weigh in a score, at the most."""


class Option(Shape):
    """One of the answers offered, and why it is right or wrong for this patient.

    `harm` is the act that choosing it would be, an id of the bank's list; where a case is older
    than the list, it says in words what would come of it. `misconception` is the mistake that a
    distractor is there for, in a few words; only those who write and review read it.
    """

    text: OptionText
    key: bool = False
    why: Reason
    harm: Harm | None = None
    misconception: Annotated[Text, StringConstraints(max_length=300)] | None = None

    @model_validator(mode="after")
    def _no_harmful_key(self) -> Self:
        if self.key and self.harm:
            raise ValueError("a key does no harm: drop “harm”, or “key”")
        return self


@dataclass(frozen=True)
class ReviewLine:
    """Something that could be answered, and why it is right or wrong.

    `index` is the option's, where it is one that was shown, and `harm` the act that it would be.
    `best` is what belongs to `text`, where the item asks for pairs, and `given` what was answered
    to it.
    """

    text: str
    why: str
    is_key: bool = False
    chosen: bool = False
    index: int | None = None
    harm: str | None = None
    best: str | None = None
    given: str | None = None


A = TypeVar("A", bound=Answer)


class BaseItem(Shape, ABC, Generic[A]):
    """What every item has, and what it is asked: *A* is what answers an item of its type.

    `level` is the cognitive level, an id of the blueprint; `points` weighs the credit in the
    score. What holds for a blank answer is said here; a type says how it reads an answer, grades
    it, puts it in words and explains it.
    """

    key: Key
    type: str
    level: Key
    lead_in: LeadIn
    points: Annotated[int, Field(ge=1, le=MOST_POINTS)] = 1

    @classmethod
    def type_name(cls) -> str:
        """Return the `type` of all items of this class."""
        (name,) = get_args(cls.model_fields["type"].annotation)
        return str(name)

    @classmethod
    @abstractmethod
    def editor(cls) -> tuple[EditorPart, ...]:
        """Return what its editor offers beside what every item has, in the order of writing."""

    @property
    def use(self) -> Use:
        """What the item is fit for."""
        return "scored"

    @property
    def key_name(self) -> str:
        """What its key is called, before the key; empty where there is none to be named."""
        return "Best answer"

    @property
    @abstractmethod
    def key_text(self) -> str:
        """The best answer in words."""

    @property
    @abstractmethod
    def gist(self) -> Json:
        """The texts of its options and what is right, as JSON that tells editions apart.

        It says nothing of reasons, harm, points or credit, and of the order of options only
        where that is what is asked. Numbers are exact, however they were written.
        """

    @abstractmethod
    def for_fellow(self) -> ItemForFellow:
        """Return what may be shown of the item while it is answered."""

    @property
    def _common(self) -> Common:
        return {
            "key": self.key,
            "type": self.type,
            "lead_in": self.lead_in,
            "points": self.points,
        }

    def parse_answer(self, raw: object) -> A | None:
        """Return the answer that *raw* holds, in authored indices; None: blank.

        Args:
            raw: The JSON of an answer, as its `to_json` makes it; None: blank.

        Raises:
            InvalidResponse: the item offers no such answer.
        """
        return None if raw is None else self._parsed(raw)

    def read_answer(self, raw: object) -> A | None:
        """Return the answer that somebody gives now with *raw*, as `parse_answer` does.

        A type may take more of what people type here than what is stored can say, and ask back
        what can be read two ways.

        Raises:
            InvalidResponse: the item offers no such answer.
        """
        return self.parse_answer(raw)

    @abstractmethod
    def _parsed(self, raw: object) -> A | None: ...

    def credit_for(self, answer: A | None) -> Fraction | None:
        """Return what *answer* earns, exact, in [0, 1]; a blank answer earns 0.

        None: that is for people to say, a rater or a panel.
        """
        return Fraction(0) if answer is None else self._earned(answer)

    @abstractmethod
    def _earned(self, answer: A) -> Fraction | None: ...

    def answer_text(self, answer: A | None) -> str:
        """Return *answer* in words; empty for a blank one."""
        return "" if answer is None else self._in_words(answer)

    @abstractmethod
    def _in_words(self, answer: A) -> str: ...

    @abstractmethod
    def review(self, answer: A | None) -> tuple[ReviewLine, ...]:
        """Return why each answer is right or wrong: every option, or the key and known mistakes."""

    def harms(self, answer: A | None) -> tuple[ReviewLine, ...]:
        """Return the options in *answer* that would harm the patient."""
        return tuple(line for line in self.review(answer) if line.chosen and line.harm)

    def sum_up(self, answer: A | None) -> str:
        """Return how right an answer in several parts is, like "2 of 3 right"; else nothing."""
        return "" if answer is None else self._summed_up(answer)

    def _summed_up(self, answer: A) -> str:
        return ""

    def remark(self, answer: A | None) -> str:
        """Return what is to be said to *answer* beside the reasons of its lines; mostly nothing."""
        return ""


AnyItem = BaseItem[Any]
"""An item of whichever type. What it parses is what it takes: never another item's answer."""


def folded(text: str) -> str:
    """Return *text* as options are compared: case and spacing aside."""
    return " ".join(text.casefold().split())


def check_different(texts: Iterable[str]) -> None:
    """Refuse options that say the same.

    Raises:
        ValueError: two options are equal but for case and spacing.
    """
    seen: set[str] = set()
    for text in texts:
        if folded(text) in seen:
            raise ValueError(f"the option “{text}” stands there twice")
        seen.add(folded(text))


def option_gist(options: Sequence[Option]) -> Json:
    """Return the texts of *options*, each with whether it is right, in no order of their own."""
    return sorted((option.text, option.key) for option in options)


def option_lines(options: Sequence[Option], chosen: Iterable[int]) -> tuple[ReviewLine, ...]:
    """Return a line for every option, in the authored order."""
    picked = frozenset(chosen)
    return tuple(
        ReviewLine(
            option.text,
            option.why,
            is_key=option.key,
            chosen=index in picked,
            index=index,
            harm=option.harm,
        )
        for index, option in enumerate(options)
    )
