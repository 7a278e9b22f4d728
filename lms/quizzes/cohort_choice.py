"""How a form asks for which cohort something is."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms.program.models import Cohort


def cohort_field(*, required: bool = True) -> SelectField:
    """Return the field that asks for a cohort; 0: none is chosen."""
    asked = [InputRequired("Choose a cohort.")] if required else []
    return SelectField("Cohort", asked, coerce=lambda value: int(value or 0))


def cohort_choices(cohorts: Sequence[Cohort]) -> list[SelectChoice]:
    """Return *cohorts* as choices, by track, none of them chosen yet."""
    offered = [
        SelectChoice(cohort.id, cohort.name, optgroup=cohort.track.name) for cohort in cohorts
    ]
    return [SelectChoice("", "Choose a cohort"), *offered] if offered else []
