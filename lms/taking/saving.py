"""Keeping answers: while the attempt runs, when a stage is over, and when it is too late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from lms.attempts import freezing
from lms.attempts.models import Response
from lms.attempts.queries import GRACE
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import User
from lms.taking import newest_answers, refusing, response_rows, save_log
from lms.taking.incoming_saves import Packet
from lms.taking.response_rows import ResponseRow


class AttemptClosed(Refusal):
    """The attempt takes no more answers."""

    message = (
        "This attempt is closed. What was saved before counts; this change came too late "
        "and is kept apart, where the program director sees it."
    )


class AttemptFrozen(AttemptClosed):
    """The attempt takes no answers while its clock stands."""

    message = (
        "The clock of this attempt is stopped. What was saved before counts; this change is kept "
        "apart. Enter it again when the program lets the attempt go on."
    )


class StageLocked(Refusal):
    """The item's stage is over, or has not come."""

    message = "This answer stands: the case has gone on since, and its stage is locked."


class StageIncomplete(Refusal):
    """The case does not go on: an item of the stage has no answer. `positions` says which."""

    message = "Answer every item of this stage first: its answers lock when the case goes on."

    def __init__(self, positions: Sequence[int]) -> None:
        self.positions = tuple(positions)
        super().__init__()


@dataclass(frozen=True)
class Saved:
    """What became of a save. `other_tab`: before it, another page had the last word.

    `stands`: that word is the newer one, so it still counts.
    """

    saved_at: datetime
    revision: int
    other_tab: bool
    stands: bool
    deadline_at: datetime


def save_response(fellow: User, attempt_id: int, position: int, packet: Packet) -> Saved:
    """Keep an answer, if the attempt is the fellow's, in progress and in time.

    A packet that is known already, or older than one of the same tab, is acknowledged and
    changes nothing. Between tabs, what was given last counts, and within `AT_ONCE` what arrives
    last: a page that was offline does not undo what was done elsewhere since.

    Args:
        fellow: Who gave the answer.
        attempt_id: The attempt it belongs to.
        position: The item's place in the attempt, from 1.
        packet: The answer, by which page, and when: its moment alone decides what is in time.

    Raises:
        NotFound: no such attempt or item of this fellow.
        StageLocked: its stage is over, or has not come.
        AttemptClosed: it was handed in, or deadline and grace are past.
        AttemptFrozen: its clock stands.
        InvalidAnswer: the item does not offer such an answer.
    """
    now = packet.received_at
    row, deadline_at = _hold_open(fellow, attempt_id, position, now)
    if row.locked:
        raise StageLocked
    revision = newest_answers.write(row, response_rows.parse(row, packet), packet)
    other = row.last_tab is not None and row.last_tab != packet.tab
    return Saved(
        saved_at=now,
        revision=revision,
        other_tab=other,
        stands=other and revision == row.revision,
        deadline_at=deadline_at,
    )


def _hold_open(
    fellow: User, attempt_id: int, position: int, now: datetime
) -> tuple[ResponseRow, datetime]:
    """Lock an attempt that takes answers, and return one of its responses, and its deadline.

    One whose clock was to stand until a moment that has come goes on with this.

    Raises:
        NotFound: no such attempt or item of this fellow.
        AttemptClosed: it was handed in, or deadline and grace are past.
        AttemptFrozen: its clock stands.
    """
    row = response_rows.held_row(fellow.id, attempt_id, position)
    deadline_at = row.open_until(now - GRACE)
    if deadline_at is None and freezing.resume_due(attempt_id, now=now):
        row = response_rows.held_row(fellow.id, attempt_id, position)
        deadline_at = row.open_until(now - GRACE)
    if deadline_at is None:
        raise AttemptFrozen if row.frozen_at is not None else AttemptClosed
    return row, deadline_at


def lock_stage(fellow: User, attempt_id: int, position: int, *, now: datetime) -> None:
    """Let the case go on: the answers of the stage that *position* is in stand from now on.

    Nothing happens if they did before.

    Raises:
        NotFound: no such attempt or item of this fellow.
        AttemptClosed: it was handed in, or deadline and grace are past.
        AttemptFrozen: its clock stands.
        StageIncomplete: an item of the stage has no answer.
    """
    row, _ = _hold_open(fellow, attempt_id, position, now)
    same = (
        Response.attempt_id == attempt_id,
        Response.case_version_id == row.version.id,
        Response.stage == row.stage,
        Response.locked_at.is_(None),
    )
    blank = db.session.scalars(
        select(Response.position).where(*same, Response.answer.is_(None)).order_by("position")
    ).all()
    if blank:
        raise StageIncomplete(blank)
    db.session.execute(
        update(Response)
        .where(*same)
        .values(locked_at=now)
        .execution_options(synchronize_session=False)
    )


def keep_late(fellow: User, attempt_id: int, position: int, packet: Packet) -> dict[str, list[str]]:
    """Put an answer that came too late beside the attempt, and return the one that counts.

    The answer that counts is given as the controls of its item. Where it stood locked before,
    what came is kept as it was typed; where its stage never came, nothing is. In neither case is
    anything said of what the item offers.

    Raises:
        NotFound: no such attempt or item of this fellow.
        InvalidAnswer: the item does not offer such an answer.
    """
    row = response_rows.row_of(fellow.id, attempt_id, position)
    if row.over:
        refusing.keep_refused(fellow, attempt_id, position, packet, why=StageLocked.message)
    elif not row.ahead:
        answer = response_rows.parse(row, packet)
        response_rows.hold(row)
        save_log.log_late(row, answer, packet)
    return response_rows.kept(row)


def kept_answer(fellow: User, attempt_id: int, position: int) -> dict[str, list[str]]:
    """Return the answer that counts, as the controls of its item; empty while it is blank.

    Raises:
        NotFound: no such attempt or item of this fellow.
    """
    return response_rows.kept(response_rows.row_of(fellow.id, attempt_id, position))
