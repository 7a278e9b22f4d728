"""What narrows a list, and the decision about a mail."""

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.core.forms import BaseForm


class TrailFilter(BaseForm):
    """Whose deeds, and which. It changes nothing, so it needs no token."""

    class Meta(BaseForm.Meta):
        """Read from the address."""

        csrf = False

    person = StringField("Name or address")
    action = SelectField("Action", choices=[], validate_choice=False)


class SettleForm(BaseForm):
    """What became of a mail that nobody here can know of, or what is to become of it."""

    decision = RadioField(
        "Decision",
        choices=[SelectChoice("delivered", "Was delivered"), SelectChoice("again", "Send again")],
    )
