"""What a mentor wants, and why a director does not give it."""

from collections.abc import Sequence
from datetime import date, timedelta

from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from lms.core.forms import BaseForm, year_in_sight
from lms.mentoring.wishing.models import LONGEST
from lms.mentoring.wishing.queries import Offer
from lms.mentoring.wishing.services import WantedQuiz
from lms.mentoring.wishing.wording import READ_BY, say_offer

USUAL_SPAN = timedelta(weeks=1)

_NOT_A_DAY = "Write a date, for example 2027-01-15."


class WishForm(BaseForm):
    """On which approach, and on which days."""

    approach = RadioField("Approach", validators=[InputRequired("Choose an approach.")])
    opens_on = DateField("Opens", [InputRequired(_NOT_A_DAY), year_in_sight])
    due_on = DateField("Due", [InputRequired(_NOT_A_DAY), year_in_sight])

    def offer(self, offers: Sequence[Offer], asked_for: str = "") -> None:
        """Offer what may be wished for now, and what was *asked_for* just before."""
        self.approach.choices = [
            SelectChoice(each.approach, f"{each.name}, {say_offer(each)}")
            for each in offers
            if each.can_be_wished or each.approach == asked_for
        ]

    def suggest(self, today: date, approach: str) -> None:
        """Suggest a week from *today*, and an *approach*, if that is offered."""
        self.opens_on.data, self.due_on.data = today, today + USUAL_SPAN
        offered = {each.value for each in self.approach.choices}
        self.approach.data = approach if approach in offered else None

    @property
    def wanted(self) -> WantedQuiz:
        """What is wanted, once the form is in order."""
        return WantedQuiz(self.approach.data, self.opens_on.data, self.due_on.data)


class NotGivenForm(BaseForm):
    """Why a quiz is not given."""

    reason = TextAreaField(
        "Why not",
        [InputRequired("Say why."), Length(max=LONGEST, message=f"At most {LONGEST} characters.")],
        description=READ_BY,
    )
