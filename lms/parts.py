"""What each process of the service does, with the application that they share."""

import importlib
import socket
import sys
from collections.abc import Mapping
from functools import partial

from celery import Celery
from flask import Flask
from sqlalchemy.orm import configure_mappers

from lms.config import Settings
from lms.forking import Run
from lms.place import why_not_listening
from lms.ringing import ring
from lms.web_server import serve_web
from lms.workers import WORKERS, Worker

LOADED_BY_WORKERS = (
    "celery.apps.worker",
    "celery.concurrency.prefork",
    "celery.worker.consumer",
    "cffi.cparser",  # by which those who carry out tasks ask to end with their worker
)
"""Most of what Celery loads only as a worker begins: in each of them, unless it is shared."""


def parts_of(app: Flask, settings: Settings) -> Mapping[str, Run]:
    """Return what the processes do, by their names, and load what several of them need."""
    celery: Celery = app.extensions["celery"]
    configure_mappers()
    celery.finalize()
    celery.connection_for_read().get_transport_cls()
    for module in LOADED_BY_WORKERS:
        importlib.import_module(module)
    workers = {
        name: partial(work, celery, name, worker, worker.processes(settings.profile))
        for name, worker in WORKERS.items()
    }
    return {"web": partial(answer, app, settings), **workers, "beat": partial(ring, celery)}


def answer(app: Flask, settings: Settings) -> None:
    """Answer requests, until this process is asked to end."""
    try:
        serve_web(app, settings)
    except OSError as error:
        sys.exit(f"Error: {why_not_listening(settings, error)}")


def work(celery: Celery, name: str, worker: Worker, at_once: int) -> None:
    """Carry out the tasks of the queues of *worker*, so many at once."""
    carrier = celery.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=worker.queues,
        concurrency=at_once,
        loglevel="WARNING",
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    carrier.start()
    sys.exit(carrier.exitcode)
