"""The form that asks for one person's answers."""

from collections.abc import Iterable

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.core.forms import BaseForm
from lms.supervision.watching import Watched

ENDINGS = ("csv", "xlsx")


class AnswersForm(BaseForm):
    """Whose answers, why, and as what kind of file."""

    fellow_id = SelectField(
        "Fellow", [InputRequired("Choose a fellow.")], coerce=lambda value: int(value or 0)
    )
    reason = StringField(
        "Reason",
        [
            InputRequired("Say why you need them."),
            Length(max=300, message="At most 300 characters."),
        ],
        description="The fellow reads it.",
    )
    ending = RadioField(
        "File", choices=[SelectChoice(each, each.upper()) for each in ENDINGS], default=ENDINGS[0]
    )

    def offer(self, found: Iterable[Watched]) -> None:
        """Offer those who have begun, whatever they have answered; none of them is chosen yet."""
        begun = [SelectChoice(each.fellow_id, each.name) for each in found if each.taken]
        self.fellow_id.choices = [SelectChoice("", "Choose a fellow"), *begun]
