"""What a fellow says on a result."""

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from lms.core.forms import BaseForm
from lms.results.models import LONGEST_WORDS


class OwnWordsForm(BaseForm):
    """What the fellow struggled with, in two lines; empty: nothing is said."""

    text = TextAreaField(
        "This week I struggled with …",
        [
            Optional(),
            Length(max=LONGEST_WORDS, message=f"Write at most {LONGEST_WORDS} characters."),
        ],
        description="Two lines, if you like. Your mentors read them, first of all in their weekly "
        "mail; directors do not. Name no patient.",
    )
