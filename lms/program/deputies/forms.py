"""The form that names who stands in."""

from collections.abc import Sequence
from datetime import date

from wtforms import DateField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from lms.core.choosing import ChooserField, Offered
from lms.core.forms import BaseForm, year_in_sight
from lms.people.models import User
from lms.program.deputies.services import MOST_DAYS, Absence

_NOT_A_DAY = "Write a date, for example 2026-11-23."


class DeputyForm(BaseForm):
    """Who stands in, with which fellows, from when to when."""

    deputy_id = ChooserField("Deputy", [InputRequired("Choose a deputy.")], blank="Choose a deputy")
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

    def offer(self, mentors: Offered, fellows: Sequence[User], today: date) -> None:
        """Offered *mentors*, none chosen yet, and *fellows*, all chosen; suggest *today*."""
        self.deputy_id.offer(mentors)
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
