"""Forms for cohorts and mentorships."""

from collections.abc import Iterable
from datetime import date

from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired

from lms.core.choosing import ChooserField, Offered
from lms.core.forms import BaseForm, year_in_sight
from lms.program.models import Track

_NOT_A_DAY = "Write a date, for example 2026-07-01."


class CohortForm(BaseForm):
    """A new cohort. Suggests the next academic year."""

    track_id = SelectField(
        "Track", [InputRequired("Choose a track.")], coerce=lambda value: int(value or 0)
    )
    name = StringField(
        "Name", [DataRequired("Give the cohort a name.")], description="For example Class of 2027."
    )
    starts_on = DateField("First day", [InputRequired(_NOT_A_DAY), year_in_sight])
    ends_on = DateField("Last day", [InputRequired(_NOT_A_DAY), year_in_sight])

    def offer(self, tracks: Iterable[Track], today: date) -> None:
        """Offered *tracks*, none chosen yet, and the academic year that runs or comes next."""
        offered = (SelectChoice(track.id, track.name) for track in tracks)
        self.track_id.choices = [SelectChoice("", "Choose a track"), *offered]
        if not self.is_submitted():
            year = today.year if today.month >= 3 else today.year - 1
            self.starts_on.data, self.ends_on.data = date(year, 7, 1), date(year + 1, 6, 30)


class CohortDaysForm(BaseForm):
    """A cohort's name, and from when to when it trains."""

    name = StringField("Name", [DataRequired("Give the cohort a name.")])
    starts_on = DateField("First day", [InputRequired(_NOT_A_DAY), year_in_sight])
    ends_on = DateField("Last day", [InputRequired(_NOT_A_DAY), year_in_sight])


class PersonFromForm(BaseForm):
    """A person, from a day on."""

    person_id = ChooserField("Person", [InputRequired("Choose a person.")])
    starts_on = DateField("From", [InputRequired(_NOT_A_DAY), year_in_sight])

    def offer(self, people: Offered, label: str, first: date) -> None:
        """Offered *people*, called *label*, none of them chosen yet, and suggest *first*."""
        self.person_id.label.text = label
        self.person_id.blank = f"Choose a {label.lower()}"
        self.person_id.offer(people)
        if not self.starts_on.raw_data:
            self.starts_on.data = first


class EndForm(BaseForm):
    """The last day of something."""

    ends_on = DateField("Last day", [InputRequired(_NOT_A_DAY), year_in_sight])
