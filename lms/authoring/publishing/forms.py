"""What is asked of who publishes."""

from wtforms import (
    RadioField,
    SelectMultipleField,
)

from lms.core.forms import BaseForm


class PublishForm(BaseForm):
    """Whether what is published changes what is right, and for which items."""

    changes_right = RadioField("Does this change what is right?", choices=[], validate_choice=False)
    items = SelectMultipleField("Which items", validate_choice=False)

    def word(self, asked: bool) -> bool | None:
        """Return what was said; None: there was nothing to ask."""
        return (self.changes_right.data == "yes") if asked else None
