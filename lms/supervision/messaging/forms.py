"""The form of a message."""

import secrets

from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from lms.core.forms import BaseForm
from lms.notices.typed import LONGEST


class UnbegunForm(BaseForm):
    """What is written. `token` tells a form that was sent twice from two forms."""

    token = HiddenField(default=lambda: secrets.token_urlsafe(16), validators=[Length(max=40)])
    text = TextAreaField(
        "Message",
        [
            InputRequired("Write the message."),
            Length(max=LONGEST, message=f"At most {LONGEST:,} characters."),
        ],
        description=f"Sent as you type it, up to {LONGEST:,} characters. Name no patient.",
    )
