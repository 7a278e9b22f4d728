"""What is asked of who ends a case, brings it back, or gives it to another person."""

from collections.abc import Iterable

from wtforms import SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from lms.core.forms import BaseForm
from lms.people.models import User


class WhyForm(BaseForm):
    """Why a case is retired, or brought back."""

    why = TextAreaField(
        "Why",
        [DataRequired("Say why; the audit trail keeps it."), Length(max=1000)],
        render_kw={"rows": 3},
    )


class OwnerForm(BaseForm):
    """Who is to look after a case."""

    owner = SelectField("Who looks after it", coerce=int, validate_choice=False)

    def offer(self, people: Iterable[User]) -> None:
        """Offer these *people*."""
        self.owner.choices = [SelectChoice(each.id, each.name) for each in people]
