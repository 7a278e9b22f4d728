"""What a director says of a fellow's time, and of when the fellow is away."""

from datetime import date

from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.forms import BaseForm, year_in_sight
from lms.program.allowing import MOST_DAYS
from lms.supervision.accommodating.wording import NO_LIMIT, say_percent

PERCENTS = (125, 150, 175, 200, 250, 300)

_NOT_A_DAY = "Write a date, for example 2026-07-01."
_DAYS = f"A window is widened by 0 to {MOST_DAYS} days."


class AccommodationForm(BaseForm):
    """More time for a fellow: by how much, from when to when, and why."""

    percent = SelectField("Time", [InputRequired("Choose how much time.")], default="150")
    days = IntegerField(
        "Days longer open",
        [InputRequired(_DAYS), NumberRange(0, MOST_DAYS, _DAYS)],
        default=0,
        description="Due and closing come so many days later. 0: as for all.",
    )
    starts_on = DateField("First day", [InputRequired(_NOT_A_DAY), year_in_sight])
    ends_on = DateField(
        "Last day", [Optional(), year_in_sight], description="Empty: until you end it."
    )
    reason = StringField(
        "Why",
        [DataRequired("Say why, for the fellow and directors."), Length(max=500)],
        description="The fellow and directors read it, nobody else.",
    )

    def offer(self, today: date) -> None:
        """Offer the amounts, and suggest that it begins *today*."""
        self.percent.choices = [
            *(SelectChoice(str(each), say_percent(each)) for each in PERCENTS),
            SelectChoice("none", NO_LIMIT),
        ]
        if not self.is_submitted():
            self.starts_on.data = today

    @property
    def multiplied_by(self) -> int | None:
        """By how many percent limits are multiplied; None: there are none."""
        return None if self.percent.data == "none" else int(self.percent.data)


class LeaveForm(BaseForm):
    """From when to when a fellow is away."""

    starts_on = DateField("First day", [InputRequired(_NOT_A_DAY), year_in_sight])
    ends_on = DateField("Last day", [InputRequired(_NOT_A_DAY), year_in_sight])
