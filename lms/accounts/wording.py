"""How what is known of a person is said."""

from lms.people.models import Discipline


def say_discipline(discipline: Discipline) -> str:
    """Return "Physical medicine and rehabilitation"."""
    if discipline is Discipline.REHABILITATION:
        return "Physical medicine and rehabilitation"
    return discipline.value.replace("_", " ").capitalize()
