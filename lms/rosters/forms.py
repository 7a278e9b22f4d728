"""Forms for the roster."""

from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.core.forms import BaseForm
from lms.rosters.reading import COLUMNS, MOST_BYTES, TOO_LARGE, decode


class RosterForm(BaseForm):
    """A roster, as a file or as text."""

    file = FileField(
        "CSV file",
        [Optional()],
        description="UTF-8, at most 1 MB and 500 rows; commas, semicolons or tabs between.",
    )
    text = TextAreaField(
        "Or paste it here",
        [Optional(), Length(max=MOST_BYTES, message=TOO_LARGE)],
        filters=[lambda text: text],
        description="The first row names the columns: " + ", ".join(COLUMNS) + ".",
    )

    def roster(self) -> str:
        """Return the text of the roster, from the file if there is one.

        Raises:
            Invalid: the file is too large, or not text.
        """
        data = self.file.data.read() if self.file.data else b""
        return decode(data) if data else self.text.data or ""


class ImportForm(BaseForm):
    """The roster once more, to be imported."""

    text = HiddenField(
        "Roster",
        [
            DataRequired("The roster did not come along. Start again."),
            Length(max=MOST_BYTES, message=TOO_LARGE),
        ],
    )
