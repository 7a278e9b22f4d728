"""Who may read the keys of the bank: not a fellow who may still be asked them."""

from datetime import date

from sqlalchemy import select

from lms.cases.models import CaseVersion
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import Role, User, UserRole
from lms.program.queries import cohort_of


class KeysKept(Refusal):
    """What would tell keys to somebody who may still be asked them."""

    http_status = 403
    message = (
        "While you are in a cohort, you work with the keys only of cases that you wrote: "
        "you may be asked this one. Ask a colleague."
    )


def may_read_keys(user: User, case_id: int, on: date) -> bool:
    """Return whether *user* may read the keys of a case: not a fellow, or else its author.

    Whoever holds the role of a fellow and is in a cohort on that day may be asked any case.
    """
    role = (UserRole.user_id == user.id, UserRole.role == Role.FELLOW)
    is_fellow = db.session.scalar(select(UserRole.user_id).where(*role)) is not None
    if not is_fellow or cohort_of(user.id, on) is None:
        return True
    wrote = (CaseVersion.case_id == case_id, CaseVersion.author_id == user.id)
    return db.session.scalar(select(CaseVersion.id).where(*wrote).limit(1)) is not None


def check_may_read_keys(user: User, case_id: int, on: date) -> None:
    """Refuse to go on if *user* may not read the keys of a case.

    Raises:
        KeysKept: see `may_read_keys`.
    """
    if not may_read_keys(user, case_id, on):
        raise KeysKept
