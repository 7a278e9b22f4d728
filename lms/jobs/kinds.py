"""What jobs of each kind do; the room that the work belongs to registers it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.jobs.models import JobKind
from lms.jobs.reports import JobReport, LineOutcome
from lms.people.models import User


@dataclass(frozen=True)
class Errand:
    """A step of a job that one worker has begun; `begun_at` tells it from all others.

    `setbacks` is how often it was begun before and given back. `prepared` is what was made ready
    for it, where its work does so.
    """

    job_id: int
    kind: JobKind
    step: int
    given: dict[str, Any]
    owner: User | None
    begun_at: datetime
    setbacks: int = 0
    prepared: Any = None


Prepare = Callable[[Errand, datetime], object]
"""Makes what a step is to keep, where that takes seconds: before its transaction, for which others
may have to wait. It changes nothing, and may be done in vain."""

Step = Callable[[Errand, JobReport, datetime], float]
"""Does one step, adds to the report, and returns how much of the job is done then; 1: all of it.

It runs in a transaction that is all or nothing. A step that did not come to its end is begun anew.
"""


@dataclass(frozen=True)
class Work:
    """What jobs of a kind are called, how their report speaks, and what a step of them does.

    `leads_to` is the page on which its fruits are, and what the button to it says; if they are the
    `own` ones of each job, it is named by `job_id`, and there once that job is done. Without `step`
    jobs of that kind are carried out by hand, by a command.
    """

    name: str
    said_of: dict[LineOutcome, str]
    leads_to: tuple[str, str]
    step: Step | None = None
    prepare: Prepare | None = None
    own: bool = False


_works: dict[JobKind, Work] = {}


def is_work_of(kind: JobKind, work: Work) -> None:
    """Register what jobs of *kind* do."""
    _works[kind] = work


def work_of(kind: JobKind) -> Work:
    """Return what jobs of *kind* do."""
    return _works[kind]


def kinds_of_workers() -> list[JobKind]:
    """Return the kinds of jobs that workers carry out, step by step."""
    return [kind for kind, work in _works.items() if work.step]
