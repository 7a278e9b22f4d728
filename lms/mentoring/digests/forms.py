"""What a mentor chooses."""

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.core.forms import BaseForm
from lms.mentoring.digests.rhythms import OFTEN, WEEKDAYS, Rhythm, say_hour


class MailsForm(BaseForm):
    """Whether the weekly mail is `wanted`: "yes", or not."""

    wanted = StringField("Weekly mail")


def how_often() -> RadioField:
    """Return the field of how many weeks lie between two mails."""
    return RadioField(
        "How often",
        choices=[SelectChoice(weeks, said.capitalize()) for weeks, said in OFTEN.items()],
        coerce=int,
        description="In the weeks between, it comes only for a fellow who needs a word.",
    )


def on_which_day() -> SelectField:
    """Return the field of the weekday of the mail."""
    days = [SelectChoice(number, day) for number, day in enumerate(WEEKDAYS)]
    return SelectField("Day", choices=days, coerce=int)


def at_which_hour() -> SelectField:
    """Return the field of the hour of the mail."""
    hours = [SelectChoice(hour, say_hour(hour)) for hour in range(24)]
    return SelectField("Hour", choices=hours, coerce=int)


def with_figures() -> BooleanField:
    """Return the field of whether the mail is full."""
    return BooleanField(
        "With the figures by approach",
        description="Without them it says why a fellow needs a word, and what to ask about.",
    )


class RhythmForm(BaseForm):
    """When and how often the mail comes, and whether it is `full`."""

    weeks = how_often()
    weekday = on_which_day()
    hour = at_which_hour()
    full = with_figures()

    @property
    def rhythm(self) -> Rhythm:
        """What is chosen."""
        return Rhythm(self.weeks.data, self.weekday.data, self.hour.data, self.full.data)
