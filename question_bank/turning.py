"""Whether what is right of an item has turned, told without anybody's word.

Wording that changes may or may not change what is right: a person says that. Some changes leave no
doubt: an option that reads as before is right now and was wrong, one more is right, the number or
the order is another. Who publishes such a change cannot say that it is only how it is said.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from functools import singledispatch
from typing import Any

from question_bank.items import AnyItem
from question_bank.items.extended_matching import ExtendedMatching
from question_bank.items.hotspot import Hotspot
from question_bank.items.key_feature import KeyFeature
from question_bank.items.matching import Matching
from question_bank.items.multiple_response import MultipleResponse
from question_bank.items.numeric import Numeric
from question_bank.items.ordering import Ordering
from question_bank.items.script_concordance import ScriptConcordance
from question_bank.items.short_answer import ShortAnswer
from question_bank.items.single_best_answer import SingleBestAnswer


def items_that_turned(before: Iterable[AnyItem], after: Iterable[AnyItem]) -> tuple[str, ...]:
    """Return the keys of the items *after* of which certainly something else is right than before.

    An item that was not asked before is not among them: there is nothing that it could change.
    """
    was = {item.key: item for item in before}
    return tuple(item.key for item in after if item.key in was and _turned(was[item.key], item))


def _turned(before: AnyItem, after: AnyItem) -> bool:
    return before.type != after.type or has_turned(after, before)


@singledispatch
def has_turned(after: AnyItem, before: AnyItem) -> bool:
    """Return whether *after*, of the type of *before*, leaves no doubt that its answer is another.

    Of an item that people mark by a rubric there is none: what is right stands in words.
    """
    return False


@has_turned.register
def _(after: SingleBestAnswer | MultipleResponse | KeyFeature | Hotspot, before: AnyItem) -> bool:
    was, now = ([(_plain(each.text), each.key) for each in _of(one)] for one in (before, after))
    rights = [sum(key for _, key in each) for each in (was, now)]
    return rights[0] != rights[1] or _differ(dict(was), dict(now))


def _of(item: AnyItem) -> Any:
    """Return the options of *item*, or the regions of its picture."""
    return item.regions if isinstance(item, Hotspot) else getattr(item, "options", ())


@has_turned.register
def _(after: Matching, before: Matching) -> bool:
    was, now = ({_plain(e.left): _plain(e.right) for e in one.pairs} for one in (before, after))
    return _rows_differ(was, now, set(map(_plain, before.choices)), set(map(_plain, after.choices)))


@has_turned.register
def _(after: ExtendedMatching, before: ExtendedMatching) -> bool:
    was, now = ({_plain(e.text): _plain(e.key) for e in one.stems} for one in (before, after))
    offered = [{_plain(each.text) for each in one.options} for one in (before, after)]
    return _rows_differ(was, now, *offered)


def _rows_differ(
    was: Mapping[str, str],
    now: Mapping[str, str],
    before: AbstractSet[str],
    after: AbstractSet[str],
) -> bool:
    """Return whether a row that stands in both goes with another option, not one said otherwise.

    *before* and *after* are all the options that there were, and are.
    """
    return any(
        was[row] != now[row] and (was[row] in after or now[row] in before)
        for row in was.keys() & now
    )


@has_turned.register
def _(after: Ordering, before: Ordering) -> bool:
    was, now = ([_plain(step.text) for step in one.steps] for one in (before, after))
    kept = set(was) & set(now)
    return [each for each in was if each in kept] != [each for each in now if each in kept]


@has_turned.register
def _(after: Numeric, before: Numeric) -> bool:
    return after.gist != before.gist


@has_turned.register
def _(after: ShortAnswer, before: ShortAnswer) -> bool:
    was, now = ({_plain(each) for each in one.accept} for one in (before, after))
    return was.isdisjoint(now)


@has_turned.register
def _(after: ScriptConcordance, before: ScriptConcordance) -> bool:
    return before.panel is not None and (after.panel, after.scale) != (before.panel, before.scale)


def _differ(was: Mapping[str, bool], now: Mapping[str, bool]) -> bool:
    """Return whether one of the texts that stand in both is right in one of them alone."""
    return any(was[text] != now[text] for text in was.keys() & now)


def _plain(text: str) -> str:
    """Return *text* without what is only how it is set: capitals, spaces, signs of Markdown."""
    return " ".join(text.casefold().replace("*", "").replace("_", "").split()).rstrip(".")
