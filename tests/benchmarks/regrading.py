"""How fast the grades of an item are brought in line, once it is withheld."""

from collections.abc import Iterator

from sqlalchemy import func, select, update

from lms.attempts.models import Response
from lms.cases.models import Item
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import User
from tests.benchmarks.figures import Figure
from tests.benchmarks.installation import Installation
from tests.benchmarks.waiting import until


def regraded(place: Installation, attempts: int) -> Iterator[Figure]:
    """Take an item that every attempt asked out of the score."""
    with place.app.app_context(), transaction():
        item_id = db.session.scalar(select(func.min(Response.item_id)))
        now = utcnow()
        db.session.execute(
            update(Item)
            .where(Item.id == item_id)
            .values(
                withheld_at=now,
                withheld_by_id=select(func.min(User.id)).scalar_subquery(),
                withheld_why="A benchmark.",
                regrade_since=now,
            )
        )
    left = select(func.count()).select_from(Item).where(Item.regrade_since.is_not(None))
    with until(place, lambda: db.session.scalar(left) == 0) as used:
        place.ring("attempts.regrade", item_id)
    took, cpu = used
    yield Figure("attempts regraded", attempts / took, "1/s", place.profile)
    yield Figure("regrading, CPU of each", 1000 * cpu / attempts, "ms", place.profile)
