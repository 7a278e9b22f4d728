"""Which answers keep a grade by a key that is not in use any more: what a regrade would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from lms.attempts.exposing import ASKS
from lms.attempts.models import Attempt, Response
from lms.cases.models import Approval, CaseVersion, Item, ItemEdition, StoredCase
from lms.core.db import db
from lms.grading.models import Grade, GradeState
from lms.grading.queries import COUNTS


@dataclass(frozen=True)
class EarlierKey:
    """An item of which `answers` by `fellows` are graded by an earlier key.

    `version` is the newest one of which a person said that it changes what is right, `since` when.
    """

    key: str
    position: int
    answers: int
    fellows: int
    version: int
    since: datetime


def earlier_keys(case_id: int) -> Sequence[EarlierKey]:
    """Return the items of a case that have such answers, in order; one statement.

    Only where a person said when publishing that what is right changes: what the texts alone tell
    may be wording.
    """
    said, in_use = aliased(CaseVersion), aliased(ItemEdition)
    rows = db.session.execute(
        select(
            Item.key,
            Item.position,
            func.count(Response.id.distinct()),
            func.count(Attempt.fellow_id.distinct()),
            func.max(said.number),
            func.max(Approval.at),
        )
        .select_from(Item)
        .join(StoredCase, StoredCase.id == Item.case_id)
        .join(
            in_use,
            and_(in_use.item_id == Item.id, in_use.case_version_id == StoredCase.current_id),
        )
        .join(Response, Response.item_id == Item.id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(ItemEdition, and_(ASKS, ItemEdition.edition < in_use.edition))
        .join(CaseVersion, CaseVersion.id == Response.case_version_id)
        .join(Grade, and_(COUNTS, Grade.state == GradeState.EARNED))
        .join(said, and_(said.case_id == Item.case_id, said.number > CaseVersion.number))
        .join(Approval, and_(Approval.case_version_id == said.id, Approval.changes_right.is_(True)))
        .where(Item.case_id == case_id)
        .group_by(Item.id)
        .order_by(Item.position)
    )
    return [EarlierKey(*row) for row in rows]
