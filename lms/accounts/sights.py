"""What the page about a person shows of the person, and what of it is as a form asks already."""

from collections.abc import Collection, Iterable

from lms.accounts.wording import say_discipline
from lms.core.sight import Sight
from lms.people.models import Discipline, Role, User
from lms.people.queries import state_of
from lms.people.rules import clean_email, clean_name


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


def done_with_account(person: User, deed: str) -> Collection[str]:
    """Return what is so already that disabling or enabling the account would make so."""
    closed = {"disable": True, "enable": False}.get(deed)
    return ("State",) if closed is (person.disabled_at is not None) else ()


def done_with_roles(person: User, roles: Iterable[Role]) -> Collection[str]:
    """Return the same of holding *roles*."""
    return ("Roles",) if person.roles == frozenset(roles) else ()


def done_when_mended(person: User, name: str, email: str) -> Collection[str]:
    """Return the same of a name and an address.

    Raises:
        Invalid: one of them will not do.
    """
    same = (person.name, person.email) == (clean_name(name), clean_email(email))
    return ("Name", "Address") if same else ()


def done_of_profession(
    person: User, discipline: Discipline | None, clinician: bool
) -> Collection[str]:
    """Return the same of what a person was trained in, and whether the person treats patients."""
    same = (person.discipline, person.clinician) == (discipline, clinician)
    return ("Discipline", "Clinician") if same else ()
