"""Why an item is withheld."""

from wtforms import StringField
from wtforms.validators import Length

from lms.cases.withholding import LONGEST_WHY
from lms.core.forms import BaseForm


class WithholdForm(BaseForm):
    """A reason, if one is given."""

    why = StringField(
        "Why",
        [Length(max=LONGEST_WHY, message=f"A reason has at most {LONGEST_WHY} characters.")],
    )
