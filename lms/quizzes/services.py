"""Putting a quiz together."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, select, update

from lms.cases import queries as bank
from lms.cases.asking import check_let_in
from lms.cases.gate import fault_in_short
from lms.cases.models import Item, StoredCase
from lms.core.audit import record
from lms.core.clock import local
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.program.queries import cohort_by_id
from lms.quizzes import queries
from lms.quizzes.given import history_of
from lms.quizzes.models import Quiz, QuizItem, QuizVersion
from question_bank.assembly import Form, assemble

MOST_ITEMS = 120
"""The most items a quiz may have."""


class TooLong(Invalid):
    """The quiz would have more items than a sitting can bear."""

    message = f"A quiz has at most {MOST_ITEMS} items."


class NotFit(Refusal):
    """None of a case's items may be in the quiz."""

    message = (
        "None of the case's items is fit for this quiz: script-concordance items need a panel, "
        "and are asked in formative quizzes only."
    )


class NotDrawn(Refusal):
    """A rule has found a fault in a case since it was published."""

    def __init__(self, title: str, fault: str) -> None:
        super().__init__(
            f"“{title}” is not asked any more until it is mended. {fault_in_short(fault)} "
            "Leave it out."
        )


class Whole(Refusal):
    """An item cannot be taken out of a case that unfolds."""

    message = "This case unfolds from item to item, so it is asked whole. Remove the case instead."


class Archived(Refusal):
    """The quiz is not in use."""

    message = "This quiz is archived. Restore it first, then change or assign it."


def create_quiz(actor: User, *, title: str, now: datetime, formative: bool = False) -> Quiz:
    """Return a new quiz without items."""
    quiz = Quiz(title=title, formative=formative, owner_id=actor.id, created_at=now)
    quiz.versions = [QuizVersion(number=1, created_at=now)]
    db.session.add(quiz)
    db.session.flush()
    record(actor, "quiz.create", "quiz", quiz.id, now=now, after={"title": title})
    return quiz


def rename_quiz(actor: User | None, quiz_id: int, *, title: str, now: datetime) -> None:
    """Give a quiz another title; fellows who have it see the new one."""
    quiz = queries.quiz_by_id(quiz_id)
    record(
        actor, "quiz.rename", "quiz", quiz_id, now=now,
        before={"title": quiz.title}, after={"title": title},
    )  # fmt: skip
    quiz.title = title


def fill_by_blueprint(
    actor: User | None,
    quiz_id: int,
    *,
    cohort_id: int,
    items: int,
    now: datetime,
    seed: int | None = None,
) -> Form:
    """Replace the items of a quiz by *items* drawn by the blueprint for a cohort.

    What the cohort was given before counts, and of the cases that the quiz has now none is drawn
    again where others are as good: see `assemble`.

    Args:
        actor: Who draws; None: the service itself.
        quiz_id: The quiz.
        cohort_id: For whom it is.
        items: How many items are wanted, up to `MOST_ITEMS`.
        now: When.
        seed: 0 to 2^31 - 1; settles what the wishes leave open. None: drawn here.

    Raises:
        TooLong: more than `MOST_ITEMS`.
        NotFound: there is no such quiz or cohort.
    """
    if items > MOST_ITEMS:
        raise TooLong
    track = cohort_by_id(cohort_id).track
    version = _draft(quiz_id, now=now)
    form = assemble(
        items,
        track.slug,
        blueprint(),
        bank.pool(track.slug, queries.quiz_by_id(quiz_id).uses, _day_of(actor, now)),
        history_of(cohort_id, but=version.id),
        again={place.item.case_id for place in queries.places_of(version.id)},
        seed=secrets.randbits(31) if seed is None else seed,
    )
    _replace(version, [item.item_id for item in form.items])
    drawn_for = {"track_id": track.id, "cohort_id": cohort_id}
    db.session.execute(update(Quiz).where(Quiz.id == quiz_id).values(**drawn_for))
    after = {"cohort": cohort_id, "wanted": items, "found": len(form.items)}
    record(actor, "quiz.fill", "quiz", quiz_id, now=now, after=after)
    return form


def _day_of(actor: User | None, now: datetime) -> date:
    return local(now, actor.time_zone if actor else "UTC").date()


def add_case(actor: User | None, quiz_id: int, case_id: int, *, now: datetime) -> None:
    """Put the items of a case, in its order, where a quiz has some of them, or else at the end.

    Raises:
        NotFound: there is no such quiz or case.
        NotFit: no item of the case may be in the quiz.
        NotDrawn, NotLetIn: the case is not to be asked.
        TooLong: the quiz would get too long.
    """
    uses = queries.quiz_by_id(quiz_id).uses
    version = _draft(quiz_id, now=now)
    present = [place.item_id for place in queries.places_of(version.id)]
    wanted: Sequence[Item] = db.session.scalars(
        select(Item)
        .where(Item.case_id == case_id, Item.retired_at.is_(None))
        .order_by(Item.position)
    ).all()
    published = select(StoredCase.title, StoredCase.fault).where(
        StoredCase.id == case_id, StoredCase.current_id.is_not(None)
    )
    case = db.session.execute(published).one_or_none()
    if case is None or not wanted:
        raise NotFound("There is no such case in the bank.")
    if case.fault is not None:
        raise NotDrawn(case.title, case.fault)
    check_let_in([case_id], _day_of(actor, now))
    wanted = [item for item in wanted if item.use in uses]
    if not wanted:
        raise NotFit
    mine = [item.id for item in wanted]
    at = next((n for n, item_id in enumerate(present) if item_id in mine), len(present))
    others = [item_id for item_id in present if item_id not in mine]
    _replace(version, [*others[:at], *mine, *others[at:]])
    record(actor, "quiz.add_case", "quiz", quiz_id, now=now, after={"case": case_id})


def remove_item(actor: User | None, quiz_id: int, item_id: int, *, now: datetime) -> None:
    """Take an item out of a quiz; nothing happens if it is not in it.

    Raises:
        Whole: its case unfolds.
    """
    places = queries.places_of(newest(quiz_id).id)
    if any(place.item_id == item_id and place.item.case.unfolds for place in places):
        raise Whole
    present = [place.item_id for place in places]
    if item_id in present:
        _replace(_draft(quiz_id, now=now), [each for each in present if each != item_id])
        record(actor, "quiz.remove_item", "quiz", quiz_id, now=now, before={"item": item_id})


def remove_case(actor: User | None, quiz_id: int, case_id: int, *, now: datetime) -> None:
    """Take all items of a case out of a quiz; nothing happens if none is in it."""
    places = queries.places_of(newest(quiz_id).id)
    left = [place.item_id for place in places if place.item.case_id != case_id]
    if len(left) < len(places):
        _replace(_draft(quiz_id, now=now), left)
        record(actor, "quiz.remove_case", "quiz", quiz_id, now=now, before={"case": case_id})


def move_case(actor: User, quiz_id: int, case_id: int, *, up: bool, now: datetime) -> None:
    """Have a case of a quiz asked one case earlier (*up*) or later; at the end nothing happens."""
    items: dict[int, list[int]] = {}
    for place in queries.places_of(newest(quiz_id).id):
        items.setdefault(place.item.case_id, []).append(place.item_id)
    order = list(items)
    at = order.index(case_id) if case_id in items else -1
    to = at - 1 if up else at + 1
    if at < 0 or not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    _replace(_draft(quiz_id, now=now), [item_id for each in order for item_id in items[each]])
    after = {"case": case_id, "place": to + 1}
    record(actor, "quiz.move_case", "quiz", quiz_id, now=now, after=after)


def archive_quiz(actor: User | None, quiz_id: int, *, now: datetime) -> None:
    """Take a quiz from the list; what was assigned goes on. Nothing happens the second time.

    Raises:
        NotFound: there is no such quiz.
    """
    if _archived(quiz_id, now):
        record(actor, "quiz.archive", "quiz", quiz_id, now=now)


def restore_quiz(actor: User | None, quiz_id: int, *, now: datetime) -> None:
    """Put an archived quiz back in the list; nothing happens to one that is there.

    Raises:
        NotFound: there is no such quiz.
    """
    if _archived(quiz_id, None):
        record(actor, "quiz.restore", "quiz", quiz_id, now=now)


def _archived(quiz_id: int, at: datetime | None) -> bool:
    """Archive a quiz, or restore it where *at* is None; return whether that was a change."""
    queries.quiz_by_id(quiz_id)
    other = Quiz.archived_at.is_(None) if at else Quiz.archived_at.is_not(None)
    changed = (
        update(Quiz).where(Quiz.id == quiz_id, other).values(archived_at=at).returning(Quiz.id)
    )
    return db.session.scalar(changed) is not None


def newest(quiz_id: int) -> QuizVersion:
    """Return the newest version of a quiz, and keep others from changing it meanwhile.

    What is locked is the quiz: of versions, another transaction may have made a newer one.

    Raises:
        NotFound: there is no such quiz.
        Archived: it may not be changed.
    """
    if hold(quiz_id) is not None:
        raise Archived
    return db.session.scalars(
        select(QuizVersion)
        .where(QuizVersion.quiz_id == quiz_id)
        .order_by(QuizVersion.number.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def hold(quiz_id: int) -> datetime | None:
    """Keep others from changing or assigning a quiz until the commit; return when it was archived.

    Raises:
        NotFound: there is no such quiz.
    """
    row = db.session.execute(
        select(Quiz.archived_at).where(Quiz.id == quiz_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    archived_at: datetime | None = row.archived_at
    return archived_at


def _draft(quiz_id: int, *, now: datetime) -> QuizVersion:
    """Return the version of a quiz that may be changed: the newest, or a copy if it is frozen."""
    last = newest(quiz_id)
    if last.frozen_at is None:
        return last
    copy = QuizVersion(quiz_id=quiz_id, number=last.number + 1, created_at=now)
    db.session.add(copy)
    db.session.flush()
    _replace(copy, [place.item_id for place in queries.places_of(last.id)])
    return copy


def _replace(version: QuizVersion, item_ids: Sequence[int]) -> None:
    if len(item_ids) > MOST_ITEMS:
        raise TooLong
    db.session.execute(delete(QuizItem).where(QuizItem.quiz_version_id == version.id))
    db.session.expire(version, ["places"])
    db.session.add_all(
        QuizItem(quiz_version_id=version.id, position=position, item_id=item_id)
        for position, item_id in enumerate(item_ids, start=1)
    )
    db.session.flush()
