"""Forms for pictures in drafts."""

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from lms.authoring.pictures.services import Said
from lms.cases.models import LARGEST_IMAGE
from lms.cases.pictures.services import LIMITS
from lms.core.forms import BaseForm


class OriginForm(BaseForm):
    """Where a picture comes from, and by which right it is shown."""

    source = StringField("Source", [Optional(), Length(max=400)], description="Who made it, where.")
    licence = StringField(
        "License", [Optional(), Length(max=200)], description="For example: our own, CC BY 4.0."
    )

    @property
    def said(self) -> Said:
        """What was said."""
        return Said(source=self.source.data or "", licence=self.licence.data or "")


class PictureForm(OriginForm):
    """A picture, and what is said of it."""

    picture = FileField("Picture", description=LIMITS)
    alt = TextAreaField(
        "The same in words",
        [Optional(), Length(max=4000)],
        description="The data, not the conclusion. Publishing asks for it.",
    )
    at = HiddenField("Place")
    near = HiddenField("Where it was pasted")

    @property
    def content(self) -> bytes:
        """The file, as far as it is looked at: one byte more than is taken."""
        return bytes(self.picture.data.read(LARGEST_IMAGE + 1)) if self.picture.data else b""

    @property
    def said(self) -> Said:
        """What was said."""
        origin = super().said
        return Said(self.alt.data or "", origin.source, origin.licence)
