"""To whom an assignment is given too."""

from collections.abc import Collection
from datetime import date

from lms.core.choosing import ChooserField
from lms.core.forms import BaseForm
from lms.people.choosing import holding, offered_people
from lms.people.models import Role, User
from lms.program.choosing import offered_cohorts, say_with_track


class AudienceForm(BaseForm):
    """A cohort, or a fellow by name."""

    whom = ChooserField(
        "To",
        blank="Choose a cohort or a fellow",
        coerce=str,
        seek="Find a cohort by name, a fellow by name or address",
    )

    def offer(
        self, on: date, *, cohorts: Collection[int] = (), fellows: Collection[int] = ()
    ) -> None:
        """Offer the cohorts that run on that day, and all fellows, but for those with some ids."""
        self.whom.offer(
            offered_cohorts(
                on, but=cohorts, label=say_with_track, group=lambda _row: "Cohorts", kind="cohort "
            ),
            offered_people(
                holding(Role.FELLOW), User.id.not_in(fellows), group="Fellows", kind="fellow "
            ),
        )

    @property
    def audience(self) -> dict[str, int]:
        """Whom it is given to: `cohort_id` or `fellow_id`; empty: nobody was chosen."""
        kind, _, number = (self.whom.data or "").partition(" ")
        return {f"{kind}_id": int(number)} if number else {}
