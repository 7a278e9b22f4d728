"""How thousands of cases stand, each in one number: what holds of a case is a bit of it."""

from collections.abc import Sequence
from functools import reduce
from operator import add

from sqlalchemy import ColumnElement, case

from question_bank.searching.facets import Tag

IS_RETIRED, IS_IN_USE, IS_SIGNED, IS_OVERDUE, IS_PROPOSED, IS_TOLD, FITS = (
    1 << n for n in range(7)
)
"""`IS_TOLD`: its keys may be read by who asks. `FITS`: its title and tags have all the words."""

OWN = 7
"""How many bits these are; the tags that other rooms know of come after them."""

STATE, NEEDS = "state", "needs"
"""The facets that are no tags of what a case says."""

PUBLISHED, PROPOSED, RETIRED = (STATE, "published"), (STATE, "proposed"), (STATE, "retired")
UNSIGNED, SIGNED = (NEEDS, "signature"), (STATE, "signed")
OVERDUE = (NEEDS, "review")

OF_STANDING = (PUBLISHED, SIGNED, PROPOSED, RETIRED, UNSIGNED, OVERDUE)
"""The tags of how a case stands, as far as the store knows."""


def standing_of(conditions: Sequence[ColumnElement[bool]]) -> ColumnElement[int]:
    """Return the number whose bits are *conditions*, the first of them the lowest."""
    bits = [case((holds, 1 << place), else_=0) for place, holds in enumerate(conditions)]
    return reduce(add, bits)


def merged(standings: Sequence[int]) -> int:
    """Return the number of a case of which several entries were found, by theirs.

    Its keys are told where those of all are; all else holds where it does of one.
    """
    some, every = standings[0], standings[0]
    for each in standings[1:]:
        some, every = some | each, every & each
    return some & ~IS_TOLD | every & IS_TOLD


def states_at(standing: int, also: tuple[Tag, ...]) -> frozenset[Tag]:
    """Return the tags of a case that stands so; *also* are those that other rooms know of."""
    found = {tag for place, tag in enumerate(also, OWN) if standing & 1 << place}
    if standing & IS_RETIRED:
        return frozenset({*found, RETIRED})
    if standing & IS_IN_USE:
        found |= {PUBLISHED, SIGNED if standing & IS_SIGNED else UNSIGNED}
        found |= {OVERDUE} if standing & IS_OVERDUE else set()
    return frozenset(found | ({PROPOSED} if standing & IS_PROPOSED else set()))
