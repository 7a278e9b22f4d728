"""What a mentor chooses."""

from wtforms import StringField

from lms.core.forms import BaseForm


class MailsForm(BaseForm):
    """Whether the weekly mail is `wanted`: "yes", or not."""

    wanted = StringField("Weekly mail")
