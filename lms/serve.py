"""The embedded profile's supervisor: one web server, one worker, one beat, ended together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from lms.config import QUEUES, Settings

PATIENCE = 30
"""Seconds the web server may take to answer for the first time."""

MERCY = 8
"""Seconds a process has to end by itself before it is killed."""

PR_SET_PDEATHSIG = 1
"""The number of `prctl` that asks Linux for a signal at the parent's death."""


class CannotStart(Exception):
    """Why the service does not start, in one sentence."""


class _Ended(Exception):
    """Somebody asked the supervisor to end."""


def check_place(settings: Settings) -> None:
    """Make sure that the service can keep its files and listen.

    Raises:
        CannotStart: the instance folder cannot be written, or the port is taken.
    """
    try:
        (settings.instance / "logs").mkdir(parents=True, exist_ok=True)
        probe = settings.instance / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"The folder {settings.instance} cannot be written; make it writable, "
            "or set LMS_INSTANCE to another folder."
        ) from error
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(
                f"Port {settings.port} is taken; end what uses it, "
                f"or take another: PORT={settings.port + 1} make run"
            ) from error


def serve(settings: Settings, announce: Callable[[], None]) -> None:
    """Run web, worker and beat until one of them ends, Ctrl-C, or the terminal closes.

    *announce* is called once the web server answers.

    Raises:
        CannotStart: a process ended by itself; the sentence names its log.
    """
    for number in _endings():
        signal.signal(number, _end)
    try:
        with _all_running(settings) as processes:
            _wait_for_web(settings, processes)
            announce()
            while True:
                _check_alive(settings, processes)
                time.sleep(0.5)
    except _Ended:
        return


def _endings() -> list[signal.Signals]:
    """Return the signals that end the service; under `nohup` a closed terminal does not."""
    hung_up = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hung_up else [])]


def _end(_signal: int, _frame: FrameType | None) -> None:
    for number in _endings():
        signal.signal(number, signal.SIG_IGN)
    raise _Ended


def _ending_with_us() -> Callable[[], None] | None:
    """Return what a new process calls so that it ends even if we are killed; Linux only."""
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:  # we died before it could ask
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


def _commands(settings: Settings) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "-A", "celery_worker"]
    return {
        "web": [
            *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8"),
            *("--graceful-timeout", "5", "--bind", f"{settings.host}:{settings.port}"),
            "wsgi:app",
        ],
        "worker": [
            *(*celery, "worker", "--queues", ",".join(QUEUES), "--concurrency", "1"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel", "WARNING"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "WARNING"),
            *("--schedule", str(settings.instance / "beat-schedule")),
            *("--pidfile", ""),
        ],
    }


Processes = dict[str, subprocess.Popen[bytes]]


@contextmanager
def _all_running(settings: Settings) -> Iterator[Processes]:
    """Start all processes, and end all of them however the block ends."""
    with ExitStack() as files:
        processes: Processes = {}
        try:
            for name, command in _commands(settings).items():
                log = files.enter_context(_log(settings, name).open("ab"))
                processes[name] = subprocess.Popen(  # noqa: S603
                    command,
                    cwd=Path(__file__).resolve().parent.parent,
                    env=os.environ | {"LMS_INSTANCE": str(settings.instance)},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_ending_with_us(),  # noqa: PLW1509 - we have one thread
                )
            yield processes
        finally:
            _end_all(processes)


def _log(settings: Settings, name: str) -> Path:
    return settings.instance / "logs" / f"{name}.log"


def _end_all(processes: Processes) -> None:
    running = [process for process in processes.values() if process.poll() is None]
    for process in running:
        process.terminate()
    last = time.monotonic() + MERCY
    for process in running:
        try:
            process.wait(max(last - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for_web(settings: Settings, processes: Processes) -> None:
    address = f"http://{settings.host}:{settings.port}/healthz"
    directly = build_opener(ProxyHandler({}))  # a proxy does not know this machine's loopback
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        _check_alive(settings, processes)
        try:
            with directly.open(address, timeout=1):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"The web server does not answer; see {_log(settings, 'web')}.")


def _check_alive(settings: Settings, processes: Processes) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise CannotStart(
                f"The {name} process ended by itself, so everything was ended; "
                f"see {_log(settings, name)}."
            )
