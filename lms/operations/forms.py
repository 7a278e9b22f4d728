"""What narrows a list, and the decision about a mail."""

from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from lms.cases.settings import CASE_USE, CaseUse
from lms.core.forms import BaseForm
from lms.core.settings import ProgramSetting, setting
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.progress.settings import VERDICT
from lms.quizzes.settings import RESULTS_DELAY, ResultsDelay
from question_bank.verdict import VerdictPolicy


class TrailFilter(BaseForm):
    """Whose deeds, and which. It changes nothing, so it needs no token."""

    class Meta(BaseForm.Meta):
        """Read from the address."""

        csrf = False

    person = StringField("Name or address")
    action = SelectField("Action", choices=[], validate_choice=False)


class SettleForm(BaseForm):
    """What became of a mail that nobody here can know of, or what is to become of it."""

    decision = RadioField(
        "Decision",
        choices=[SelectChoice("delivered", "Was delivered"), SelectChoice("again", "Send again")],
    )


def _percent(label: str, low: int, high: int, hint: str) -> IntegerField:
    """Return a field for a share in percent, from *low* to *high*."""
    bounds = NumberRange(low, high, f"Write a whole number from {low} to {high}.")
    return IntegerField(label, [InputRequired("Write a whole number."), bounds], description=hint)


class ProgramForm(BaseForm):
    """What the program may set; each field is named as the part of a setting that it changes."""

    line = _percent(
        "The share that is wanted, in percent", 50, 90,
        "An approach is called weak where its whole interval lies below it.",
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
        begins, ends = self.begins.data, self.ends.data
        if self.begins.errors or self.ends.errors:
            return False
        if (begins is None) != (ends is None):
            self.ends.errors = ["Give both times, or neither."]
        elif begins is not None and begins == ends:
            self.ends.errors = ["Quiet hours end at another time than they begin."]
        return sound and not self.ends.errors

    @staticmethod
    def held() -> dict[str, Any]:
        """Return what holds now, by the names of the fields."""
        held: tuple[object, ...]
        held = (setting(VERDICT), setting(CASE_USE), setting(QUIET_HOURS), setting(RESULTS_DELAY))
        return {name: value for each in held for name, value in vars(each).items()}

    def wanted(self) -> dict[ProgramSetting[Any], object]:
        """Return what is to hold."""
        data = self.data
        return {
            VERDICT: VerdictPolicy(
                line=data["line"], talk=data["talk"], approach=data["approach"], fine=data["fine"]
            ),
            CASE_USE: CaseUse(unsigned=data["unsigned"], overdue=data["overdue"]),
            QUIET_HOURS: QuietHours(begins=data["begins"], ends=data["ends"]),
            RESULTS_DELAY: ResultsDelay(hours=data["hours"]),
        }
