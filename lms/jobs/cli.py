"""For commands: a job that is carried out by the command itself, and leaves its report."""

from collections.abc import Iterator
from contextlib import contextmanager

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Refusal
from lms.jobs import services
from lms.jobs.kinds import Errand
from lms.jobs.models import JobKind
from lms.people.models import Role, User


@contextmanager
def by_hand(kind: JobKind, owner: User | None) -> Iterator[Errand]:
    """Note a job of *kind*, which directors may see, and that it failed if the block does.

    The block does the work and calls `finish`, both in one transaction.
    """
    with transaction():
        errand = services.begin_by_hand(kind, owner=owner, shown_to=Role.DIRECTOR, now=utcnow())
    try:
        yield errand
    except BaseException as error:
        why = error.message if isinstance(error, Refusal) else services.BROKE
        with transaction():
            services.give_up(errand, why, now=utcnow())
        raise
