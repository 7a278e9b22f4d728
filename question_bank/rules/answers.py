"""Rules on what answers earn, and on how what is typed is read."""

from collections.abc import Iterable, Iterator

from question_bank.items.as_typed import folded
from question_bank.items.choices import Choices
from question_bank.items.key_feature import KeyFeature
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.short_answer import ShortAnswer
from question_bank.rules.base import Hit
from question_bank.rules.reading import Asked, CaseReading


def ticking_all_earns_nothing(reading: CaseReading) -> Iterator[Hit]:
    """L39: who ticks every option of a multiple response earns nothing. House rule."""
    for asked in reading.asked:
        if isinstance(asked.item, MultipleResponse) and asked.item.keys:  # a draft may have none
            everything = Choices(frozenset(range(len(asked.item.options))))
            if credit := asked.item.credit_for(everything):
                yield Hit(
                    f"{asked.field}.options",
                    f"who ticks all of them earns {credit} of the credit",
                    "offer as many distractors as keys, or more",
                )


def accents_count_on_purpose(reading: CaseReading) -> Iterator[Hit]:
    """L40: accents count where that is said, and only where one tells answers apart. House rule."""
    for asked in reading.asked:
        item, patterns = asked.item, _patterns(asked)
        if not isinstance(item, ShortAnswer | KeyFeature) or not patterns:
            continue
        field = f"{asked.field}.accents_matter"
        if not item.accents_matter and not item.folds_accents:
            yield Hit(
                field,
                "two of the answers it knows differ in nothing but accents, so that accents count",
                "say so with “accents_matter: true”, or have them differ in more",
            )
        elif item.accents_matter and not any(map(_has_accent, patterns)):
            yield Hit(
                field,
                "accents are to count, and no answer that it knows has one",
                "leave “accents_matter” out",
            )


def _patterns(asked: Asked) -> tuple[str, ...]:
    """Return what typed answers are matched with; nothing, where none are typed."""
    match asked.item:
        case ShortAnswer() as item:
            return (*item.accept, *(mistake.text for mistake in item.mistakes))
        case KeyFeature(mode="write_in") as item:
            return tuple(_flat(option.patterns for option in item.options))
    return ()


def _flat(lists: Iterable[Iterable[str]]) -> Iterator[str]:
    return (each for inner in lists for each in inner)


def _has_accent(text: str) -> bool:
    return folded(text, accents=True) != folded(text, accents=False)
