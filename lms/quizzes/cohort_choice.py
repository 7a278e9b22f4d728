"""How a form asks for which cohort something is."""

from datetime import date

from wtforms.validators import InputRequired

from lms.core.choosing import ChooserField, Offered
from lms.program.choosing import offered_cohorts


def cohort_field(*, required: bool = True) -> ChooserField:
    """Return the field that asks for a cohort; 0: none is chosen."""
    return ChooserField(
        "Cohort",
        [InputRequired("Choose a cohort.")] if required else [],
        blank="Choose a cohort",
        unchosen=None if required else "No cohort",
        seek="Find by name or track",
    )


def cohorts_to_choose(on: date) -> Offered:
    """Return the cohorts that run on that day, under their tracks."""
    return offered_cohorts(on, label=lambda row: str(row.name), group=lambda row: str(row.track))
