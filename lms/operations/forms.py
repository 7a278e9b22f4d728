"""What narrows a list."""

from wtforms import SelectField, StringField

from lms.core.forms import BaseForm


class TrailFilter(BaseForm):
    """Whose deeds, and which. It changes nothing, so it needs no token."""

    class Meta(BaseForm.Meta):
        """Read from the address."""

        csrf = False

    person = StringField("Name or address")
    action = SelectField("Action", choices=[], validate_choice=False)
