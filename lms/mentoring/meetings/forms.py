"""What a mentor notes of a talk."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from wtforms import BooleanField, DateField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.core.aliases import alias_of, number_of
from lms.core.forms import BaseForm, year_in_sight
from lms.mentoring.meetings.models import LONGEST, Meeting
from lms.mentoring.meetings.services import Talk

_NOT_A_DAY = "Write a date, for example 2026-11-24."
_NOT_LONGER = Length(max=LONGEST, message=f"Write at most {LONGEST} characters.")


class MeetingForm(BaseForm):
    """The day of a talk, two lines on it, and what was agreed."""

    met_on = DateField("When you met", [InputRequired(_NOT_A_DAY), year_in_sight])
    notes = TextAreaField(
        "What you talked about",
        [Optional(), _NOT_LONGER],
        description="Two lines. Your fellow and you read them, nobody else. Name no patient.",
    )
    agreed = TextAreaField(
        "What you agreed",
        [Optional(), _NOT_LONGER],
        description="Your fellow, you, and who mentors your fellow besides or after you read it.",
    )
    shared = BooleanField(
        "Directors may read what we agreed",
        description="Once your fellow shares it, too. That you met they read in any case.",
    )

    def show(self, meeting: Meeting) -> None:
        """Show what is noted."""
        self.met_on.data = meeting.met_on
        self.notes.data, self.agreed.data = meeting.notes, meeting.agreed
        self.shared.data = meeting.shared_by_mentor_at is not None

    @property
    def talk(self) -> Talk:
        """What is to be noted."""
        return Talk(
            met_on=self.met_on.data,
            notes=self.notes.data or "",
            agreed=self.agreed.data or "",
            shared=self.shared.data,
        )


class NewMeetingForm(MeetingForm):
    """The same of a talk that is noted first, and the unsafe choices that it was about."""

    about = SelectMultipleField(
        "Unsafe choices you talked about", description="Those need no further word."
    )

    def offer(self, today: date, choices: Sequence[tuple[int, str]]) -> None:
        """Suggest *today*, and that the talk was about all unsafe *choices*: response and words."""
        self.about.choices = [SelectChoice(alias_of(number), said) for number, said in choices]
        if not self.is_submitted():
            self.met_on.data = today
            self.about.process_data([alias_of(number) for number, _ in choices])

    @property
    def talk(self) -> Talk:
        """What is to be noted."""
        about = tuple(map(number_of, self.about.data or ()))
        return replace(super().talk, about=about)


class SharingForm(BaseForm):
    """Whether what was agreed is shared: "yes", or not."""

    wanted = StringField("Share what was agreed")
