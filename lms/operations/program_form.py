"""The form of what the program may set, which two directors may have open at once."""

import json
from contextlib import suppress
from datetime import time
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from lms.cases.settings import CASE_USE, PUBLISHING, CaseUse, Publishing
from lms.core.errors import Invalid
from lms.core.forms import BaseForm
from lms.core.settings import ProgramSetting, setting
from lms.mentoring.digests.forms import at_which_hour, how_often, on_which_day, with_figures
from lms.mentoring.digests.rhythms import DEFAULT_RHYTHM, Rhythm
from lms.mentoring.wishing.settings import SHORT_QUIZZES, ShortQuizzes
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.progress.settings import VERDICT
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from question_bank.verdict import VerdictPolicy


def _percent(label: str, low: int, high: int, hint: str) -> IntegerField:
    """Return a field for a share in percent, from *low* to *high*."""
    bounds = NumberRange(low, high, f"Write a whole number from {low} to {high}.")
    return IntegerField(label, [InputRequired("Write a whole number."), bounds], description=hint)


class ProgramForm(BaseForm):
    """What the program may set; each field is named as the part of a setting that it changes.

    `seen` is what held when the page was opened: what its reader did not change stays as it is.
    """

    seen = HiddenField()
    line = _percent(
        "The share that is wanted, in percent", 50, 90,
        "Verdicts ask how likely a fellow’s true share is under it.",
    )  # fmt: skip
    talk = _percent(
        "A fellow needs a word from this chance on", 60, 99,
        "In percent: that the fellow’s true share of all items is below the one wanted.",
    )  # fmt: skip
    approach = _percent(
        "An approach needs a word from this chance on", 60, 99, "The same for one approach."
    )
    fine = _percent(
        "Nothing needs a word up to this chance",
        1,
        40,
        "Between this and the first, there is too little to say.",
    )
    unsigned = BooleanField("Cases that no clinician has signed may be drawn and assigned")
    overdue = BooleanField("Cases whose review is overdue may be drawn and assigned")
    alone = BooleanField(
        "Who wrote a case may publish it alone",
        description="Else somebody else reviews it first. A case that was published so says it.",
    )
    by_mentors = BooleanField(
        "Mentors give short quizzes by themselves",
        description="Else a director approves each one that a mentor wants for a fellow.",
    )
    weeks = how_often()
    weekday = on_which_day()
    hour = at_which_hour()
    full = with_figures()
    begins = TimeField("From", [Optional()])
    ends = TimeField("Until", [Optional()])
    hours = IntegerField(
        "Hours after closing",
        [
            InputRequired("Write a number of hours; 0 is at once."),
            NumberRange(0, 336, "Write a whole number of hours from 0 to 336 (two weeks)."),
        ],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Return whether all can hold; quiet hours have a beginning and an end, or neither."""
        sound = bool(super().validate(extra_validators))
        if self.begins.errors or self.ends.errors:
            return False
        if why := self._why_no_quiet_hours():
            self.ends.errors = [why]
        return sound and why is None

    def _why_no_quiet_hours(self) -> str | None:
        begins, ends = self.begins.data, self.ends.data
        if (begins is None) != (ends is None):
            return "Give both times, or neither."
        if begins is not None and begins == ends:
            return "Quiet hours end at another time than they begin."
        return None

    @classmethod
    def of_what_holds(cls) -> "ProgramForm":
        """Return the form as the request filled it, else as it is now."""
        held = cls.held()
        return cls.from_request(data=held | {"seen": _kept(held)})

    @staticmethod
    def held() -> dict[str, Any]:
        """Return what holds now, by the names of the fields."""
        held: tuple[object, ...] = (
            setting(VERDICT),
            setting(CASE_USE),
            setting(PUBLISHING),
            setting(SHORT_QUIZZES),
            setting(DEFAULT_RHYTHM),
            setting(QUIET_HOURS),
            setting(RESULTS_DELAY),
        )
        return {name: value for each in held for name, value in vars(each).items()}

    def wanted(self) -> dict[ProgramSetting[Any], object]:
        """Return what is to hold.

        Raises:
            Invalid: another director has changed meanwhile what this one changes too, or something
                that does not go with it. Sent once more, what both have changed is taken.
        """
        self._take_over(self.held())
        data = self.data
        return {
            VERDICT: VerdictPolicy(
                line=data["line"], talk=data["talk"], approach=data["approach"], fine=data["fine"]
            ),
            CASE_USE: CaseUse(unsigned=data["unsigned"], overdue=data["overdue"]),
            PUBLISHING: Publishing(alone=data["alone"]),
            SHORT_QUIZZES: ShortQuizzes(by_mentors=data["by_mentors"]),
            DEFAULT_RHYTHM: Rhythm(
                weeks=data["weeks"],
                weekday=data["weekday"],
                hour=data["hour"],
                full=data["full"],
            ),
            QUIET_HOURS: QuietHours(begins=data["begins"], ends=data["ends"]),
            RESULTS_DELAY: ResultsDelay(hours=data["hours"]),
        }

    def _take_over(self, held: dict[str, Any]) -> None:
        """Put what holds into the fields that were not changed since they were seen."""
        seen = _read(self.seen.data, held)
        self.seen.data = _kept(held)
        twice = []
        for name, now in held.items():
            sent, was = _plain(self[name].data), seen[name]
            if sent == was:
                self[name].data, self[name].raw_data = now, []  # which is what a page would show
            elif was != _plain(now) != sent:
                twice.append(Invalid(_changed_to(now), field=name))
        if not twice and (why := self._why_no_quiet_hours()):
            twice.append(Invalid(why, field="ends"))
        for refusal in twice[1:]:
            self.refuse(refusal)
        if twice:
            raise twice[0]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, time) else value


def _kept(held: dict[str, Any]) -> str:
    """Return what held, for a page to send along."""
    return json.dumps({name: _plain(value) for name, value in held.items()})


def _read(kept: str | None, held: dict[str, Any]) -> dict[str, object]:
    """Return what a page sent along, by field; what it does not say counts as what holds."""
    seen = {name: _plain(value) for name, value in held.items()}
    with suppress(ValueError, RecursionError):
        sent = json.loads(kept or "{}")
        seen |= sent if isinstance(sent, dict) else {}
    return seen


def _changed_to(now: object) -> str:
    if isinstance(now, bool):
        said = "yes" if now else "no"
    elif isinstance(now, time):
        said = f"{now:%H:%M}"
    else:
        said = "none" if now is None else str(now)
    return f"Somebody has changed this meanwhile, to {said}. Save again to have it as it is here."
