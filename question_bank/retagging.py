"""Giving a case a tag of the blueprint that tells nothing of its keys, or taking one from it."""

from question_bank.case import Case

RETAGGED = ("focus", "population", "setting")
"""The dimensions of the blueprint by which cases are told apart; none is what an item asks."""


class TagMisfit(Exception):
    """The case cannot have the tag, or cannot be without it; the text says why."""


def retagged(case: Case, dimension: str, tag: str, *, add: bool) -> Case:
    """Return *case* with, or without, a tag; the very same case, if it is so already.

    Args:
        case: The case.
        dimension: One of `RETAGGED`.
        tag: An id of that dimension.
        add: Whether it is to have the tag, or to be without it.

    Raises:
        TagMisfit: it has another setting, of which a case has one; or no focus would be left.
    """
    if dimension == "setting":
        return _in_setting(case, tag, add=add)
    had: tuple[str, ...] = case.focus if dimension == "focus" else case.population
    if (tag in had) == add:
        return case
    tags = (*had, tag) if add else tuple(each for each in had if each != tag)
    if dimension == "focus" and not tags:
        raise TagMisfit("A case has at least one focus, and this is its only one.")
    return case.model_copy(update={dimension: tags})


def _in_setting(case: Case, tag: str, *, add: bool) -> Case:
    if (case.setting == tag) == add:
        return case
    if add and case.setting is not None:
        raise TagMisfit("It has another setting. Take that first: a case has one.")
    return case.model_copy(update={"setting": tag if add else None})
