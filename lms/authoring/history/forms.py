"""What is asked of who retires a case, or brings it back."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import BaseForm


class WhyForm(BaseForm):
    """Why a case is retired, or brought back."""

    why = TextAreaField(
        "Why",
        [DataRequired("Say why; the audit trail keeps it."), Length(max=1000)],
        render_kw={"rows": 3},
    )
