"""The workers that carry out tasks, their queues, and the one table of scheduled tasks."""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Profile = Literal["embedded", "service"]


@dataclass(frozen=True)
class Worker:
    """A worker that the supervisor starts: its queues, and how many tasks it runs at once.

    `at_once`: None is as many as there are processors; embedded: two where tasks wait for others.
    """

    queues: tuple[str, ...]
    at_once: int | None
    embedded: int

    def processes(self, profile: Profile) -> int:
        """Return how many tasks it runs at once in *profile*."""
        return self.embedded if profile == "embedded" else self.at_once or os.cpu_count() or 1


WORKERS = {
    "worker": Worker(("grading", "reports"), None, 1),
    "mail": Worker(("mail",), 4, 2),
    "jobs": Worker(("slow",), 2, 1),
}
"""What may wait for a mail server or work for minutes shares no worker with grading."""

QUEUES = tuple(queue for worker in WORKERS.values() for queue in worker.queues)

SCHEDULE: dict[str, timedelta] = {
    "attempts.sweep": timedelta(seconds=20),
    "mail.sweep": timedelta(seconds=60),
    "jobs.sweep": timedelta(seconds=60),
    "mentoring.send_due_digests": timedelta(seconds=60),
    "mentoring.settle_goals": timedelta(minutes=5),
    "mentoring.nudge": timedelta(minutes=10),
    "mentoring.forget_printouts": timedelta(hours=1),
    "mentoring.tell_handovers": timedelta(minutes=10),
    "operations.clear_old_links": timedelta(seconds=60),
    "operations.refresh_statistics": timedelta(minutes=10),
    "signin.answer_resets": timedelta(seconds=60),
    "signin.forget_old": timedelta(hours=1),
    "authoring.forget_visits": timedelta(hours=1),
    "authoring.remind": timedelta(minutes=10),
    "supervision.remind": timedelta(minutes=5),
}
"""Which task beat rings, and how often. Each is safe to run twice at once."""

ROUTES = {
    "attempts.*": {"queue": "grading"},
    "mail.*": {"queue": "mail"},
    "mentoring.*": {"queue": "reports"},
    "signin.*": {"queue": "mail"},
    **{f"{of}.*": {"queue": "slow"} for of in ("authoring", "jobs", "operations", "supervision")},
}
