"""Panels of experts: which items want one, what it is shown, and what becomes of its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal

from question_bank.case import Case, Exhibit, case_to_json, parse_case
from question_bank.items.script_concordance import (
    SCALES,
    STEPS,
    ScriptConcordance,
)

Spread = Literal["unanimous", "flat", "two peaks"]
"""How the answers of a panel lie if the item is one that is usually dropped."""


@dataclass(frozen=True)
class Question:
    """A script-concordance item as a panelist sees it: no panel, no reason.

    `points` are the steps of the scale, "−2" to "+2", each with its words.
    """

    position: int
    key: str
    lead_in: str
    idea: str
    finding: str
    points: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PanelPart:
    """What is known at a time, with what the panel is asked then."""

    title: str
    text: str
    exhibits: tuple[Exhibit, ...]
    questions: tuple[Question, ...]


def asked(case: Case) -> tuple[ScriptConcordance, ...]:
    """Return the items of *case* that a panel answers, in order."""
    return tuple(item for item in case.questions if isinstance(item, ScriptConcordance))


def wanting(case: Case) -> tuple[ScriptConcordance, ...]:
    """Return the items of *case* that have no panel yet."""
    return tuple(item for item in asked(case) if item.panel is None)


def shown_to_panel(case: Case) -> tuple[PanelPart, ...]:
    """Return all that a panel on *case* is shown: its parts, up to the last that asks the panel.

    What comes after is kept from panelists as it is from a fellow at that point.
    """
    parts: list[PanelPart] = []
    position = 0
    for part in case.parts:
        items = [item for item in part.items if isinstance(item, ScriptConcordance)]
        questions = tuple(_question(n, item) for n, item in enumerate(items, position + 1))
        position += len(items)
        parts.append(PanelPart(part.title, part.text, part.exhibits, questions))
    while parts and not parts[-1].questions:
        parts.pop()
    return tuple(parts)


def _question(position: int, item: ScriptConcordance) -> Question:
    steps = (f"{step:+d}".replace("-", "−").replace("+0", "0") for step in STEPS)
    return Question(
        position=position,
        key=item.key,
        lead_in=item.lead_in,
        idea=item.idea,
        finding=item.finding,
        points=tuple(zip(steps, SCALES[item.scale], strict=True)),
    )


def with_panels(case: Case, counts: Mapping[str, Sequence[int]]) -> Case:
    """Return *case* with a panel on each item that *counts* names by its key.

    Args:
        case: The case.
        counts: How many panelists chose each point, from −2 to +2.

    Raises:
        InvalidCase: these are not the counts of a panel, or the item takes none.
    """
    data = case_to_json(case)
    for item in _items(data):
        if item["key"] in counts:
            item["panel"] = {"counts": list(counts[item["key"]])}
    return parse_case(data)


def _items(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for part in (data["stages"] or [data]) for item in part["items"]]


def keep_panels(case: Case, before: Case) -> Case:
    """Return *case* with the panels of *before* on items that want one.

    Only if a panel would still be shown the very same: else its answers were to something else.
    """
    wanted = {item.key for item in wanting(case)}
    known = {
        item.key: item.panel.counts
        for item in asked(before)
        if item.panel is not None and item.key in wanted
    }
    if not known or (case.title, shown_to_panel(case)) != (before.title, shown_to_panel(before)):
        return case
    return with_panels(case, known)


def spread(counts: Sequence[int]) -> Spread | None:
    """Return what speaks against an item whose panel answered with *counts*, −2 to +2.

    Good items show moderate disagreement; those on which all agree, or on which the answers
    are flat or have two peaks, are usually dropped (Dory V, et al. Med Educ 2012). The
    bounds are ours: flat is a most frequent answer that less than a third gave; a peak is a
    quarter of the answers, and two of them count if fewer chose every point between them.
    """
    size = sum(counts)
    if not size:
        return None
    if max(counts) == size:
        return "unanimous"
    peaks = [point for point, n in enumerate(counts) if Fraction(n, size) >= Fraction(1, 4)]
    for left, right in pairwise(peaks):
        between = counts[left + 1 : right]
        if between and max(between) < min(counts[left], counts[right]):
            return "two peaks"
    return "flat" if Fraction(max(counts), size) < Fraction(1, 3) else None
