"""Forms for making a quiz and drawing its items."""

from wtforms import (
    BooleanField,
    IntegerField,
    StringField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from lms.core.forms import BaseForm
from lms.quizzes.assembling.services import LONGEST_TITLE
from lms.quizzes.cohort_choice import cohort_field
from lms.quizzes.versions import MOST_ITEMS
from question_bank.composing import composed


class QuizForm(BaseForm):
    """A quiz's title."""

    title = StringField(
        "Title",
        [
            DataRequired("Give the quiz a title."),
            Length(max=LONGEST_TITLE, message=f"A title has at most {LONGEST_TITLE} characters."),
        ],
        description="Fellows see it. Name the occasion, not the answers: “November rounds”.",
        filters=[lambda title: " ".join(composed(title or "", longest=1_000).split())],
    )

    def validate_title(self, field: StringField) -> None:
        """It can be seen."""
        if not field.data.isprintable():
            raise ValidationError("The title contains a character that cannot be shown.")


class NewQuizForm(QuizForm):
    """What kind of quiz it is; that never changes."""

    formative = BooleanField(
        "Formative",
        description=(
            "For practice. It may ask script-concordance items that a panel has keyed; they count "
            "in no report."
        ),
    )


class BlueprintForm(BaseForm):
    """How many items to draw, for which cohort."""

    cohort_id = cohort_field()
    items = IntegerField(
        "Number of items",
        [
            InputRequired("Say how many items."),
            NumberRange(1, MOST_ITEMS, f"A quiz has 1 to {MOST_ITEMS} items."),
        ],
        default=20,
    )
