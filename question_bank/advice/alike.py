"""Which stored cases a draft is nearly the same as, and what is said of that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from question_bank.advice.listing import Advice, AlikeCase
from question_bank.advice.places import place_in_words
from question_bank.drafts.bodies import HANDLE
from question_bank.rules.telling import ALIKE, Told, told_in
from question_bank.rules.words import jaccard

RULE = "L32"

MOST_NAMED = 3
"""How many cases are named of those that are like a draft."""


def how_alike(told: Told, body: Mapping[str, Any]) -> float | None:
    """Return the share of *told* that a stored case has in common, whose JSON is *body*.

    None: that is no more than any two cases may share, or a waiver of that case keeps it.
    """
    share = jaccard(told, told_in(body))
    return share if share > ALIKE and not _waived(body) else None


def of_alike(body: Mapping[str, Any], alike: Sequence[AlikeCase]) -> Iterator[Advice]:
    """Yield what is said of the stored cases that are like the draft *body*, unless it is kept."""
    if not alike or _waived(body):
        return
    named = sorted(alike, key=lambda each: -each.share)[:MOST_NAMED]
    others = "a case" if len(alike) == 1 else f"{len(alike)} cases"
    sentence = (
        f"It shares {named[0].said} of its story and lead-ins with {others} of the bank. "
        "Make one of the two another patient, or drop it."
    )
    path = _story(body)
    yield Advice(path, RULE, "W", place_in_words(body, path), sentence, alike=tuple(named))


def _waived(body: Mapping[str, Any]) -> bool:
    return any(each.get("rule") == RULE for each in _dicts(body.get("waivers")))


def _story(body: Mapping[str, Any]) -> str:
    """Return the path of the first story in a draft."""
    told = (each.get(HANDLE) for each in _dicts(body.get("stages")) if each.get("text"))
    return next((f"stages/{handle}/text" for handle in told), "stages")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
