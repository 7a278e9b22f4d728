"""Celery: the doorbell. The row is the queue, so a lost ring costs at most one sweep."""

from functools import partial
from time import monotonic
from typing import Any

import structlog
from celery import Celery, Task, current_app, signals
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import after_commit, be_patient, db, transaction
from lms.core.run_figures import RunCounter
from lms.core.run_log import RunLog
from lms.core.sweeps import note_sweep

log = structlog.get_logger()

SILENCE = 10.0
"""Seconds for which nothing is published after the broker failed: saves must not each wait."""


PATIENT = "slow"
"""The queue whose tasks may take long over a statement."""


class _Breaker:
    """Keeps a broken broker from delaying one request after another.

    Once the silence is over one ring tries, while the others keep silent on.
    """

    def __init__(self) -> None:
        self.closed_until: float | None = None

    def publish(self, name: str, args: tuple[int | str, ...]) -> None:
        now = monotonic()
        if self.closed_until is not None:
            if now < self.closed_until:
                return
            self.closed_until = now + SILENCE
        try:
            current_app.send_task(name, args=args)
        except Exception as error:
            self.closed_until = now + SILENCE
            log.warning("broker_away", task=name, args=args, error=type(error).__name__)
        else:
            self.closed_until = None


breaker = _Breaker()


def enqueue(name: str, *args: int | str) -> None:
    """Ring for task *name* after the commit. Never raises for the broker.

    *args* say which rows are meant, and nothing of what is in them.
    """
    after_commit(partial(breaker.publish, name, args))


def init_doorbell(app: Flask, settings: dict[str, Any], runs: RunLog) -> Celery:
    """Return the Celery application of *app*; its tasks run inside an app context.

    What became of each run is noted in *runs*.
    """

    class ContextTask(Task):  # type: ignore[misc]
        def __call__(self, *args: object, **kwargs: object) -> object:
            with app.app_context():
                if celery.amqp.router.route({}, self.name)["queue"].name == PATIENT:
                    be_patient()
                structlog.contextvars.bind_contextvars(task=self.name, task_id=self.request.id)
                try:
                    result = self.run(*args, **kwargs)
                    if self.name in settings["beat_schedule"]:
                        with transaction():
                            note_sweep(self.name, now=utcnow())
                    return result
                finally:
                    structlog.contextvars.clear_contextvars()

    celery = Celery(app.import_name, task_cls=ContextTask)
    celery.conf.update(settings)
    celery.set_default()
    app.extensions["celery"] = celery
    app.extensions["runs"] = runs
    RunCounter(celery, runs)

    @signals.worker_process_init.connect(weak=False)  # type: ignore[untyped-decorator]
    def forget_connections(**_: object) -> None:
        with app.app_context():
            db.engine.dispose(close=False)

    return celery
