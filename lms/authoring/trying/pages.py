"""The pages of a trial, whoever has it tried out."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lms.authoring.trying.asking import posted_at, sheet_at
from lms.authoring.trying.carrying import TooMuchToCarry, TriedChanged, carried, read_trial
from lms.authoring.trying.trials import Trial, Tried, is_over
from lms.core.errors import Refusal
from lms.taking.paper import ItemState


@dataclass(frozen=True)
class Turn:
    """Where person *by* stands with what is tried out, after what a request brought.

    `wrong` says what was wrong with which item, by its position, `controls` how these were sent,
    and `refusal` why the page is not the next one, or begins anew.
    """

    tried: Tried
    by: int
    trial: Trial
    wrong: Mapping[int, Refusal] = field(default_factory=dict)
    controls: Mapping[int, Mapping[str, list[str]]] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def over(self) -> bool:
        """Whether everything is answered."""
        return is_over(self.tried, self.trial)

    def hidden(self, item: ItemState) -> bool:
        """Return whether an item has yet to appear."""
        return (item.case, item.stage) > self.tried.steps[self.trial.step]

    @property
    def status(self) -> int:
        """The status of the page."""
        if self.refusal is not None:
            return self.refusal.http_status
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.wrong else HTTPStatus.OK


@dataclass(frozen=True)
class Around:
    """What a page says around what it asks: what this is, and where to leave it for.

    `title` and `text` are said before the first answer; `last_label` is on the last button.
    `other` is another way out: what it is called, and where it leads. `missing` is what is not
    asked since it is not written yet: a sentence, and where to write it.
    """

    what: str
    leave_label: str
    leave_url: str
    title: str = "As a fellow takes it"
    text: str = "Nothing that is answered here is kept. Key and reasons come at the end."
    last_label: str = "See key and reasons"
    other: tuple[str, str] | None = None
    missing: Sequence[tuple[str, str]] = ()


def turn_of(tried: Tried, *, by: int) -> Turn:
    """Return where person *by* stands after this request: a GET begins, a POST goes on.

    Raises:
        NotFound: the page that was sent is not one that we made for that person.
    """
    anew = Turn(tried, by, Trial(secrets.randbits(31)))
    if request.method != "POST":
        return anew
    try:
        trial = read_trial(request.form.get("trial", ""), tried, by=by)
    except TriedChanged as refusal:
        return replace(anew, refusal=refusal)
    if is_over(tried, trial):
        return replace(anew, trial=trial)
    posted = posted_at(tried, trial, request.form)
    stands = replace(anew, trial=trial, controls=posted.controls)
    try:
        carried(posted.trial, tried, by=by)
    except TooMuchToCarry as refusal:
        return replace(stands, refusal=refusal)
    return replace(stands, trial=posted.trial, wrong=posted.wrong)


def asking_page(turn: Turn, around: Around) -> ResponseReturnValue:
    """Return the page that asks what comes next; the turn must not be over."""
    tried, trial = turn.tried, turn.trial
    sheet = sheet_at(tried, trial)
    again = bool(turn.wrong) or turn.refusal is not None
    page = render_template(
        "trying/case.html",
        turn=turn,
        around=around,
        tried=tried,
        sheet=sheet,
        shown={
            place.position: replace(place, controls=turn.controls[place.position])
            for place in sheet.places
            if again and place.position in turn.controls
        },
        groups=_groups(tried, trial),
        last=trial.step + 1 == len(tried.steps),
        carried=carried(trial, tried, by=turn.by),
    )
    return page, turn.status


def _groups(tried: Tried, trial: Trial) -> list[list[ItemState]]:
    """Return how each item stands, case by case."""
    here = trial.step
    steps = {step: place for place, step in enumerate(tried.steps)}
    return [
        [
            ItemState(
                each.position,
                each.number,
                version_id=0,
                answered=trial.answer_to(each).answer is not None,
                flagged=False,
                stage=each.stage,
                locked=steps[each.number, each.stage] < here,
            )
            for each in case.items
        ]
        for case in tried.cases
    ]
