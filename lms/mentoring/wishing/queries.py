"""Reading short quizzes that mentors want, and what could be settled by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, not_, or_, select
from sqlalchemy.orm import joinedload

from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import NotFound
from lms.mentoring.access import Relation, relation_of
from lms.mentoring.wishing.drawing import new_pool
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.progress.queries import LATELY, summaries
from lms.quizzes.models import Assignment
from lms.quizzes.terms import results_shown
from question_bank.short_quiz import is_open, items_to_settle

LISTED = 5
"""How many wishes that are decided a page lists of one fellow; those that wait are all there."""


@dataclass(frozen=True)
class Offer:
    """What a short quiz could settle in an approach: it would have `items` items.

    None: the approach is settled, where it is not `open`, or no short quiz can settle it. `found`
    items are new to the fellow, and `wish` is a quiz on it that waits or can be taken.
    """

    approach: str
    name: str
    open: bool
    items: int | None
    found: int
    wish: QuizWish | None

    @property
    def can_be_wished(self) -> bool:
        """Whether a quiz on it may be wished for now."""
        return self.wish is None and self.items is not None and self.items <= self.found


def offers_for(reader: User, fellow: User, *, now: datetime) -> list[Offer]:
    """Return what short quizzes could settle of a fellow, by the figures that *reader* sees.

    An offer for each approach, in a fixed number of statements. Roles are loaded.
    """
    lately = summaries([fellow.id], since=now - LATELY, until=now, now=now, reader=reader)
    verdict = lately[fellow.id].verdict
    pool = new_pool(fellow, now=now)
    under_way = {wish.approach: wish for wish in wishes_under_way(fellow.id, now=now)}
    return [
        Offer(
            approach.id,
            approach.name,
            is_open(verdict, approach.id),
            items_to_settle(verdict, approach.id),
            len(pool[approach.id]),
            under_way.get(approach.id),
        )
        for approach in blueprint().approaches
    ]


def _loaded() -> Select[QuizWish]:
    people = (QuizWish.fellow, QuizWish.mentor, QuizWish.decider)
    return (
        select(QuizWish)
        .options(*(joinedload(person).selectinload(User.role_rows) for person in people))
        .execution_options(populate_existing=True)
    )


def wish_by_id(wish_id: int) -> QuizWish:
    """Return a wish as the database knows it now; its people with roles.

    Raises:
        NotFound: there is none with that id.
    """
    wish = db.session.scalar(_loaded().where(QuizWish.id == wish_id))
    if wish is None:
        raise NotFound
    return wish


def wish_for(reader: User, wish_id: int, *, now: datetime) -> tuple[QuizWish, Relation]:
    """Return a wish, and what *reader*, roles loaded, is to its fellow *now*.

    Raises:
        NotFound: there is none with that id that the reader may read.
    """
    wish = wish_by_id(wish_id)
    relation = relation_of(reader, wish.fellow_id, local(now, reader.time_zone).date())
    if not relation.reads_quiz_wishes:
        raise NotFound
    return wish, relation


def wishes_under_way(fellow_id: int, *, now: datetime) -> list[QuizWish]:
    """Return what waits for a decision, and what was given and may still be taken by somebody."""
    open_ones = and_(not_(results_shown(now)), Assignment.withdrawn_at.is_(None))
    query = (
        _loaded()
        .outerjoin(Assignment, Assignment.id == QuizWish.assignment_id)
        .where(
            QuizWish.fellow_id == fellow_id,
            or_(
                QuizWish.state == WishState.WAITING,
                and_(QuizWish.state == WishState.GIVEN, open_ones),
            ),
        )
    )
    return list(db.session.scalars(query.order_by(QuizWish.id)))


def wishes_of(fellow_id: int) -> list[QuizWish]:
    """Return the wishes for a fellow, newest first: all that wait, and some that are decided.

    In a fixed number of statements.
    """
    newest = _loaded().where(QuizWish.fellow_id == fellow_id).order_by(QuizWish.id.desc())
    every = db.session.scalars(newest).all()
    waiting = [wish for wish in every if wish.state is WishState.WAITING]
    decided = [wish for wish in every if wish.state is not WishState.WAITING]
    return [*waiting, *decided[:LISTED]]


def wishes_waiting(fellow_ids: Iterable[int]) -> list[QuizWish]:
    """Return what waits for a decision of directors, of these fellows, the oldest first."""
    waiting = _loaded().where(
        QuizWish.fellow_id.in_(list(fellow_ids)), QuizWish.state == WishState.WAITING
    )
    return list(db.session.scalars(waiting.order_by(QuizWish.id)))
