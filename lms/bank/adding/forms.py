"""What cases to add to a quiz are looked for by."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.cases.queries import BankFilter
from lms.core.forms import BaseForm
from lms.program.blueprint import blueprint


class FindForm(BaseForm):
    """Words and an approach; sent by GET, so nothing to forge."""

    class Meta(BaseForm.Meta):
        """A GET form needs no token."""

        csrf = False

    words = StringField("Words in the title")
    approach = SelectField("Approach", validate_choice=False)

    def offer(self) -> None:
        """Offer what the blueprint has."""
        approaches = [SelectChoice(each.id, each.name) for each in blueprint().approaches]
        self.approach.choices = [SelectChoice("", "All"), *approaches]

    def wanted(self) -> BankFilter:
        """Return what the list is narrowed to; what is not offered does not narrow."""
        offered = {choice.value for choice in self.approach.choices}
        approach = self.approach.data if self.approach.data in offered else None
        return BankFilter(approach=approach or None, words=self.words.data or None)
