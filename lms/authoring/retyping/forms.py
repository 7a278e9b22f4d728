"""What is asked of who gives an item another type."""

from collections.abc import Iterable

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms.authoring.retyping.services import OtherType
from lms.core.forms import BaseForm


class KindForm(BaseForm):
    """Which type an item is to have."""

    kind = RadioField("Kind of item", [InputRequired("Choose one.")])

    def offer(self, types: Iterable[OtherType]) -> None:
        """Offer *types*, each with what would not fit it."""
        self.kind.choices = [SelectChoice(each.kind, each.name) for each in types]
