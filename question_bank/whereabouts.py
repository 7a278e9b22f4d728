"""Where a fellow is with a quiz at this moment, for who looks after it while it runs."""

from datetime import datetime, timedelta
from enum import StrEnum

from question_bank.standing import Standing

QUIET = timedelta(minutes=5)
"""For how long a page may send nothing until it is said that it is not connected."""


class Whereabouts(StrEnum):
    """Where a fellow is, and in what words; what may need help first, what is over last."""

    SILENT = "Running, not connected"
    SET_ASIDE = "Handed in, grading stopped"
    TIME_UP = "Time is up, handing in"
    IN_GRACE = "Time is up, to be handed in"
    RUNNING = "Running"
    FROZEN = "Frozen"
    NOT_BEGUN = "Not begun"
    MISSED = "Missed"
    ABANDONED = "Abandoned"
    TO_MARK = "Waits for marks"
    HANDED_IN = "Handed in"
    GRADED = "Graded"
    WITHDRAWN = "Withdrawn"

    @property
    def runs(self) -> bool:
        """Whether an attempt takes answers, or will again."""
        return self in (Whereabouts.SILENT, Whereabouts.RUNNING, Whereabouts.FROZEN)

    @property
    def is_over(self) -> bool:
        """Whether the newest attempt was handed in, or is abandoned."""
        return self in (
            Whereabouts.ABANDONED,
            Whereabouts.SET_ASIDE,
            Whereabouts.TO_MARK,
            Whereabouts.HANDED_IN,
            Whereabouts.GRADED,
        )


ORDER = tuple(Whereabouts)
"""The order in which a page lists them."""


def whereabouts(
    standing: Standing,
    *,
    handed_in: bool,
    frozen: bool,
    heard_at: datetime | None,
    now: datetime,
) -> Whereabouts:
    """Return where the fellow of *standing* is.

    Args:
        standing: How the fellow stands with the quiz.
        handed_in: Whether the newest attempt was handed in.
        frozen: Whether its clock stands.
        heard_at: When its page sent something last, or was opened; None: never.
        now: When it is said.
    """
    if standing.attempt_id is None:
        return _before(standing)
    if standing.abandoned:
        return Whereabouts.ABANDONED
    if handed_in:
        return _after(standing)
    if frozen:
        return Whereabouts.FROZEN
    if not standing.running:
        return Whereabouts.IN_GRACE if standing.hand_in_until else Whereabouts.TIME_UP
    silent = heard_at is not None and heard_at < now - QUIET
    return Whereabouts.SILENT if silent else Whereabouts.RUNNING


def _before(standing: Standing) -> Whereabouts:
    if standing.assignment.terms.withdrawn is not None:
        return Whereabouts.WITHDRAWN
    return Whereabouts.MISSED if standing.state == "missed" else Whereabouts.NOT_BEGUN


def _after(standing: Standing) -> Whereabouts:
    if standing.set_aside:
        return Whereabouts.SET_ASIDE
    if not standing.graded:
        return Whereabouts.HANDED_IN
    return Whereabouts.TO_MARK if standing.waiting else Whereabouts.GRADED
