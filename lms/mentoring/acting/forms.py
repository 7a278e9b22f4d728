"""What is said of a prompt from the mail."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from lms.core.forms import BaseForm
from lms.mentoring.prompts.models import LONGEST_REASON


class DecliningForm(BaseForm):
    """Why no word is needed."""

    reason = TextAreaField(
        "Not needed, because",
        [
            DataRequired("Say why in a few words."),
            Length(max=LONGEST_REASON, message=f"Write at most {LONGEST_REASON} characters."),
        ],
        description="It is kept with the week. Nobody but you reads it.",
    )
