"""Until when the clock of an attempt is stopped, and why."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length, Optional

from lms.core.clock import zone_name
from lms.core.forms import BaseForm, year_in_sight
from lms.core.local_times import LocalTimeField


class FreezeForm(BaseForm):
    """Until when, in the director's zone, and why."""

    until = LocalTimeField("Until", [Optional(), year_in_sight])
    reason = StringField(
        "Why",
        [DataRequired("Say why the clock is stopped."), Length(max=500)],
        description="The audit trail keeps it.",
    )

    def name_zone(self, zone: str) -> None:
        """Read the time in *zone*, and say so."""
        self.until.zone = zone
        self.until.description = (
            f"In {zone_name(zone)} time. Empty: until you, or another director, let it go on."
        )
