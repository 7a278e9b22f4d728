"""Until when an attempt goes on, and why."""

from datetime import datetime, timedelta

from wtforms import StringField
from wtforms.validators import DataRequired, InputRequired, Length

from lms.core.clock import local, zone_name
from lms.core.forms import BaseForm, year_in_sight
from lms.core.local_times import LocalTimeField


class ReopenForm(BaseForm):
    """Until when an attempt goes on, in the director's zone, and why."""

    until = LocalTimeField("Until", [InputRequired("Say until when."), year_in_sight])
    reason = StringField(
        "Reason",
        [DataRequired("Say why the attempt is reopened."), Length(max=500)],
        description="Kept in the audit and told to the fellow.",
    )

    def suggest(self, now: datetime, latest: datetime, zone: str) -> None:
        """Suggest a day from *now*, or what is left until *latest*."""
        self.until.zone = zone
        self.until.description = f"By {zone_name(zone)} clocks."
        if not self.is_submitted():
            until = min(now + timedelta(days=1), latest)
            self.until.data = local(until, zone).replace(second=0, microsecond=0, tzinfo=None)
