"""The item types.

Adding one takes a module beside this one with the functions that `ItemType` names, its line in
`ITEM_TYPES`, and a template `items/<type>.html` for the pages. Its `type` is the name in that
line. The rules of item writing read a field of prose if `rules.reading` has its name, so take
one of those (`text`, `why`, `alt`, …) or add it there. The tests want an item of the type in
`tests/question_bank/data/all-kinds.yaml`, and its answers in `tests/question_bank/kinds.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field

from question_bank.items import (
    essay,
    extended_matching,
    hotspot,
    key_feature,
    matching,
    multiple_response,
    numeric,
    ordering,
    script_concordance,
    short_answer,
    single_best_answer,
)
from question_bank.items.base import (
    Answer,
    BaseItem,
    Fields,
    InvalidResponse,
    ItemForFellow,
    Line,
    renamed,
)

__all__ = [
    "ITEM_TYPES",
    "Answer",
    "BaseItem",
    "Fields",
    "InvalidResponse",
    "Item",
    "ItemForFellow",
    "Line",
    "answer_text",
    "answer_to_json",
    "controls_of",
    "credit",
    "for_fellow",
    "harms",
    "key_text",
    "parse_answer",
    "read_controls",
    "remark",
    "renamed",
    "review",
    "sum_up",
]


@dataclass(frozen=True)
class ItemType:
    """What there is to know of an item type; each function is described in its module.

    `sum_up`: how right an answer in several parts is. `remark`: what is to be said to an answer
    beside the reasons of its lines.
    """

    shape: type[BaseItem]
    parse: Callable[[Any, object], Answer | None]
    credit: Callable[[Any, Any], Fraction | None]
    show: Callable[[Any], ItemForFellow]
    read: Callable[[Any, Fields], object]
    write: Callable[[Any, dict[str, Any]], Fields]
    key_text: Callable[[Any], str]
    answer_text: Callable[[Any, Any], str]
    review: Callable[[Any, Any], tuple[Line, ...]]
    sum_up: Callable[[Any, Any], str] | None
    remark: Callable[[Any, Any], str] | None


def _of(module: Any, shape: type[BaseItem]) -> ItemType:
    return ItemType(
        shape=shape,
        parse=module.parse,
        credit=module.credit,
        show=module.show,
        read=module.read,
        write=module.write,
        key_text=module.key_text,
        answer_text=module.answer_text,
        review=module.review,
        sum_up=getattr(module, "sum_up", None),
        remark=getattr(module, "remark", None),
    )


ITEM_TYPES: dict[str, ItemType] = {
    "single_best_answer": _of(single_best_answer, single_best_answer.SingleBestAnswer),
    "multiple_response": _of(multiple_response, multiple_response.MultipleResponse),
    "numeric": _of(numeric, numeric.Numeric),
    "short_answer": _of(short_answer, short_answer.ShortAnswer),
    "extended_matching": _of(extended_matching, extended_matching.ExtendedMatching),
    "matching": _of(matching, matching.Matching),
    "ordering": _of(ordering, ordering.Ordering),
    "script_concordance": _of(script_concordance, script_concordance.ScriptConcordance),
    "key_feature": _of(key_feature, key_feature.KeyFeature),
    "hotspot": _of(hotspot, hotspot.Hotspot),
    "essay": _of(essay, essay.Essay),
}

if TYPE_CHECKING:
    Item = BaseItem
else:
    Item = Annotated[
        Union[tuple(kind.shape for kind in ITEM_TYPES.values())],  # noqa: UP007
        Field(discriminator="type"),
    ]
"""What a case may ask."""


def parse_answer(item: BaseItem, raw: object) -> Answer | None:
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
    return None if answer is None else answer.to_json()


def credit(item: BaseItem, answer: Answer | None) -> Fraction | None:
    """Return what *answer* earns, exact, in [0, 1]; a blank answer earns 0.

    None: that is for people to say, a rater or a panel.
    """
    return Fraction(0) if answer is None else ITEM_TYPES[item.type].credit(item, answer)


def for_fellow(item: BaseItem) -> ItemForFellow:
    """Return what may be shown of *item* while it is answered."""
    return ITEM_TYPES[item.type].show(item)


def read_controls(shown: ItemForFellow, fields: Fields) -> object:
    """Return the JSON of the answer that the controls of *shown* hold, in places as shown.

    None: blank. Whether the item offers such an answer is not looked at here.
    """
    return ITEM_TYPES[shown.type].read(shown, fields)


def controls_of(shown: ItemForFellow, raw: dict[str, Any] | None) -> dict[str, list[str]]:
    """Return the controls of *shown* as they stand for *raw*, in places as shown."""
    fields = ITEM_TYPES[shown.type].write(shown, raw) if raw else {}
    return {name: list(values) for name, values in fields.items()}


def key_text(item: BaseItem) -> str:
    """Return the best answer in words."""
    return ITEM_TYPES[item.type].key_text(item)


def answer_text(item: BaseItem, answer: Answer | None) -> str:
    """Return *answer* in words; empty for a blank one."""
    return "" if answer is None else ITEM_TYPES[item.type].answer_text(item, answer)


def review(item: BaseItem, answer: Answer | None) -> tuple[Line, ...]:
    """Return why each answer is right or wrong: every option, or the key and known mistakes."""
    return ITEM_TYPES[item.type].review(item, answer)


def sum_up(item: BaseItem, answer: Answer | None) -> str:
    """Return how right an answer in several parts is, like "2 of 3 right"; else nothing."""
    say = ITEM_TYPES[item.type].sum_up
    return "" if answer is None or say is None else say(item, answer)


def remark(item: BaseItem, answer: Answer | None) -> str:
    """Return what is to be said to *answer* beside the reasons of its lines; mostly nothing."""
    say = ITEM_TYPES[item.type].remark
    return "" if say is None else say(item, answer)


def harms(item: BaseItem, answer: Answer | None) -> tuple[Line, ...]:
    """Return the options in *answer* that would harm the patient."""
    return tuple(line for line in review(item, answer) if line.chosen and line.harm)
