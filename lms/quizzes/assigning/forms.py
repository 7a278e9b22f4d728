"""The form that gives a quiz to an audience, and what is said of when and by which rules."""

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from lms.core.choosing import ChooserField, SeveralField
from lms.core.clock import local, zone_letters, zone_name
from lms.core.figures import plural
from lms.core.forms import BaseForm, year_in_sight
from lms.core.local_times import LocalTimeField
from lms.core.settings import setting
from lms.program.choosing import offered_fellows
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.cohort_choice import cohort_field, cohorts_to_choose
from lms.quizzes.settings import RESULTS_DELAY
from question_bank.terms import Feedback, Unfinished

_WHEN_CLOSED = "when the quiz has closed"

_FREEZES = ((0, "Never"), (1, "Once"), (2, "Twice"), (3, "3 times"), (5, "5 times"))
_USUAL_MINUTES = 30
_USUAL_GRACE = 60


class TermsForm(BaseForm):
    """When a quiz is open, and under which rules it is taken. Times are in the reader's zone."""

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
    unfinished = RadioField(
        "If the time runs out before it is handed in",
        choices=[
            SelectChoice(Unfinished.HAND_IN.value, "what is saved is handed in"),
            SelectChoice(
                Unfinished.GRACE.value,
                "it can still be handed in for a while, with nothing more answered",
            ),
            SelectChoice(Unfinished.ABANDON.value, "nothing of it counts"),
        ],
        default=Unfinished.HAND_IN.value,
        description="A page that is open and connected hands in by itself as the time ends.",
    )
    grace_minutes = IntegerField(
        "For how many minutes it can be handed in",
        [Optional(), NumberRange(5, 1440, "It is 5 to 1,440 minutes.")],
        default=_USUAL_GRACE,
        description=f"Empty: {_USUAL_GRACE}. After that nothing of it counts.",
    )
    freezes = SelectField(
        "Fellows may stop the clock",
        choices=[SelectChoice(number, words) for number, words in _FREEZES],
        coerce=int,
        default=1,
        description="When they are called away. The case is covered meanwhile.",
    )
    freeze_minutes = IntegerField(
        "For how many minutes each",
        [Optional(), NumberRange(5, 240, "A freeze lasts 5 to 240 minutes.")],
        default=_USUAL_MINUTES,
        description=f"Empty: {_USUAL_MINUTES}.",
    )

    def rules(self) -> dict[str, Any]:
        """Return what the form says but for its moments, by the names of `AssignmentTerms`."""
        return {
            "time_limit": self.time_limit.data,
            "attempts_allowed": self.attempts_allowed.data,
            "feedback": Feedback(self.feedback.data),
            "unfinished": Unfinished(self.unfinished.data),
            "grace_minutes": self.grace_minutes.data or _USUAL_GRACE,
            "freezes": self.freezes.data,
            "freeze_minutes": self.freeze_minutes.data or _USUAL_MINUTES,
        }

    def name_times(self, zone: str) -> None:
        """Read and show all times in *zone*, and say so and what the program has set."""
        for field in self:
            if isinstance(field, LocalTimeField):
                field.zone = zone
        self.opens_at.description = f"All times are {zone_name(zone)}."
        hours = setting(RESULTS_DELAY).hours
        closed = f"{plural(hours, 'hour')} after the quiz has closed" if hours else _WHEN_CLOSED
        self.feedback.choices[-1] = SelectChoice(Feedback.CLOSED.value, closed)

    def validate_due_at(self, field: LocalTimeField) -> None:
        """It is due after it opens."""
        if self.opens_at.settled and field.settled and field.moment <= self.opens_at.moment:
            raise ValidationError("Due comes after it opens.")

    def validate_closes_at(self, field: LocalTimeField) -> None:
        """It closes when it is due, or later."""
        if self.due_at.settled and field.settled and field.moment < self.due_at.moment:
            raise ValidationError("It closes when it is due, or later.")


class AssignmentForm(TermsForm):
    """To whom, when, and under which rules a quiz is given.

    `token` tells a form that was sent twice from two forms.
    """

    token = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=40)])

    cohort_id = cohort_field(required=False)
    fellow_ids = SeveralField("Fellows")
    ask_confidence = BooleanField(
        "Ask how sure",
        default=True,
        description="Sure, leaning or guessing: for looking back, never in the score.",
    )

    def offer(self, on: date) -> None:
        """Offer the cohorts that run on that day, or single fellows who are in one."""
        self.cohort_id.offer(cohorts_to_choose(on))
        self.fellow_ids.offer(offered_fellows(on))

    @property
    def audience(self) -> dict[str, Any]:
        """Whom it is given to: `cohort_id`, or `fellow_ids`."""
        if self.cohort_id.data:
            return {"cohort_id": self.cohort_id.data}
        return {"fellow_ids": self.fellow_ids.data}

    def validate_cohort_id(self, field: ChooserField) -> None:
        """It is given to somebody."""
        if not field.data and not self.fellow_ids.data:
            raise ValidationError("Choose a cohort, or single fellows.")

    def validate_fellow_ids(self, field: SeveralField) -> None:
        """Who is ticked beside a cohort may be meant alone, or too: that is asked back."""
        if field.data and self.cohort_id.data:
            raise ValidationError(
                "Choose a whole cohort or single fellows, not both. "
                "It can be given to more once it is assigned."
            )

    def suggest(self, now: datetime, zone: str) -> None:
        """Fill in a week from now, in *zone*, and name the zone and what the program has set."""
        self.name_times(zone)
        start = local(now, zone).replace(minute=0, second=0, microsecond=0, tzinfo=None)
        evening = start.replace(hour=17) + timedelta(days=7)
        if not self.is_submitted():
            self.opens_at.data, self.due_at.data = start, evening
            self.opens_at.chosen = zone_letters(now, zone)
            self.closes_at.data = evening + timedelta(days=7)

    def terms(self) -> AssignmentTerms:
        """Return what the form says."""
        return AssignmentTerms(
            opens_at=self.opens_at.moment,
            due_at=self.due_at.moment,
            closes_at=self.closes_at.moment,
            ask_confidence=self.ask_confidence.data,
            **self.rules(),
        )
