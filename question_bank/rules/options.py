"""Rules on lists of options: the key must not stand out, and options must be comparable."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import mean, median, pstdev

from question_bank.items.base import Option
from question_bank.rules.base import Cure, Hit
from question_bank.rules.figures import Figure, figure
from question_bank.rules.reading import Asked, CaseReading, TextRole
from question_bank.rules.words import acts, content, first_word, jaccard, quoted, tokens

WHOLESALE = re.compile(
    r"\b(all|any|both|none|neither|either|each|two|more than one) of (the )?"
    r"(above|below|these|those|others?|(other |preceding |previous )?(options|answers|choices))\b"
    r"|\b(both|either|neither) (?-i:[A-H]) (and|or|nor) (?-i:[A-H])\b"
    r"|\boptions? (?-i:[A-H1-5])\b",
    re.IGNORECASE,
)
"""Options that are about other options."""

_JOINED = re.compile(r"(?:;|,? and|,? then|,? with)(?: then)? ([a-z]+)")
_RESUMED = re.compile(r",? then (?:start again|restart|resume|continue)\b")
"""An interruption is one action."""

_JOINT = re.compile(r"[,;]|\b(?:and|then|with|but|before|after|while|plus)\b")
SAME = "says the same as"

_SEEN = 8
"""Characters that an option has to be longer to look longer."""

_WORDY = 20
"""Shorter options may differ in length as they like."""


def one_key(reading: CaseReading) -> Iterator[Hit]:
    """L01: one key among 3 to 5 options. NBME Item-Writing Guide; checked on reading as well."""
    for asked in reading.asked:
        keys = sum(option.key for option in asked.options)
        if asked.asks_for_one and (keys != 1 or not 3 <= len(asked.options) <= 5):
            yield Hit(
                f"{asked.field}.options",
                f"there are {keys} keys among {len(asked.options)} options",
                "mark one key among three to five options",
            )


def stands_for_itself(reading: CaseReading) -> Iterator[Hit]:
    """L02: no option is about other options. NBME Item-Writing Guide."""
    for passage in reading.passages(TextRole.OPTION):
        match = WHOLESALE.search(passage.text)
        if match:
            yield Hit(
                passage.field,
                f"“{match[0]}” is about other options, which are shuffled",
                "name what is meant, or ask for several answers",
            )


def not_the_longest(reading: CaseReading) -> Iterator[Hit]:
    """L07: the key is not conspicuously long. Pham 2018: the longest choice is chosen."""
    for asked in reading.asked:
        if not asked.single:
            continue
        key, others = _key_and_others(asked.options)
        lengths = [len(option.text) for option in others]
        longest, middle = max(lengths), median(lengths)
        size = len(key.text)
        if size > max(1.3 * longest, longest + _SEEN) or size > max(1.5 * middle, middle + _SEEN):
            yield Hit(
                _field(asked, key),
                f"the key has {size} characters, the longest distractor {longest}",
                "shorten the key, or say as much in the distractors",
            )


def no_convergence(reading: CaseReading) -> Iterator[Hit]:
    """L13: the key is not the option that shares most with the others. Haladyna and Downing."""
    for asked in reading.asked:
        if not asked.single or len(asked.options) < 4:
            continue
        words = [content(option.text) for option in asked.options]
        shared = [
            sum(len(own & other) for m, other in enumerate(words) if m != n)
            for n, own in enumerate(words)
        ]
        key = next(n for n, option in enumerate(asked.options) if option.key)
        next_best = max(each for n, each in enumerate(shared) if n != key)
        if _draws_together(words, key) and shared[key] > 1.25 * next_best and shared[key] > 2:
            yield Hit(
                f"{asked.field}.options[{key}].text",
                "the key shares more words with the other options than any of them does",
                "let two distractors share what the key shares",
            )


def _draws_together(words: Sequence[frozenset[str]], key: int) -> bool:
    """Return whether different words of the key come back in different distractors."""
    shared = [words[key] & other for n, other in enumerate(words) if n != key]
    return len({each for each in shared if each}) > 1


def homogeneous(reading: CaseReading) -> Iterator[Hit]:
    """L14: options are one kind of thing, of like length. Haladyna, Downing and Rodriguez 2002."""
    for asked in reading.asked:
        if not asked.single:
            continue
        numbers = [figure(option.text) for option in asked.options]
        lengths = [len(option.text) for option in asked.options]
        if any(numbers) and not all(numbers):
            what = "some options are plain numbers and some are words"
        elif max(lengths) > _WORDY and pstdev(lengths) > 0.6 * mean(lengths):
            what = f"the options have between {min(lengths)} and {max(lengths)} characters"
        else:
            continue
        yield Hit(f"{asked.field}.options", what, "make the options one kind of thing")


def numbers_ascend(reading: CaseReading) -> Iterator[Hit]:
    """L15: numbers ascend, in one unit and apart from each other. NBME Item-Writing Guide."""
    for asked in reading.asked:
        figures = [figure(option.text) for option in asked.options]
        numbers = [each for each in figures if each is not None]
        if len(numbers) < 3 or len(numbers) < len(figures):
            continue
        what = _disorder(numbers)
        if what:
            mend = "give ascending numbers in one unit"
            yield Hit(f"{asked.field}.options", what, mend, cure=_sorting(numbers))


def _disorder(numbers: Sequence[Figure]) -> str:
    if len({each.unit for each in numbers}) > 1:
        return f"the units differ: {quoted(sorted({each.unit or 'none' for each in numbers}))}"
    lows = [each.low for each in numbers]
    if lows != sorted(lows):
        return "the numbers do not ascend"
    for one, other in combinations(numbers, 2):
        if one.high > other.low or one.low == other.low:
            return f"“{one.text}” and “{other.text}” overlap"
    return ""


def _sorting(numbers: Sequence[Figure]) -> Cure | None:
    """Return how *numbers* ascend; None: that alone would not mend them."""
    order = sorted(range(len(numbers)), key=lambda n: (numbers[n].low, numbers[n].high))
    if _disorder([numbers[n] for n in order]):
        return None
    return Cure("Sort the options", order=tuple(order))


def all_different(reading: CaseReading) -> Iterator[Hit]:
    """L16: no option says the same as another, or contains it. Haladyna and Downing."""
    for asked in reading.asked:
        told = [(option, tokens(option.text)) for option in asked.options]
        for (one, words), (other, others) in combinations(told, 2):
            what = _likeness(words, others)
            if what:
                same = what == SAME and not other.key
                yield Hit(
                    _field(asked, other),
                    f"it {what} “{one.text}”",
                    "make the two differ in what is decided, or drop one",
                    cure=Cure("Remove this option", drops=True) if same else None,
                )


def _likeness(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    short, long = sorted((one, other), key=len)
    if sorted(one) == sorted(other):
        return SAME
    if set(short) < set(long) and _runs_in(short, long):
        return "contains, or is contained in,"
    changed = set(one) ^ set(other)
    swapped = len(changed) == 2 and len(set(one)) == len(set(other))
    if swapped or any(token[0].isdigit() for token in changed):
        return ""
    return "says nearly the same as" if jaccard(frozenset(one), frozenset(other)) > 0.85 else ""


def _runs_in(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    starts = range(len(long) - len(short) + 1)
    return any(long[start : start + len(short)] == short for start in starts)


def opening_in_lead_in(reading: CaseReading) -> Iterator[Hit]:
    """L17: what all options begin with belongs in the lead-in. Haladyna and Downing."""
    for asked in reading.asked:
        openings = {tokens(option.text)[:3] for option in asked.options}
        if len(openings) == 1 and len(next(iter(openings))) == 3:
            yield Hit(
                f"{asked.field}.options",
                f"all options begin with “{' '.join(next(iter(openings)))}”",
                "move the shared words into the lead-in",
            )


def no_partly_double(reading: CaseReading) -> Iterator[Hit]:
    """L18: either all options join two actions, or none does. Haladyna and Downing."""
    for asked in reading.asked:
        texts = [option.text for option in asked.options if asked.single]
        double = [text for text in texts if _joins(text)]
        plain = [text for text in texts if not _JOINT.search(text)]
        if double and plain:
            yield Hit(
                f"{asked.field}.options",
                f"“{double[0]}” joins two actions, “{plain[0]}” is one",
                "give every option one action, or every option two",
            )


def _joins(text: str) -> bool:
    return acts(first_word(text)) and any(
        map(acts, _JOINED.findall(_RESUMED.sub(" ", text.casefold())))
    )


def _key_and_others(options: Sequence[Option]) -> tuple[Option, tuple[Option, ...]]:
    key = next(option for option in options if option.key)
    return key, tuple(option for option in options if option is not key)


def _field(asked: Asked, option: Option) -> str:
    n = next(n for n, each in enumerate(asked.options) if each is option)
    return f"{asked.field}.options[{n}].text"
