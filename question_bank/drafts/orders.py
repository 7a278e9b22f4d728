"""Two people's orders of one list, joined."""

from collections.abc import Iterable, Sequence


def joined_order(
    base: Sequence[str], theirs: Sequence[str], mine: Sequence[str]
) -> tuple[list[str], bool]:
    """Return the order of all that *theirs* or *mine* has, and whether the two agree.

    Where one of them moved rows about, its order holds; rows that only the other one has come
    after what they come after there. They disagree where both moved rows about, in two ways:
    then *theirs* holds.
    """
    shared = set(base) & set(theirs) & set(mine)
    was, first, second = (_only(shared, order) for order in (base, theirs, mine))
    agreed = first in (was, second) or second == was
    if first == was and second != was:
        return _with_rest(mine, theirs, last=False), agreed
    return _with_rest(theirs, mine, last=True), agreed


def _only(kept: set[str], order: Iterable[str]) -> list[str]:
    return [each for each in order if each in kept]


def _with_rest(order: Sequence[str], other: Sequence[str], *, last: bool) -> list[str]:
    """Return *order* with what only *other* has, each after what it comes after there.

    *last*: after the rows, too, that only *order* has there.
    """
    found, known = list(order), set(other)
    for number, each in enumerate(other):
        if each in order:
            continue
        place = found.index(other[number - 1]) + 1 if number else 0
        while last and place < len(found) and found[place] not in known:
            place += 1
        found.insert(place, each)
    return found
