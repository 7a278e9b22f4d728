"""Tasks; each is safe to run twice, also at the same time."""

import structlog
from celery import shared_task
from sqlalchemy.exc import OperationalError

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Refusal
from lms.jobs import services

log = structlog.get_logger()


@shared_task(name="jobs.run", soft_time_limit=600, time_limit=660)  # type: ignore[untyped-decorator]
def run(job_id: int) -> None:
    """Take the next step of a job. Safe to run twice: only one run can begin a step.

    A step that did its work rings for the one after it, so that a long job keeps nobody waiting.
    """
    with transaction():
        errand = services.begin_step(job_id, now=utcnow())
    if errand is None:
        return
    try:
        errand = services.prepare_step(errand, now=utcnow())
        with transaction():
            services.take_step(errand, now=utcnow())
    except services.Overtaken:
        log.warning("job_step_overtaken", job=job_id, step=errand.step)
    except OperationalError:  # a lock, a connection: what ails the database may pass
        with transaction():
            services.give_back(errand, now=utcnow())
        raise
    except Exception as error:
        why = error.message if isinstance(error, Refusal) else services.BROKE
        with transaction():
            services.give_up(errand, why, now=utcnow())
        raise


@shared_task(name="jobs.sweep")  # type: ignore[untyped-decorator]
def sweep() -> None:
    """Find what a lost bell or a dead worker left, and what is too old. Safe to run twice."""
    with transaction():
        services.sweep(now=utcnow())
