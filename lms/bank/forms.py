"""What narrows the list of cases."""

from collections.abc import Iterable

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from lms.cases import queries
from lms.core.forms import BaseForm
from lms.program.blueprint import blueprint
from question_bank.blueprint import Approach, BlueprintTrack, Topic


class FilterForm(BaseForm):
    """What the list is narrowed to; sent by GET, so nothing to forge."""

    class Meta(BaseForm.Meta):
        """A GET form needs no token."""

        csrf = False

    approach = SelectField("Approach")
    topic = SelectField("Topic")
    track = SelectField("Track")
    words = StringField("Words in the title")

    def offer(self) -> None:
        """Offer what the blueprint has."""
        plan = blueprint()
        self.approach.choices = _all_or(plan.approaches)
        self.topic.choices = _all_or(plan.topics)
        self.track.choices = _all_or(plan.tracks)

    def wanted(self) -> queries.BankFilter:
        """Return the filter; what is not offered does not narrow."""
        return queries.BankFilter(
            approach=_offered(self.approach),
            topic=_offered(self.topic),
            track=_offered(self.track),
            words=self.words.data or None,
        )


def _all_or(offered: Iterable[Approach | Topic | BlueprintTrack]) -> list[SelectChoice]:
    return [SelectChoice("", "All"), *(SelectChoice(each.id, each.name) for each in offered)]


def _offered(field: SelectField) -> str | None:
    offered = {choice.value for choice in field.choices}
    return field.data if field.data in offered and field.data else None
