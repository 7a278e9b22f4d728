"""Tasks; each is safe to run twice, also at the same time."""

from collections.abc import Callable, Iterable, Sequence

import structlog
from celery import shared_task

from lms.attempts import freezing, queries
from lms.attempts import services as attempts
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.doorbell import enqueue
from lms.grading import queries as grading
from lms.grading import regrading, services

log = structlog.get_logger()

BATCH = 50
"""How many attempts are graded in one transaction, if their grading never crashed."""


@shared_task(name="attempts.grade")  # type: ignore[untyped-decorator]
def grade(attempt_id: int) -> None:
    """Grade a submitted attempt, and then all others that wait, in batches.

    So a whole class is graded by the first of its tasks, and the others find nothing to do. Safe
    to run twice: only a submitted one is graded.
    """
    some: Sequence[int] = [attempt_id]
    while some and _grade(some):
        some = grading.untried(BATCH)


@shared_task(name="attempts.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Hand in what is past its time and grade what was forgotten. Safe to run twice.

    An attempt whose grading has crashed gets a task of its own, so that it can take nothing
    else with it.
    """
    for each in freezing.to_resume(utcnow()):
        _survives(_resume, [each])
    closed = [each for each in queries.overdue(utcnow()) if _survives(_close, [each])]
    fresh = sorted({*closed, *grading.ungraded(utcnow(), tried=False)})
    for start in range(0, len(fresh), BATCH):
        _survives(_grade, fresh[start : start + BATCH])
    _survives(_ring, grading.ungraded(utcnow(), tried=True))
    with transaction():
        forgotten = regrading.to_regrade()
    for item_id in forgotten:
        _survives(_regrade, [item_id])


@shared_task(name="attempts.regrade")  # type: ignore[untyped-decorator]
def regrade(item_id: int) -> None:
    """Bring the grades of an item in line with whether it is withheld. Safe to run twice."""
    _regrade([item_id])


def _regrade(item_ids: Sequence[int]) -> None:
    for item_id in item_ids:
        more = True
        while more:
            with transaction():
                more = regrading.regrade_some(item_id, now=utcnow())


def _grade(attempt_ids: Sequence[int]) -> bool:
    """Grade those of the attempts whose turn it is, and return whether there were any."""
    with transaction():
        begun = services.begin_grading(attempt_ids, now=utcnow())
    if begun:
        with transaction():
            services.grade_attempts(begun, now=utcnow())
    return bool(begun)


def _close(attempt_ids: Iterable[int]) -> None:
    with transaction():
        for attempt_id in attempt_ids:
            attempts.close_overdue(attempt_id, now=utcnow())


def _resume(attempt_ids: Iterable[int]) -> None:
    with transaction():
        for attempt_id in attempt_ids:
            freezing.resume_due(attempt_id, now=utcnow())


def _ring(attempt_ids: Iterable[int]) -> None:
    with transaction():
        for attempt_id in attempt_ids:
            enqueue("attempts.grade", attempt_id)


def _survives(step: Callable[[Sequence[int]], object], attempt_ids: Sequence[int]) -> bool:
    """Take *step* and return True; where it fails, say so and go on with the rest."""
    try:
        step(attempt_ids)
    except Exception:
        log.exception("sweep_step_failed", step=step.__name__, attempts=list(attempt_ids))
        return False
    return True
