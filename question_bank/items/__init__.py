"""The item types.

Adding one takes a module beside this one with its class, a `BaseItem` that says how it reads an
answer, grades it, shows it, explains it and is written; its line in `ITEM_TYPES`; and a template
`items/<type>.html` for the pages. The rules of item writing read a field of prose if
`rules.reading` has its name, so take one of those (`text`, `why`, `alt`, …) or add it there. The
tests want an item of the type in `tests/question_bank/data/all-kinds.yaml`, and its answers in
`tests/question_bank/kinds.py`.
"""

from typing import TYPE_CHECKING, Annotated, Union

from pydantic import Field

from question_bank.items.answers import Answer, InvalidResponse, Json, answer_to_json, renamed
from question_bank.items.base import AnyItem, ReviewLine
from question_bank.items.essay import Essay
from question_bank.items.extended_matching import ExtendedMatching
from question_bank.items.hotspot import Hotspot
from question_bank.items.key_feature import KeyFeature
from question_bank.items.matching import Matching
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.numeric import Numeric
from question_bank.items.ordering import Ordering
from question_bank.items.script_concordance import ScriptConcordance
from question_bank.items.short_answer import ShortAnswer
from question_bank.items.shown import Fields, ItemForFellow
from question_bank.items.single_best_answer import SingleBestAnswer

__all__ = [
    "ITEM_TYPES",
    "Answer",
    "AnyItem",
    "Fields",
    "InvalidResponse",
    "Item",
    "ItemForFellow",
    "Json",
    "ReviewLine",
    "answer_to_json",
    "renamed",
]

ITEM_TYPES: tuple[type[AnyItem], ...] = (
    SingleBestAnswer,
    MultipleResponse,
    Numeric,
    ShortAnswer,
    ExtendedMatching,
    Matching,
    Ordering,
    ScriptConcordance,
    KeyFeature,
    Hotspot,
    Essay,
)

if TYPE_CHECKING:
    Item = AnyItem
else:
    Item = Annotated[Union[ITEM_TYPES], Field(discriminator="type")]  # noqa: UP007
"""What a case may ask, as it is told apart when it is read."""
