"""How a form asks for which cohort something is."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from lms.program.models import Cohort


def cohort_field() -> SelectField:
    """Return the field that asks for a cohort."""
    required = InputRequired("Choose a cohort.")
    return SelectField("Cohort", [required], coerce=lambda value: int(value or 0))


def cohort_choices(cohorts: Sequence[Cohort]) -> list[SelectChoice]:
    """Return *cohorts* as choices, by track, none of them chosen yet."""
    offered = [
        SelectChoice(cohort.id, cohort.name, optgroup=cohort.track.name) for cohort in cohorts
    ]
    return [SelectChoice("", "Choose a cohort"), *offered] if offered else []
