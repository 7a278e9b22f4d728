"""Forms for one's own account, and for people."""

from enum import StrEnum
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    PasswordField,
    RadioField,
    SearchField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from lms.accounts.wording import say_discipline
from lms.core.clock import zone_name
from lms.core.forms import BaseForm
from lms.people.models import Discipline, Role
from lms.people.queries import PersonState
from lms.signin.forms import NewPasswordForm
from lms.zones import ZONES

_NEAR = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
)

ROLES = [
    SelectChoice(Role.FELLOW.value, "Fellow: takes quizzes"),
    SelectChoice(Role.MENTOR.value, "Mentor: follows fellows and gets the weekly mail"),
    SelectChoice(Role.FACULTY.value, "Faculty: reads the bank, assembles quizzes, marks"),
    SelectChoice(Role.DIRECTOR.value, "Director: runs the program"),
]


def zone_choices() -> list[SelectChoice]:
    """Return the time zones a person may choose, the nearest first."""
    near = ((zone, f"{zone_name(zone)} ({_city(zone)})") for zone in _NEAR)
    others = ((zone, zone.replace("_", " ")) for zone in ZONES if zone not in _NEAR)
    return [
        *(SelectChoice(zone, words, optgroup="United States") for zone, words in near),
        *(SelectChoice(zone, words, optgroup="All others") for zone, words in others),
    ]


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _any_of(every: str, kind: type[StrEnum]) -> list[SelectChoice]:
    each = (SelectChoice(member.value, member.value.capitalize()) for member in kind)
    return [SelectChoice("", every), *each]


class ChangePasswordForm(NewPasswordForm):
    """A new password for who knows the present one."""

    current = PasswordField("Current password", [DataRequired("Enter your current password.")])


class SettingsForm(BaseForm):
    """What a person may change about himself."""

    name = StringField("Name", [DataRequired("Write your name.")])
    time_zone = SelectField(
        "Time zone", choices=zone_choices, description="Deadlines are shown in it."
    )
    theme = RadioField(
        "Look",
        choices=[
            SelectChoice("", "As on this device"),
            SelectChoice("light", "Light"),
            SelectChoice("dark", "Dark"),
        ],
    )


class InviteForm(BaseForm):
    """Who is to join, and as what."""

    name = StringField(
        "Name",
        [DataRequired("Write the person’s name.")],
        description="As it stands in reports and mails, for example Dr. Amara Okafor.",
    )
    email = EmailField("Email", [DataRequired("Write the person’s email address.")])
    roles = SelectMultipleField("Roles", choices=ROLES)
    time_zone = SelectField("Time zone", choices=zone_choices)

    def validate_roles(self, field: Field) -> None:
        """A person has a role."""
        if not field.data:
            raise ValidationError("Choose at least one role.")


class PersonForm(BaseForm):
    """A person's name and address."""

    name = StringField("Name", [DataRequired("Write the person’s name.")])
    email = EmailField(
        "Email",
        [DataRequired("Write the person’s email address.")],
        description="Who signs in with it, and gets mails there. Links in earlier mails end.",
    )


class RolesForm(BaseForm):
    """What a person does in the program."""

    roles = SelectMultipleField("Roles", choices=ROLES)


class ProfessionForm(BaseForm):
    """What a person was trained in, and whether the person treats patients."""

    discipline = SelectField(
        "Discipline",
        choices=[
            SelectChoice("", "Not said"),
            *(SelectChoice(each.value, say_discipline(each)) for each in Discipline),
        ],
    )
    clinician = BooleanField(
        "Clinician",
        description="Treats patients and may speak for what a case teaches.",
    )


class PeopleFilter(BaseForm):
    """Which people to list. A GET form: it changes nothing."""

    class Meta(BaseForm.Meta):
        """Nothing to protect."""

        csrf = False

    q = SearchField("Name or email")
    role = SelectField("Role", choices=_any_of("Every role", Role))
    state = SelectField("State", choices=_any_of("Every state", PersonState))

    def criteria(self) -> dict[str, Any]:
        """Return what `queries.people` takes; what is not offered counts as not chosen."""
        role = next((role for role in Role if role == self.role.data), None)
        state = next((state for state in PersonState if state == self.state.data), None)
        text = "".join(c for c in " ".join((self.q.data or "").split()) if c.isprintable())
        return {"text": text, "role": role, "state": state}
