"""The form that changes when an assignment is open, and by which rules."""

from collections.abc import Iterator
from datetime import datetime

from wtforms import Field, TextAreaField
from wtforms.validators import Length, Optional

from lms.core.clock import local, readings, zone_letters
from lms.core.forms import year_in_sight
from lms.core.local_times import LocalTimeField
from lms.quizzes.assigning.forms import TermsForm
from lms.quizzes.assigning.services import AssignmentTerms
from question_bank.terms import Feedback, PublishedTerms

_MOMENTS = ("opens_at", "due_at", "closes_at", "results_at")


class DatesForm(TermsForm):
    """What an assignment is to say for all from now on, and why, if that takes something away."""

    results_at = LocalTimeField(
        "Results",
        [Optional(), year_in_sight],
        description="Answers that wait are shown then, and nobody's time lasts longer. "
        "Empty: as long after the closing as the program has set.",
    )
    reason = TextAreaField("Reason", [Length(max=500, message="Write at most 500 characters.")])

    def show(self, said: PublishedTerms, zone: str, *, usual_results: datetime) -> None:
        """Fill in what is *said* today, in *zone*; *usual_results* need not be said."""
        for name in _MOMENTS:
            moment = getattr(said, name)
            if name == "results_at" and moment == usual_results:
                continue
            wall = local(moment, zone).replace(second=0, microsecond=0, tzinfo=None, fold=0)
            self[name].data = wall
            self[name].chosen = zone_letters(moment, zone) if len(readings(wall, zone)) > 1 else ""
        self.time_limit.data = said.time_limit
        self.attempts_allowed.data = said.attempts_allowed
        self.feedback.data = said.feedback.value

    def terms(self, said: PublishedTerms, *, ask_confidence: bool) -> AssignmentTerms:
        """Return what the form says; a moment of which the form shows the minute stays *said*."""
        moments = {
            name: _unless_kept(self[name].moment, getattr(said, name))
            for name in _MOMENTS
            if self[name].data
        }
        return AssignmentTerms(
            **moments,
            time_limit=self.time_limit.data,
            attempts_allowed=self.attempts_allowed.data,
            feedback=Feedback(self.feedback.data),
            ask_confidence=ask_confidence,
            freezes=said.freezes,
            freeze_minutes=said.freeze_minutes,
        )

    @property
    def asks(self) -> list[Field]:
        """The fields that say what is to change."""
        return [each for each in self if each.name not in {"reason", "csrf_token"}]

    def carried(self) -> Iterator[tuple[str, str]]:
        """Yield what was sent for these, for the next page to send again."""
        for field in self.asks:
            yield from ((field.name, value) for value in field.raw_data or [])


def _unless_kept(moment: datetime, said: datetime) -> datetime:
    return said if moment == said.replace(second=0, microsecond=0) else moment
