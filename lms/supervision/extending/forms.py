"""What one fellow, or all, are granted beyond what an assignment says."""

from collections.abc import Sequence

from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from lms.core.clock import zone_name
from lms.core.figures import plural
from lms.core.forms import BaseForm, year_in_sight
from lms.core.local_times import LocalTimeField
from lms.supervision.takers import Taker
from question_bank.terms import Grant

_MOMENTS = ("opens_at", "due_at", "closes_at")

_MINUTES = "Grant 0 to 600 minutes more."
_ATTEMPTS = "Grant 0 to 9 attempts more."

FIRST = 15
"""How many minutes are suggested for an attempt that runs."""


class ExtensionForm(BaseForm):
    """Minutes, other dates or attempts, for whom, and why. Times are in the reader's zone."""

    fellow_id = SelectField("For", validate_choice=True)
    minutes = IntegerField(
        "More minutes",
        [Optional(), NumberRange(0, 600, _MINUTES)],
        description="Beyond what all have; also for an attempt that runs. Empty: as it is.",
    )
    attempts = IntegerField(
        "More attempts",
        [Optional(), NumberRange(0, 9, _ATTEMPTS)],
        description="Beyond what all have. Empty: as it is.",
    )
    opens_at = LocalTimeField("Opens", [Optional(), year_in_sight])
    due_at = LocalTimeField("Due", [Optional(), year_in_sight])
    closes_at = LocalTimeField("Closes", [Optional(), year_in_sight])
    reason = StringField(
        "Reason",
        [DataRequired("Say why."), Length(max=500)],
        description="Kept in the audit and told to the fellows concerned.",
    )

    def offer(self, fellows: Sequence[Taker], zone: str, *, chosen: str = "") -> None:
        """Offer *fellows*, or all of them, and read and show times in *zone*."""
        self.fellow_id.choices = [
            SelectChoice("", f"All: {plural(len(fellows), 'fellow')}"),
            *(SelectChoice(str(each.id), each.name) for each in fellows),
        ]
        for field in (self[name] for name in _MOMENTS):
            field.zone = zone
            field.description = f"Empty: as for all. {zone_name(zone)} clocks."
        if not self.is_submitted():
            self.fellow_id.data = chosen

    @property
    def one(self) -> int | None:
        """Whom it is granted to; None: all."""
        return int(self.fellow_id.data) if self.fellow_id.data else None

    def grant(self) -> Grant:
        """Return what the form says."""
        opens, due, closes = (self[name].moment if self[name].data else None for name in _MOMENTS)
        return Grant(self.minutes.data or 0, opens, due, closes, self.attempts.data or 0)
