"""The word that somebody meant who typed another."""

from collections.abc import Iterable

MOST_APART = 2
"""How many letters the word that is meant may be apart from what was typed."""

LONG = 6
"""From how many letters on two of them may be wrong; below it is one."""


def nearest_word(typed: str, words: Iterable[str]) -> str | None:
    """Return which of *words* differs least from *typed*; None: all differ too much.

    A letter that is missing, too much, another, or changed places with its neighbor counts one.
    Of several that are as near, one with the same first letter, then the first in order.
    """
    best: tuple[int, bool, str] | None = None
    for word in words:
        most = MOST_APART if len(typed) >= LONG else 1
        if abs(len(word) - len(typed)) > most or len(set(word) ^ set(typed)) > 2 * most:
            continue
        apart = letters_apart(typed, word)
        if 0 < apart <= most and (best is None or (apart, word[0] != typed[0]) < best[:2]):
            best = apart, word[0] != typed[0], word
    return best[2] if best else None


def letters_apart(one: str, other: str) -> int:
    """Return the distance of two words: edits of a letter, and neighbors that changed places.

    Source: optimal string alignment; Boytsov L. Indexing methods for approximate dictionary
    searching. ACM J Exp Algorithmics 2011;16:1.1.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, row = row, [i]
        for j, right in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1]
