"""Which published cases may be put before fellows."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, or_, select

from lms.cases.models import Item, StoredCase
from lms.cases.settings import CASE_USE
from lms.cases.signing import is_signed
from lms.core.clock import say_date
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.settings import setting


class NotLetIn(Refusal):
    """The program's settings keep a case from being asked."""

    def __init__(self, title: str, why: str) -> None:
        super().__init__(
            f"“{title}” {why}, and the settings of the program let no such case be asked. "
            "Leave it out."
        )


def let_in(today: date) -> list[ColumnElement[bool]]:
    """Return what must hold of a case, as the program has set it, to be drawn *today*."""
    use = setting(CASE_USE)
    conditions = []
    if not use.unsigned:
        conditions.append(is_signed(StoredCase.current_id))
    if not use.overdue:
        conditions.append(or_(StoredCase.review_by.is_(None), StoredCase.review_by >= today))
    return conditions


def check_let_in(case_ids: Iterable[int], today: date) -> None:
    """Make sure that the program lets each of the cases be asked *today*.

    Raises:
        NotLetIn: one is signed by no clinician, or its review is overdue.
    """
    conditions = let_in(today)
    if not conditions:
        return
    chosen = StoredCase.id.in_(list(case_ids))
    kept_out = db.session.execute(
        select(StoredCase.title, StoredCase.review_by, is_signed(StoredCase.current_id))
        .where(chosen, StoredCase.id.not_in(select(StoredCase.id).where(chosen, *conditions)))
        .order_by(StoredCase.title)
    ).first()
    if kept_out is None:
        return
    title, review_by, signed = kept_out
    if review_by is None or not (signed or setting(CASE_USE).unsigned):
        raise NotLetIn(title, "is signed by no clinician")
    raise NotLetIn(title, f"was to be reviewed by {say_date(review_by)}")


def may_be_asked(uses: Sequence[str], today: date) -> list[ColumnElement[bool]]:
    """Return what must hold of an item, and its case, to be asked in a new quiz.

    It is live, not withheld, fit for one of *uses*, and of a published case in which no rule has
    found a fault since, and which the program lets in *today*. Of a case that unfolds all are asked
    or none, so that one that is withheld keeps all of them back.
    """
    return [
        Item.retired_at.is_(None),
        Item.withheld_at.is_(None),
        or_(~StoredCase.unfolds, StoredCase.id.not_in(_WITH_ONE_WITHHELD)),
        Item.use.in_(uses),
        StoredCase.retired_at.is_(None),
        StoredCase.current_id.is_not(None),
        StoredCase.fault.is_(None),
        *let_in(today),
    ]


_WITH_ONE_WITHHELD = select(Item.case_id).where(
    Item.withheld_at.is_not(None), Item.retired_at.is_(None)
)


def written_for(track: str) -> ColumnElement[bool]:
    """Return that a case is written for a track."""
    return (" " + StoredCase.tracks + " ").contains(f" {track} ")


def topics_in_pool(
    track: str, uses: Sequence[str], today: date, *, without: Iterable[int]
) -> set[str]:
    """Return the topics of the pool, *without* some cases."""
    return set(
        db.session.scalars(
            select(Item.topic)
            .join(Item.case)
            .where(
                *may_be_asked(uses, today),
                written_for(track),
                StoredCase.id.not_in(list(without)),
            )
            .distinct()
        )
    )
