"""How often tasks ran in the last day, what came of it and how long it took, over all workers.

Celery's signals tell of each run in the process where it ran; the `RunLog` gathers them. Counting
fails no task: what goes wrong here is a line in the log, and then nothing is counted for a while.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median
from time import monotonic

import structlog
from celery import Celery, Task, signals, states

from lms.core.clock import utcnow
from lms.core.errors import Refusal
from lms.core.run_log import RunLog, hour_of, hours_of_a_day

log = structlog.get_logger()

DAY = timedelta(hours=24)

SILENCE = timedelta(seconds=30)
"""How long nothing is counted after the place for it could not be reached."""

RUNG_AT = "rung_at"
"""The header of a message that says, in seconds since 1970, when the task was rung for."""


class RunOutcome(StrEnum):
    """What came of a run."""

    DONE = "done"
    REFUSED = "refused"
    CRASHED = "crashed"
    RETRIED = "retried"


@dataclass(frozen=True)
class Run:
    """A run of a task. `ms`: how long it took; None: it was killed. `at`: seconds since 1970."""

    task: str
    outcome: RunOutcome
    ms: int | None
    at: int


@dataclass(frozen=True)
class TaskFigures:
    """The runs of a task in the last day; times in milliseconds, None where none is known."""

    task: str
    counts: Counter[RunOutcome]
    median_ms: int | None
    longest_ms: int | None
    last_at: datetime

    @property
    def runs(self) -> int:
        """How many there were."""
        return self.counts.total()


class RunCounter:
    """Times and notes each run of the tasks of *celery*, in whatever process it is."""

    def __init__(self, celery: Celery, runs: RunLog) -> None:
        self._celery, self._runs = celery, runs
        self._begun: dict[str, float] = {}
        self._silent_until = 0.0
        signals.task_prerun.connect(self._begin, weak=False)
        signals.task_postrun.connect(self._end, weak=False)
        signals.task_failure.connect(self._lose, weak=False)

    def _begin(self, task_id: str, task: Task, **_: object) -> None:
        if task.app is self._celery:
            self._begun[task_id] = monotonic()

    def _end(self, task_id: str, task: Task, state: str, retval: object, **_: object) -> None:
        begun = self._begun.pop(task_id, None)
        if begun is not None:
            outcome = _outcome(state, retval)
            self._note(task, task_id, outcome, round((monotonic() - begun) * 1000))

    def _lose(self, sender: Task, task_id: str, **_: object) -> None:
        """Note a run whose process was killed: its worker tells of it, where it did not begin."""
        if sender.app is self._celery and task_id not in self._begun:
            self._note(sender, task_id, RunOutcome.CRASHED, None)

    def _note(self, task: Task, task_id: str, outcome: RunOutcome, ms: int | None) -> None:
        now = utcnow()
        request = task.request
        rung_at = request.get(RUNG_AT)
        log.info(
            "task_ran",
            task=task.name,
            task_id=task_id,
            ids=[each for each in request.args or () if isinstance(each, int)],
            outcome=outcome,
            ms=ms,
            waited_ms=_waited(rung_at, now, ms) if rung_at else None,
        )
        self._count(Run(task.name, outcome, ms, int(now.timestamp())), now)

    def _count(self, run: Run, now: datetime) -> None:
        if monotonic() < self._silent_until:
            return
        try:
            self._runs.append(hour_of(now), json.dumps(asdict(run)) + "\n")
        except OSError as error:
            self._silent_until = monotonic() + SILENCE.total_seconds()
            log.warning("run_not_counted", task=run.task, error=str(error))


@signals.before_task_publish.connect  # type: ignore[untyped-decorator]
def say_when_rung(headers: dict[str, object], **_: object) -> None:
    """Write on a message when it was sent, so that its worker knows how long it waited."""
    headers[RUNG_AT] = utcnow().timestamp()


def _waited(rung_at: float, now: datetime, ms: int | None) -> int:
    """Return how long a task waited, in milliseconds; hosts' clocks may differ a little."""
    return max(round((now.timestamp() - rung_at) * 1000) - (ms or 0), 0)


def _outcome(state: str, result: object) -> RunOutcome:
    if state == states.SUCCESS:
        return RunOutcome.DONE
    if state == states.RETRY:
        return RunOutcome.RETRIED
    return RunOutcome.REFUSED if isinstance(result, Refusal) else RunOutcome.CRASHED


def figures_of_a_day(runs: RunLog, now: datetime) -> list[TaskFigures] | None:
    """Return the figures of each task that ran in the last day, by name; None: they are away."""
    try:
        text = runs.read(hours_of_a_day(now))
    except OSError as error:
        log.warning("runs_not_read", error=str(error))
        return None
    since = (now - DAY).timestamp()
    by_task: dict[str, list[Run]] = defaultdict(list)
    for run in _read(text.splitlines()):
        if run.at >= since:
            by_task[run.task].append(run)
    return [_figures(task, by_task[task], now) for task in sorted(by_task)]


def _read(lines: Iterable[str]) -> Iterable[Run]:
    """Yield the runs on *lines*; one that is not whole is none."""
    for line in lines:
        try:
            facts = json.loads(line)
            yield Run(facts["task"], RunOutcome(facts["outcome"]), facts["ms"], facts["at"])
        except (ValueError, TypeError, LookupError):
            continue


def _figures(task: str, runs: list[Run], now: datetime) -> TaskFigures:
    times = [run.ms for run in runs if run.ms is not None]
    return TaskFigures(
        task=task,
        counts=Counter(run.outcome for run in runs),
        median_ms=round(median(times)) if times else None,
        longest_ms=max(times, default=None),
        last_at=datetime.fromtimestamp(max(run.at for run in runs), tz=now.tzinfo),
    )
