"""What an author does about advice with one press: mend it, keep it with a reason, undo that."""

from collections.abc import Mapping, Sequence
from typing import Any

from question_bank.advice.listing import AdviceList
from question_bank.drafts.bodies import HANDLE
from question_bank.rules.base import Cure

FEWEST = 12
"""Characters that a reason has."""

Body = dict[str, Any]


class NotDone(Exception):
    """What was asked cannot be done, with a sentence for the author."""


def mended(body: Mapping[str, Any], path: str, rule: str, found: AdviceList, nth: int = 0) -> Body:
    """Return *body* with what *rule* finds at *path* mended, as *found* says; a copy.

    *nth*: which of several such findings.

    Raises:
        NotDone: it is not there any more, or has no mend.
    """
    asked = [each for each in found.at(path) if (each.rule, each.nth) == (rule, nth)]
    cures = [each.cure for each in asked if each.cure]
    if not cures:
        raise NotDone("That place reads otherwise now, so nothing was changed.")
    done: Body = _at(body, path.split("/"), cures[0])
    return done


def kept(
    body: Mapping[str, Any], path: str, rule: str, why: str, found: AdviceList, *, handle: str
) -> Body:
    """Return *body* with what *rule* finds at *path* kept as it is, for the reason *why*; a copy.

    *handle* is that of the new waiver: one that the body does not have yet.

    Raises:
        NotDone: there is no reason, or the finding blocks approval, or is not there any more.
    """
    if len(why.strip()) < FEWEST:
        raise NotDone(f"Say in {FEWEST} characters or more why this stays as it is.")
    advice = [each for each in found.at(path) if each.rule == rule]
    if not advice:
        raise NotDone("That place reads otherwise now, so nothing was changed.")
    if not any(each.may_be_kept for each in advice):
        raise NotDone("This blocks approval, so it cannot be kept. Mend it first.")
    waiver = {HANDLE: handle, "rule": rule, "at": path, "why": why.strip()}
    return dict(body) | {"waivers": [*_rows(body.get("waivers")), waiver]}


def let_go(body: Mapping[str, Any], handle: str) -> Body:
    """Return *body* without the waiver of that handle; a copy."""
    left = [each for each in _rows(body.get("waivers")) if _handle(each) != handle]
    return dict(body) | {"waivers": left}


def _at(value: Any, path: Sequence[str], cure: Cure) -> Any:
    """Return *value* with what *path* leads to cured; as it is where it leads nowhere."""
    if isinstance(value, list):
        if cure.drops and len(path) == 2:
            return [each for each in value if _handle(each) != path[0]]
        return [_at(each, path[1:], cure) if _handle(each) == path[0] else each for each in value]
    if not isinstance(value, dict) or path[0] not in value:
        return value
    inner = value[path[0]]
    return value | {path[0]: _cured(inner, cure) if len(path) == 1 else _at(inner, path[1:], cure)}


def _cured(value: Any, cure: Cure) -> Any:
    if isinstance(value, str):
        return value.replace(cure.before, cure.after) if value.strip() == cure.before else value
    if isinstance(value, list) and cure.order:
        return _sorted(value, cure.order)
    if isinstance(value, list):
        return [_cured(each, cure) if isinstance(each, str) else each for each in value]
    return value


def _sorted(rows: list[Any], order: Sequence[int]) -> list[Any]:
    """Return *rows* in *order*; those in which nothing is written come last."""
    begun = [row for row in rows if isinstance(row, dict) and row.get("text")]
    if len(begun) != len(order):
        return rows
    return [begun[n] for n in order] + [row for row in rows if row not in begun]


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _handle(group: Any) -> object:
    return group.get(HANDLE) if isinstance(group, dict) else None
