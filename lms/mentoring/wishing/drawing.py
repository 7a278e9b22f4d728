"""Drawing a short quiz for one fellow: from what is new to that one, by the house's assembly.

Nothing is drawn of a case that the fellow was ever asked something of, in whatever quiz; that a
quiz asks which was given to the fellow and may still be begun, by whatever time that one has; nor
whose keys the fellow may read, as an author may, or will once the case is reviewed. What a fellow
may begin is said of all alike, up to when results are shown: so the number of items that are left
tells nothing of an accommodation.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, not_, or_, select

from lms.attempts.models import Attempt, Response
from lms.attempts.secrecy import readable_keys, to_answer_blind
from lms.cases import queries as bank
from lms.cases.models import Item
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.program.queries import cohort_of
from lms.quizzes.models import Assignment, QuizItem
from lms.quizzes.queries import concerning
from lms.quizzes.terms import results_shown
from question_bank.assembly import PoolItem, assemble
from question_bank.paper import uses_asked


class TooFewNew(Refusal):
    """The bank has not as many items that are new to the fellow."""

    def __init__(self, found: int, wanted: int) -> None:
        some = f"a quiz of {found}" if found else "none"
        super().__init__(
            f"The bank has too few items that are new to the fellow: {wanted} are wanted, and "
            f"{some} can be drawn."
        )


def new_pool(fellow: User, *, now: datetime) -> dict[str, list[PoolItem]]:
    """Return the items that may be drawn for a fellow *now*, by approach.

    None, if the fellow is in no cohort. In a fixed number of statements.
    """
    today = local(now, fellow.time_zone).date()
    cohort = cohort_of(fellow.id, today)
    plan = blueprint()
    found: dict[str, list[PoolItem]] = {approach.id: [] for approach in plan.approaches}
    if cohort is None:
        return found
    track = cohort.track.slug
    pool = bank.pool(track, uses_asked(False), today)
    known = _known_cases(fellow, {item.case_id for item in pool}, now)
    weighed = {topic.id for topic in plan.topics if topic.weights.get(track, 0)}
    for item in pool:
        if item.case_id not in known and item.topic in weighed:
            found[plan.approach_of(item.topic)].append(item)
    return found


def draw(fellow: User, approach: str, items: int, *, now: datetime) -> list[int]:
    """Return the ids of *items* items in *approach* that are new to a fellow.

    Raises:
        Refusal: the fellow is in no cohort.
        TooFewNew: there are not as many.
    """
    cohort = cohort_of(fellow.id, local(now, fellow.time_zone).date())
    if cohort is None:
        raise Refusal(f"{fellow.name} is in no cohort today, so nothing can be given.")
    pool = new_pool(fellow, now=now)[approach]
    drawn = assemble(items, cohort.track.slug, blueprint(), pool, seed=secrets.randbits(31))
    if drawn.short:
        raise TooFewNew(len(drawn.items), items)
    return [item.item_id for item in drawn.items]


def _known_cases(fellow: User, case_ids: Iterable[int], now: datetime) -> set[int]:
    asked = (
        select(Item.case_id)
        .join(Response, Response.item_id == Item.id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(Attempt.fellow_id == fellow.id)
    )
    to_ask = (
        concerning(bindparam("fellow_ids", [fellow.id], expanding=True), Item.case_id)
        .join(QuizItem, QuizItem.quiz_version_id == Assignment.quiz_version_id)
        .join(Item, Item.id == QuizItem.item_id)
        .where(
            not_(results_shown(now)),
            or_(Assignment.withdrawn_at.is_(None), Assignment.begun_at.is_not(None)),
        )
    )
    return {
        *db.session.scalars(asked.union(to_ask)),
        *readable_keys(fellow, list(case_ids), now),
        *to_answer_blind(fellow),
    }
