"""To whom an assignment is given too."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from lms.core.forms import BaseForm
from lms.people.models import User
from lms.program.models import Cohort


class AudienceForm(BaseForm):
    """A cohort, or a fellow by name."""

    whom = SelectField("To")

    def offer(self, cohorts: Sequence[Cohort], fellows: Sequence[User]) -> None:
        """Offer *cohorts* and *fellows* to whom it was not given."""
        self.whom.choices = [
            SelectChoice("", "Choose a cohort or a fellow"),
            *(
                SelectChoice(
                    f"cohort {each.id}", f"{each.name}, {each.track.name}", optgroup="Cohorts"
                )
                for each in cohorts
            ),
            *(SelectChoice(f"fellow {each.id}", each.name, optgroup="Fellows") for each in fellows),
        ]

    @property
    def audience(self) -> dict[str, int]:
        """Whom it is given to: `cohort_id` or `fellow_id`; empty: nobody was chosen."""
        kind, _, number = (self.whom.data or "").partition(" ")
        return {f"{kind}_id": int(number)} if number else {}
