"""Forms for changing by hand what a quiz asks."""

from wtforms import SelectField, ValidationError

from lms.core.forms import BaseForm


class CaseForm(BaseForm):
    """Which case to add."""

    case_id = SelectField("Case", coerce=int, validate_choice=False)

    def validate_case_id(self, field: SelectField) -> None:
        """A case is chosen; whether the quiz may have it, the service says."""
        if field.data is None:
            raise ValidationError("Choose a case to add.")
