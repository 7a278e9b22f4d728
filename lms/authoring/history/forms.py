"""What is asked of who ends a case, brings it back, or gives it to another person."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.choosing import ChooserField
from lms.core.forms import BaseForm


class WhyForm(BaseForm):
    """Why a case is retired, or brought back."""

    why = TextAreaField(
        "Why",
        [DataRequired("Say why; the audit trail keeps it."), Length(max=1000)],
        render_kw={"rows": 3},
    )


class OwnerForm(BaseForm):
    """Who is to look after a case."""

    owner = ChooserField("Who looks after it", coerce=int, validate_choice=False)
