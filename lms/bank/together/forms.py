"""What is asked of who acts on several cases at once, beside which cases these are."""

from wtforms import DateField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, NumberRange, Optional

from lms.authoring.publishing.retagging import TagChange
from lms.core.choosing import ChooserField
from lms.core.forms import BaseForm, year_in_sight
from lms.program.blueprint import blueprint
from question_bank.retagging import RETAGGED


class RetagForm(BaseForm):
    """Which tag the cases get, or lose."""

    do = RadioField(
        "What to do",
        choices=[SelectChoice("add", "Add the tag"), SelectChoice("take", "Take the tag away")],
        default="add",
    )
    tag = SelectField("Tag", [DataRequired("Choose a tag.")])

    def offer(self) -> None:
        """Offer the tags of the blueprint that can be changed like this."""
        self.tag.choices = [
            SelectChoice("", "Choose a tag"),
            *(
                SelectChoice(value.id, f"{dimension.name}: {value.name}")
                for dimension in blueprint().dimensions
                if dimension.id in RETAGGED
                for value in dimension.values
            ),
        ]

    @property
    def change(self) -> TagChange:
        """What is asked for, once it is valid."""
        add = self.do.data == "add"
        dimension, name = next(
            (dimension.id, value.name)
            for dimension in blueprint().dimensions
            for value in dimension.values
            if value.id == self.tag.data
        )
        said = f"Tag {'added' if add else 'taken away'}: {name}"
        return TagChange(dimension, str(self.tag.data), add, said)


class AskForm(BaseForm):
    """Whom to ask, and by when."""

    reviewer = ChooserField(
        "Who reviews them",
        [NumberRange(min=1, message="Choose who reviews them.")],
        blank="Choose a colleague",
    )
    due_on = DateField("By when", [Optional(), year_in_sight])
