"""Forms for assembling and assigning."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.core.clock import local, zone_letters, zone_name
from lms.core.figures import plural
from lms.core.forms import BaseForm, year_in_sight
from lms.core.local_times import LocalTimeField
from lms.core.settings import setting
from lms.program.models import Cohort
from lms.quizzes.assigning import AssignmentTerms
from lms.quizzes.services import MOST_ITEMS
from lms.quizzes.settings import RESULTS_DELAY
from question_bank.composing import composed
from question_bank.terms import Feedback


class QuizForm(BaseForm):
    """A quiz's title."""

    title = StringField(
        "Title",
        [
            DataRequired("Give the quiz a title."),
            Length(max=120, message="A title has at most 120 characters."),
        ],
        description="Fellows see it. Name the occasion, not the answers: “November rounds”.",
        filters=[lambda title: " ".join(composed(title or "", longest=1_000).split())],
    )

    def validate_title(self, field: StringField) -> None:
        """It can be seen."""
        if not field.data.isprintable():
            raise ValidationError("The title contains a character that cannot be shown.")


class NewQuizForm(QuizForm):
    """What kind of quiz it is; that never changes."""

    formative = BooleanField(
        "Formative",
        description=(
            "For practice. It may ask script-concordance items that a panel has keyed; they count "
            "in no report."
        ),
    )


def _cohort_field() -> SelectField:
    required = InputRequired("Choose a cohort.")
    return SelectField("Cohort", [required], coerce=lambda value: int(value or 0))


def _cohort_choices(cohorts: Sequence[Cohort]) -> list[SelectChoice]:
    """Return *cohorts* as choices, by track, none of them chosen yet."""
    offered = [
        SelectChoice(cohort.id, cohort.name, optgroup=cohort.track.name) for cohort in cohorts
    ]
    return [SelectChoice("", "Choose a cohort"), *offered] if offered else []


class BlueprintForm(BaseForm):
    """How many items to draw, for which cohort."""

    cohort_id = _cohort_field()
    items = IntegerField(
        "Number of items",
        [
            InputRequired("Say how many items."),
            NumberRange(1, MOST_ITEMS, f"A quiz has 1 to {MOST_ITEMS} items."),
        ],
        default=20,
    )

    def offer(self, cohorts: Sequence[Cohort]) -> None:
        """Offer *cohorts*."""
        self.cohort_id.choices = _cohort_choices(cohorts)


class CaseForm(BaseForm):
    """Which case to add."""

    case_id = SelectField("Case", coerce=int, validate_choice=False)

    def validate_case_id(self, field: SelectField) -> None:
        """A case is chosen; whether the quiz may have it, the service says."""
        if field.data is None:
            raise ValidationError("Choose a case to add.")


_WHEN_CLOSED = "when the quiz has closed"


class AssignmentForm(BaseForm):
    """To whom, when, and under which rules. Times are in the director's zone.

    `token` tells a form that was sent twice from two forms.
    """

    token = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=40)])

    cohort_id = _cohort_field()
    opens_at = LocalTimeField("Opens", [InputRequired("Say when the quiz opens."), year_in_sight])
    due_at = LocalTimeField("Due", [InputRequired("Say when the quiz is due."), year_in_sight])
    closes_at = LocalTimeField(
        "Closes",
        [InputRequired("Say when the quiz closes."), year_in_sight],
        description="Until then it can still be taken.",
    )
    time_limit = IntegerField(
        "Time limit in minutes",
        [Optional(), NumberRange(1, 600, "A time limit is 1 to 600 minutes.")],
        description="Empty: no limit.",
    )
    attempts_allowed = IntegerField(
        "Attempts allowed",
        [
            InputRequired("Say how many attempts."),
            NumberRange(1, 10, "A fellow may have 1 to 10 attempts."),
        ],
        default=1,
        description="Statistics use first answers.",
    )
    feedback = RadioField(
        "Answers and reasons are shown",
        choices=[
            SelectChoice(Feedback.GRADED.value, "as soon as the last attempt is graded"),
            SelectChoice(Feedback.CLOSED.value, _WHEN_CLOSED),
        ],
        default=Feedback.GRADED.value,
    )

    ask_confidence = BooleanField(
        "Ask how sure",
        default=True,
        description="Sure, leaning or guessing: for looking back, never in the score.",
    )

    def offer(self, cohorts: Sequence[Cohort]) -> None:
        """Offer *cohorts*."""
        self.cohort_id.choices = _cohort_choices(cohorts)

    def suggest(self, now: datetime, zone: str) -> None:
        """Fill in a week from now, in *zone*, and name the zone and what the program has set."""
        start = local(now, zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        evening = start.replace(hour=17) + timedelta(days=7)
        for field in (self.opens_at, self.due_at, self.closes_at):
            field.zone = zone
        if not self.is_submitted():
            self.opens_at.data, self.due_at.data = start, evening
            self.opens_at.chosen = zone_letters(now, zone)
            self.closes_at.data = evening + timedelta(days=7)
        self.opens_at.description = f"All times are {zone_name(zone)}."
        hours = setting(RESULTS_DELAY).hours
        closed = f"{plural(hours, 'hour')} after the quiz has closed" if hours else _WHEN_CLOSED
        self.feedback.choices[-1] = SelectChoice(Feedback.CLOSED.value, closed)

    def terms(self) -> AssignmentTerms:
        """Return what the form says."""
        return AssignmentTerms(
            opens_at=self.opens_at.moment,
            due_at=self.due_at.moment,
            closes_at=self.closes_at.moment,
            time_limit=self.time_limit.data,
            attempts_allowed=self.attempts_allowed.data,
            feedback=Feedback(self.feedback.data),
            ask_confidence=self.ask_confidence.data,
        )

    def validate_due_at(self, field: LocalTimeField) -> None:
        """It is due after it opens."""
        if self.opens_at.settled and field.settled and field.moment <= self.opens_at.moment:
            raise ValidationError("Due comes after it opens.")

    def validate_closes_at(self, field: LocalTimeField) -> None:
        """It closes when it is due, or later."""
        if self.due_at.settled and field.settled and field.moment < self.due_at.moment:
            raise ValidationError("It closes when it is due, or later.")
