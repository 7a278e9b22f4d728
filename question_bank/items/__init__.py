"""The item types. Adding one takes a module beside this one and a line in `ITEM_TYPES`."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any

from pydantic import Field

from question_bank.items import multiple_response, numeric, short_answer, single_best_answer
from question_bank.items.base import BaseItem, Explanation, InvalidResponse, ItemForFellow, Option
from question_bank.items.multiple_response import Choices, MultipleResponse
from question_bank.items.numeric import Number, Numeric
from question_bank.items.short_answer import ShortAnswer, Text
from question_bank.items.single_best_answer import Choice, SingleBestAnswer

__all__ = [
    "ITEM_TYPES",
    "Answer",
    "Choice",
    "Choices",
    "Explanation",
    "InvalidResponse",
    "Item",
    "ItemForFellow",
    "ItemType",
    "MultipleResponse",
    "Number",
    "Numeric",
    "Option",
    "ShortAnswer",
    "SingleBestAnswer",
    "Text",
    "answer_text",
    "answer_to_json",
    "credit",
    "explanations",
    "for_fellow",
    "key_text",
    "matched_mistake",
    "parse_answer",
]

Item = Annotated[
    SingleBestAnswer | MultipleResponse | Numeric | ShortAnswer, Field(discriminator="type")
]
"""What a case may ask."""

Answer = Choice | Choices | Number | Text
"""What a fellow may answer. A blank answer is None."""


@dataclass(frozen=True)
class ItemType:
    """What there is to know of an item type; each function is described in its module."""

    shape: type[BaseItem]
    parse: Callable[[Any, object], Answer | None]
    credit: Callable[[Any, Any], Fraction]
    to_json: Callable[[Any], dict[str, object]]
    show: Callable[[Any], ItemForFellow]
    key_text: Callable[[Any], str]
    answer_text: Callable[[Any, Any], str]
    explain: Callable[[Any], tuple[Explanation, ...]]
    answer: type[Any]
    mistake: Callable[[Any, Any], Explanation | None] | None = None


def _of(module: Any, shape: type[BaseItem], answer: type[Any]) -> ItemType:
    return ItemType(
        shape=shape,
        answer=answer,
        parse=module.parse,
        credit=module.credit,
        to_json=module.to_json,
        show=module.show,
        key_text=module.key_text,
        answer_text=module.answer_text,
        explain=module.explain,
        mistake=getattr(module, "mistake", None),
    )


ITEM_TYPES: dict[str, ItemType] = {
    "single_best_answer": _of(single_best_answer, SingleBestAnswer, Choice),
    "multiple_response": _of(multiple_response, MultipleResponse, Choices),
    "numeric": _of(numeric, Numeric, Number),
    "short_answer": _of(short_answer, ShortAnswer, Text),
}
_BY_ANSWER = {kind.answer: kind for kind in ITEM_TYPES.values()}


def parse_answer(item: Item, raw: object) -> Answer | None:
    """Return the answer that *raw* holds, in authored indices; None: blank.

    Args:
        item: The item as the fellow saw it.
        raw: The JSON of an answer, as `answer_to_json` makes it; None: blank.

    Raises:
        InvalidResponse: *item* offers no such answer.
    """
    return None if raw is None else ITEM_TYPES[item.type].parse(item, raw)


def answer_to_json(answer: Answer | None) -> dict[str, object] | None:
    """Return what `parse_answer` reads back."""
    return None if answer is None else _BY_ANSWER[type(answer)].to_json(answer)


def credit(item: Item, answer: Answer | None) -> Fraction:
    """Return what *answer* earns, exact, in [0, 1]; a blank answer earns 0."""
    return Fraction(0) if answer is None else ITEM_TYPES[item.type].credit(item, answer)


def for_fellow(item: Item) -> ItemForFellow:
    """Return what may be shown of *item* while it is answered."""
    return ITEM_TYPES[item.type].show(item)


def key_text(item: Item) -> str:
    """Return the best answer in words."""
    return ITEM_TYPES[item.type].key_text(item)


def answer_text(item: Item, answer: Answer | None) -> str:
    """Return *answer* in words; empty for a blank one."""
    return "" if answer is None else ITEM_TYPES[item.type].answer_text(item, answer)


def explanations(item: Item) -> tuple[Explanation, ...]:
    """Return why each answer is right or wrong: every option, or the key and known mistakes."""
    return ITEM_TYPES[item.type].explain(item)


def matched_mistake(item: Item, answer: Answer | None) -> Explanation | None:
    """Return the known mistake that a written *answer* shows; a right one shows none."""
    kind = ITEM_TYPES[item.type]
    if answer is None or kind.mistake is None or credit(item, answer) == 1:
        return None
    return kind.mistake(item, answer)
