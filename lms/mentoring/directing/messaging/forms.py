"""The form of a message to mentors."""

import secrets
from collections.abc import Sequence

from wtforms import HiddenField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from lms.core.clock import say_day
from lms.core.forms import BaseForm
from lms.mentoring.directing.messaging.services import CohortMentor
from lms.notices.typed import LONGEST


class MentorsForm(BaseForm):
    """To whom, and what is written. `token` tells a form that was sent twice from two forms."""

    token = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=40)])
    mentors = SelectMultipleField(
        "To",
        [DataRequired("Choose at least one mentor.")],
        coerce=int,
        description="Chosen at first: who has not looked for a week at what a mail asked.",
    )
    text = TextAreaField(
        "Message",
        [
            InputRequired("Write the message."),
            Length(max=LONGEST, message=f"At most {LONGEST:,} characters."),
        ],
        description=f"Up to {LONGEST:,} characters. Name no patient.",
    )

    def offer(self, people: Sequence[CohortMentor], zone: str) -> None:
        """Offer *people*, those chosen who have not looked; days are said in *zone*."""
        self.mentors.choices = [
            SelectChoice(each.mentor.id, _said_of(each, zone)) for each in people
        ]
        if not self.is_submitted():
            self.mentors.process_data([each.mentor.id for each in people if each.unseen_since])


def _said_of(each: CohortMentor, zone: str) -> str:
    said = f"{each.mentor.name}, with {', '.join(each.fellows)}"
    if each.unseen_since is None:
        return said
    return f"{said}. Has not looked since the mail of {say_day(each.unseen_since, zone)}"
