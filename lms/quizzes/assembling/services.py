"""Putting a quiz together."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from lms.cases import queries as bank
from lms.core.audit import record
from lms.core.db import db
from lms.people.models import User
from lms.program.blueprint import blueprint
from lms.program.queries import cohort_by_id
from lms.quizzes import queries
from lms.quizzes.admission import AllWithheld, day_of, not_withheld
from lms.quizzes.given import history_of
from lms.quizzes.models import Quiz, QuizVersion
from lms.quizzes.queries import QuizCase
from lms.quizzes.versions import MOST_ITEMS, Seat, TooLong, draft, hold, replace
from question_bank.assembly import Form, assemble

LONGEST_TITLE = 120
"""The most characters that the title of a quiz may have."""


def create_quiz(actor: User, *, title: str, now: datetime, formative: bool = False) -> Quiz:
    """Return a new quiz without items."""
    quiz = Quiz(title=title, formative=formative, owner_id=actor.id, created_at=now)
    quiz.versions = [QuizVersion(number=1, created_at=now)]
    db.session.add(quiz)
    db.session.flush()
    record(actor, "quiz.create", "quiz", quiz.id, now=now, after={"title": title})
    return quiz


@dataclass(frozen=True)
class Copied:
    """A new quiz that asks what another does; of these cases some items are left out."""

    quiz: Quiz
    left_out: tuple[str, ...]


def copy_quiz(actor: User, quiz_id: int, *, now: datetime) -> Copied:
    """Return a new quiz, not assigned, with what the newest version of another asks.

    What the bank does not ask now is left out: what is retired or withheld, and what its case
    asks no more. It is for the same cohort, if any.

    Raises:
        NotFound: there is no such quiz.
    """
    hold(quiz_id)
    source = queries.quiz_by_id(quiz_id)
    places = queries.places_of(source.versions[-1].id)
    asked = {id_ for each in queries.quiz_cases(places) for id_ in _asked_now(each)}
    copy = create_quiz(
        actor, title=f"Copy of {source.title}"[:LONGEST_TITLE], now=now, formative=source.formative
    )
    copy.track_id, copy.cohort_id = source.track_id, source.cohort_id
    kept = [place for place in places if place.item_id in asked]
    replace(copy.versions[0], [Seat(place.item_id, place.points) for place in kept])
    record(actor, "quiz.copy", "quiz", copy.id, now=now, after={"quiz": quiz_id})
    left = (place.item.case.title for place in places if place.item_id not in asked)
    return Copied(copy, tuple(dict.fromkeys(left)))


def _asked_now(quiz_case: QuizCase) -> set[int]:
    """Return the ids of those items of a case of a quiz that a new quiz may be given."""
    live = [each.row for each in quiz_case.items if each.row.retired_at is None]
    if quiz_case.case.retired_at is not None or not live:
        return set()
    try:
        return {item.id for item in not_withheld(quiz_case.case, live)}
    except AllWithheld:
        return set()


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
    version = draft(quiz_id, now=now)
    form = assemble(
        items,
        track.slug,
        blueprint(),
        bank.pool(track.slug, queries.quiz_by_id(quiz_id).uses, day_of(actor, now)),
        history_of(cohort_id, but=version.id),
        again={place.item.case_id for place in queries.places_of(version.id)},
        seed=secrets.randbits(31) if seed is None else seed,
    )
    replace(version, [Seat(item.item_id) for item in form.items])
    drawn_for = {"track_id": track.id, "cohort_id": cohort_id}
    db.session.execute(update(Quiz).where(Quiz.id == quiz_id).values(**drawn_for))
    after = {"cohort": cohort_id, "wanted": items, "found": len(form.items)}
    record(actor, "quiz.fill", "quiz", quiz_id, now=now, after=after)
    return form


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
