"""The address of a fellow's calendar, and the button that makes another one."""

from datetime import UTC, datetime
from typing import Self

from flask import current_app
from wtforms import HiddenField
from wtforms.validators import Length

from lms.config import Settings
from lms.core.forms import BaseForm
from lms.people.models import User
from lms.supervision.calendar.queries import link_of


class CalendarForm(BaseForm):
    """Which `address` is to be replaced: the one made `instead_of` which moment; empty: none."""

    instead_of = HiddenField(validators=[Length(max=40)])
    address = ""

    @classmethod
    def of(cls, fellow: User) -> Self:
        """Return the form as it stands for *fellow*; nothing that was sent is read."""
        form, link = cls(formdata=None), link_of(fellow.id)
        if link is not None:
            own: Settings = current_app.extensions["settings"]
            form.address = f"{own.base_url}{link.path.in_clear()}.ics"
            form.instead_of.data = link.made_at.isoformat()
        return form

    @property
    def moment(self) -> datetime | None:
        """When the address was made that is to be replaced; None: none was, as far as is known."""
        try:
            return datetime.fromisoformat(self.instead_of.data or "").astimezone(UTC)
        except (ValueError, OverflowError):
            return None
