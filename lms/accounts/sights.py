"""What the page about a person shows of the person."""

from lms.accounts.wording import say_discipline
from lms.core.sight import Sight
from lms.people.models import User
from lms.people.queries import state_of


def sight_of(person: User) -> Sight:
    """Return who a person is and what the person may do; roles loaded."""
    return {
        "Name": person.name,
        "Address": person.email,
        "State": state_of(person).capitalize(),
        "Roles": ", ".join(sorted(person.roles)).capitalize() or "None",
        "Discipline": say_discipline(person.discipline) if person.discipline else "Not said",
        "Clinician": "Yes" if person.clinician else "No",
    }
