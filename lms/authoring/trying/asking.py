"""One page of what is tried out: its sheet, as the player shows it, and what is answered there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from lms.authoring.trying.trials import Given, Trial, Tried, TriedItem, orders
from lms.core.errors import Refusal
from lms.taking.case_sheets import Sheet, controls_kept
from lms.taking.incoming_saves import InvalidAnswer, PageControls, answer_in
from lms.taking.saving import StageIncomplete
from lms.taking.shown_order import controls_at
from question_bank.paper import PlacedItem, parts_of


@dataclass(frozen=True)
class PostedSheet:
    """What came of a page: the trial as it stands then, and what was wrong with which item.

    With something wrong, the trial is where it was. `controls` are those of the page, by position,
    as they were sent.
    """

    trial: Trial
    wrong: Mapping[int, Refusal]
    controls: Mapping[int, Mapping[str, list[str]]]


def sheet_at(tried: Tried, trial: Trial) -> Sheet:
    """Return the case that is asked now as far as it has unfolded; nothing in it tells a key.

    The trial must not be over.
    """
    number, stage = tried.steps[trial.step]
    case = tried.cases[number - 1]
    shown = orders(tried, trial)
    places = [
        _place(each, trial, shown[each.position], locked=each.stage < stage)
        for each in case.items
        if each.stage <= stage
    ]
    return Sheet(
        number=number,
        title=case.body.title,
        parts=parts_of(case.body, places, stage),
        reached=stage,
        unfolds=any(each.stage > stage for each in case.items),
    )


def _place(each: TriedItem, trial: Trial, order: tuple[int, ...], *, locked: bool) -> PlacedItem:
    item = replace(each.item.for_fellow(), points=each.points)
    given = trial.answer_to(each)
    controls = controls_kept(item, given.answer, order, confidence=given.confidence, flagged=False)
    return PlacedItem(each.position, item, order, controls, locked=locked)


def posted_at(tried: Tried, trial: Trial, form: MultiDict[str, str]) -> PostedSheet:
    """Return what came of the page that asks now, as *form* has it.

    Each answer is read as the player reads it. A stage after which the case goes on wants all of
    its answers; elsewhere an item may stay blank.
    """
    given: dict[int, Given] = {}
    wrong: dict[int, Refusal] = {}
    controls = {each.position: controls_at(form, each.position) for each in _asked(tried, trial)}
    shown = orders(tried, trial)
    for each in _asked(tried, trial):
        page = PageControls(controls[each.position])
        try:
            answer = answer_in(each.item, page, shown[each.position])
            given[each.position] = Given(answer, page.confidence)
        except InvalidAnswer as misfit:
            wrong[each.position] = misfit
    blank = [position for position, each in given.items() if each.answer is None]
    if blank and sheet_at(tried, trial).unfolds:
        wrong |= dict.fromkeys(blank, StageIncomplete(blank))
    return PostedSheet(trial if wrong else trial.onward(given), wrong, controls)


def _asked(tried: Tried, trial: Trial) -> list[TriedItem]:
    """Return the items of the page that asks now."""
    return [each for each in tried.items if (each.number, each.stage) == tried.steps[trial.step]]
