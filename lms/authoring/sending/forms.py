"""What is asked of who sends a draft, and of who answers a comment."""

from collections.abc import Iterable

from wtforms import (
    DateField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from lms.authoring.models import CommentEnd, Review
from lms.authoring.reviews.wording import LONGEST_COMMENT
from lms.core.forms import BaseForm, year_in_sight
from lms.people.models import User
from question_bank.shapes import LONGEST_SLUG


class SendForm(BaseForm):
    """Whom to ask for a review of a draft, and by when."""

    reviewers = SelectMultipleField(
        "Who reviews it",
        [InputRequired("Choose at least one person.")],
        coerce=int,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    due_on = DateField("By when", [Optional(), year_in_sight])
    note = StringField(
        "What is new, in a line",
        [Optional(), Length(max=300)],
        description="For the history of the case and its reviewer.",
    )
    slug = StringField(
        "Its name in addresses",
        [Optional(), Length(max=LONGEST_SLUG)],
        description="Small letters, digits and hyphens. It stays for good.",
    )

    def offer(
        self, people: Iterable[User], before: Iterable[Review], *, nobody_will_do: bool
    ) -> None:
        """Offer *people*; those who reviewed it *before* are chosen, where nobody chose yet.

        *nobody_will_do*: whether it may be sent to nobody, to be published by who wrote it.
        """
        if nobody_will_do:
            self.reviewers.validators = [Optional()]
            self.reviewers.description = "Nobody, if you publish it alone. The case then says so."
        self.reviewers.choices = [SelectChoice(person.id, person.name) for person in people]
        if not self.is_submitted():
            offered = {each.value for each in self.reviewers.choices}
            self.reviewers.data = [e.reviewer_id for e in before if e.reviewer_id in offered]


class ThreadForm(BaseForm):
    """What the author answers to a comment."""

    end = RadioField(
        "Your answer",
        choices=[SelectChoice(each.value, each.value) for each in CommentEnd],
    )
    because = TextAreaField("Because", [Optional(), Length(max=LONGEST_COMMENT)])
