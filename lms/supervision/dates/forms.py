"""The form that changes when an assignment is open, and by which rules."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wtforms import Field, TextAreaField
from wtforms.validators import Length, Optional

from lms.core.clock import local, readings, zone_letters
from lms.core.forms import year_in_sight
from lms.core.local_times import LocalTimeField
from lms.quizzes.assigning.forms import TermsForm
from lms.quizzes.assigning.services import AssignmentTerms
from question_bank.terms import PublishedTerms

_MOMENTS = ("opens_at", "due_at", "closes_at", "results_at")
_RULES = ("time_limit", "attempts_allowed", "grace_minutes", "freezes", "freeze_minutes")


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
        for name in _RULES:
            self[name].data = getattr(said, name)
        self.feedback.data = said.feedback.value
        self.unfinished.data = said.unfinished.value

    def terms(self, said: PublishedTerms, *, ask_confidence: bool) -> AssignmentTerms:
        """Return what the form says; what its page did not send stays as it is *said*.

        So does a moment of which the form shows the minute.
        """
        moments: dict[str, Any] = {
            name: _unless_kept(self[name].moment, getattr(said, name))
            for name in _MOMENTS
            if self[name].data
        }
        rules = {
            name: value if self[name].raw_data else getattr(said, name)
            for name, value in self.rules().items()
        }
        return AssignmentTerms(**moments, **rules, ask_confidence=ask_confidence)

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
