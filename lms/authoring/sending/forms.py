"""What is asked of who sends a draft, and of who answers a comment."""

from collections.abc import Iterable

from wtforms import (
    DateField,
    RadioField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from lms.authoring.models import CommentEnd, Review
from lms.authoring.reviews.wording import LONGEST_COMMENT
from lms.core.choosing import Offered, SeveralField
from lms.core.forms import BaseForm, year_in_sight
from question_bank.shapes import LONGEST_SLUG


class SendForm(BaseForm):
    """Whom to ask for a review of a draft, and by when."""

    reviewers = SeveralField("Who reviews it", [InputRequired("Choose at least one person.")])
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

    def offer(self, people: Offered, before: Iterable[Review], *, nobody_will_do: bool) -> None:
        """Offer *people*; those who reviewed it *before* are chosen, where nobody chose yet.

        *nobody_will_do*: whether it may be sent to nobody, to be published by who wrote it.
        """
        if nobody_will_do:
            self.reviewers.validators = [Optional()]
            self.reviewers.description = "Nobody, if you publish it alone. The case then says so."
        if not self.is_submitted():
            fit = people.chosen(each.reviewer_id for each in before)
            self.reviewers.data = [row.id for row in fit]
        self.reviewers.offer(people)


class ThreadForm(BaseForm):
    """What the author answers to a comment."""

    end = RadioField(
        "Your answer",
        choices=[SelectChoice(each.value, each.value) for each in CommentEnd],
    )
    because = TextAreaField("Because", [Optional(), Length(max=LONGEST_COMMENT)])
