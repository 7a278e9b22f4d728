"""The form that names who stands in."""

from collections.abc import Sequence
from datetime import date

from wtforms import DateField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from lms.core.forms import BaseForm, year_in_sight
from lms.people.models import User
from lms.program.deputies.services import MOST_DAYS, Absence

_NOT_A_DAY = "Write a date, for example 2026-11-23."


class DeputyForm(BaseForm):
    """Who stands in, with which fellows, from when to when."""

    deputy_id = SelectField(
        "Deputy", [InputRequired("Choose a deputy.")], coerce=lambda value: int(value or 0)
    )
    fellows = SelectMultipleField(
        "Fellows",
        [DataRequired("Choose at least one fellow.")],
        coerce=int,
        description="Those who are not chosen stay with the mentor in these days, too.",
    )
    starts_on = DateField("First day", [InputRequired(_NOT_A_DAY), year_in_sight])
    ends_on = DateField(
        "Last day",
        [InputRequired(_NOT_A_DAY), year_in_sight],
        description=f"At most {MOST_DAYS} days. It ends by itself.",
    )

    def offer(self, mentors: Sequence[User], fellows: Sequence[User], today: date) -> None:
        """Offer *mentors*, none chosen yet, and *fellows*, all chosen; suggest *today*."""
        offered = [SelectChoice(one.id, f"{one.name} ({one.email})") for one in mentors]
        self.deputy_id.choices = [SelectChoice("", "Choose a deputy"), *offered]
        self.fellows.choices = [SelectChoice(one.id, one.name) for one in fellows]
        if not self.is_submitted():
            self.fellows.process_data([one.id for one in fellows])
            self.starts_on.data = today

    @property
    def absence(self) -> Absence:
        """What is said of the absence."""
        return Absence(
            deputy_id=self.deputy_id.data,
            fellow_ids=frozenset(self.fellows.data),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )
