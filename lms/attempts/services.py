"""Starting, saving, handing in and closing attempts."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, insert, update

from lms.accounts.models import User
from lms.attempts import packets, queries
from lms.attempts.answers import as_shown
from lms.attempts.grading import grade_attempts
from lms.attempts.models import Attempt, AttemptState, Response, SubmittedBy
from lms.attempts.packets import Packet
from lms.attempts.queries import GRACE
from lms.attempts.storage import insert_unless_present
from lms.cases.queries import parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.jobs import enqueue
from lms.quizzes.models import Assignment, QuizItem
from lms.quizzes.queries import places_of
from question_bank.items import Item


class NotOpen(Refusal):
    """The window has not opened."""

    message = "This quiz has not opened yet."


class WindowClosed(Refusal):
    """The window is over."""

    message = "This quiz has closed, so no attempt can be started. What was handed in is kept."


class NoAttemptLeft(Refusal):
    """All attempts are used."""

    message = "There is no attempt left for this quiz. The results are on your home page."


class NothingToAsk(Refusal):
    """None of the quiz's items can be shown."""

    message = "This quiz has no item that can be shown. Tell the person who assigned it."


class AttemptClosed(Refusal):
    """The attempt takes no more answers."""

    message = (
        "This attempt is closed. What was saved before counts; this change came too late "
        "and is kept apart, for faculty to see."
    )


@dataclass(frozen=True)
class Saved:
    """What became of a save. `other_tab`: before it, another page had the last word."""

    saved_at: datetime
    revision: int
    other_tab: bool
    deadline_at: datetime


def start_attempt(
    fellow: User, assignment_id: int, *, now: datetime, seed: int | None = None
) -> Attempt:
    """Return the fellow's running attempt at an assignment, or else begin the next one.

    The items' present versions and the order of their options are fixed here.

    Args:
        fellow: Who takes the quiz.
        assignment_id: Of a cohort that the fellow is in today.
        now: The moment the request arrived.
        seed: 0 to 2^31 - 1; decides the order of options. None: drawn here.

    Raises:
        NotFound: the assignment is not one of the fellow's.
        NotOpen, WindowClosed: outside the window.
        NoAttemptLeft: all attempts are used.
        NothingToAsk: no item can be shown.
    """
    assignment = queries.assignment_for(fellow.id, assignment_id, now)
    earlier = queries.attempts_at(fellow.id, assignment_id)
    if earlier and earlier[-1].state is AttemptState.IN_PROGRESS:
        if not close_overdue(earlier[-1].id, now=now):
            return earlier[-1]
        enqueue("attempts.grade", earlier[-1].id)
    _check_may_start(assignment, len(earlier), now)
    begun = _insert_attempt(fellow, assignment, len(earlier) + 1, seed, now)
    if begun is None:  # another request was first
        return queries.attempts_at(fellow.id, assignment_id)[-1]
    _insert_responses(begun, assignment)
    record(
        fellow.id, "attempt.start", "attempt", begun.id, now=now,
        after={"assignment": assignment_id, "number": begun.number},
    )  # fmt: skip
    return begun


def _check_may_start(assignment: Assignment, used: int, now: datetime) -> None:
    if now < assignment.opens_at:
        raise NotOpen
    if now >= assignment.closes_at:
        raise WindowClosed
    if used >= assignment.attempts_allowed:
        raise NoAttemptLeft


def _insert_attempt(
    fellow: User, assignment: Assignment, number: int, seed: int | None, now: datetime
) -> Attempt | None:
    """Return the new attempt, or None if (assignment, fellow, number) exists by now."""
    limit = timedelta(minutes=assignment.time_limit) if assignment.time_limit else None
    closes_at = assignment.closes_at
    begun: Attempt | None = db.session.scalar(
        insert_unless_present(
            Attempt,
            assignment_id=assignment.id,
            fellow_id=fellow.id,
            number=number,
            state=AttemptState.IN_PROGRESS,
            started_at=now,
            deadline_at=min(now + limit, closes_at) if limit else closes_at,
            seed=secrets.randbits(31) if seed is None else seed,
            grade_tries=0,
        ).returning(Attempt)
    )
    return begun


def _insert_responses(attempt: Attempt, assignment: Assignment) -> None:
    chance = random.Random(attempt.seed)  # noqa: S311
    shown = [
        (place, item)
        for place in places_of(assignment.quiz_version_id)
        if (item := _present(place)) is not None
    ]
    if not shown:
        raise NothingToAsk
    db.session.execute(
        insert(Response),
        [
            {
                "attempt_id": attempt.id,
                "position": position,
                "item_id": place.item_id,
                "case_version_id": place.item.case.current_id,
                "order": _order(item, chance),
            }
            for position, (place, item) in enumerate(shown, start=1)
        ],
    )


def _present(place: QuizItem) -> Item | None:
    """Return what the item of *place* says now; None if its case no longer has it."""
    version = place.item.case.current
    items = parsed(version).items if version is not None else ()
    return next((item for item in items if item.key == place.item.key), None)


def _order(item: Item, chance: random.Random) -> list[int]:
    order = list(range(len(getattr(item, "options", ()))))
    if getattr(item, "shuffle", False):
        chance.shuffle(order)
    return order


def save_response(
    fellow: User,
    attempt_id: int,
    position: int,
    raw: object,
    *,
    tab: str,
    tab_seq: int,
    now: datetime,
    flagged: bool | None = None,
) -> Saved:
    """Keep an answer, if the attempt is the fellow's, in progress and in time.

    A packet that is known already, or older than one of the same tab, is acknowledged and
    changes nothing. Between tabs, what arrives last counts.

    Args:
        fellow: Who answers.
        attempt_id: The attempt.
        position: The item's place in it, from 1.
        raw: The answer's JSON with choices as places *as shown* (see `answers.as_shown`);
            None: blank.
        tab: The random name of the page that sends it, 1 to 64 characters.
        tab_seq: That page's own count of its saves.
        now: The moment the request arrived.
        flagged: Whether the item is flagged for review; None: as it was.

    Raises:
        NotFound: no such attempt or item of this fellow.
        AttemptClosed: it was handed in, or deadline and grace are past.
        InvalidAnswer: the item does not offer such an answer.
    """
    packet = Packet(tab, tab_seq, now)
    deadline_at = packets.hold_open(fellow.id, attempt_id, in_time=now - GRACE, now=now)
    place = packets.place_of(fellow.id, attempt_id, position)
    if deadline_at is None:
        raise AttemptClosed
    answer = packets.parse(place, raw)
    revision = place.revision
    if packets.log(place, answer, packet, late=False):
        revision = packets.overwrite(place, answer, packet, flagged) or revision
    other = place.last_tab is not None and place.last_tab != tab
    return Saved(saved_at=now, revision=revision, other_tab=other, deadline_at=deadline_at)


def keep_late(
    fellow: User,
    attempt_id: int,
    position: int,
    raw: object,
    *,
    tab: str,
    tab_seq: int,
    now: datetime,
) -> dict[str, Any] | None:
    """Put an answer that came too late beside the attempt, and return the one that counts.

    The answer that counts is given as it was shown.

    Raises:
        NotFound: no such attempt or item of this fellow.
        InvalidAnswer: the item does not offer such an answer.
    """
    place = packets.place_of(fellow.id, attempt_id, position)
    packets.log(place, packets.parse(place, raw), Packet(tab, tab_seq, now), late=True)
    return as_shown(place.answer, place.order)


def submit_attempt(fellow: User, attempt_id: int, *, now: datetime) -> None:
    """Hand in the fellow's attempt with what is saved; nothing happens if it was before.

    Raises:
        NotFound: there is no such attempt of this fellow.
    """
    by = case(
        (Attempt.deadline_at >= now - GRACE, SubmittedBy.FELLOW.value),
        else_=SubmittedBy.CLOCK.value,
    )
    if _close(attempt_id, Attempt.fellow_id == fellow.id, by=by, now=now):
        record(fellow.id, "attempt.submit", "attempt", attempt_id, now=now)
        enqueue("attempts.grade", attempt_id)
    else:
        queries.attempt_of(fellow.id, attempt_id)


def close_overdue(attempt_id: int, *, now: datetime) -> bool:
    """Hand in an attempt that is past deadline and grace; return whether this call did it."""
    late = Attempt.deadline_at < now - GRACE
    closed = _close(attempt_id, late, by=SubmittedBy.CLOCK, now=now)
    if closed:
        record(None, "attempt.expire", "attempt", attempt_id, now=now)
    return closed


def _close(attempt_id: int, condition: Any, *, by: Any, now: datetime) -> bool:
    closed = db.session.scalar(
        update(Attempt)
        .where(Attempt.id == attempt_id, Attempt.state == AttemptState.IN_PROGRESS, condition)
        .values(state=AttemptState.SUBMITTED, submitted_at=now, submitted_by=by)
        .returning(Attempt.id)
        .execution_options(synchronize_session=False)
    )
    return closed is not None


def grade_attempt(attempt_id: int, *, now: datetime) -> bool:
    """Grade one submitted attempt; return whether this call did it. See `grading`."""
    return bool(grade_attempts([attempt_id], now=now))
