"""People who may be chosen in a form."""

from collections.abc import Callable, Collection

from sqlalchemy import ColumnElement, exists, select

from lms.core.choosing import Found, Offered
from lms.people.models import Role, User, UserRole
from lms.people.queries import named_like


def holding(*roles: Role) -> ColumnElement[bool]:
    """Return the condition that a person may come in and holds one of *roles*.

    It is asked of each person: so few are found without reading all who hold it.
    """
    held = exists().where(UserRole.user_id == User.id, UserRole.role.in_(roles))
    return User.disabled_at.is_(None) & held


def say_name(row: Found) -> str:
    """Return the name."""
    return str(row.name)


def say_name_and_address(row: Found) -> str:
    """Return the name, and the address that tells two of one name apart."""
    return f"{row.name} ({row.email})"


def offered_people(
    *conditions: ColumnElement[bool],
    label: Callable[[Found], str] = say_name,
    kind: str = "",
    group: str | None = None,
    fit: Callable[[Collection[int]], Collection[int]] | None = None,
) -> Offered:
    """Return those for whom the *conditions* hold, by name, to be chosen in a form."""
    also = {} if fit is None else {"fit": fit}
    return Offered(
        rows=select(User.id, User.name, User.email).where(*conditions).order_by(User.name, User.id),
        says=named_like,
        label=label,
        found=say_name_and_address,
        group=lambda _row: group,
        kind=kind,
        **also,
    )
