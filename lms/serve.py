"""The supervisor: the web server, workers by what they may wait for, and beat, ended together.

What ends by itself is started again, for as long as it takes; nothing else ends for it.
"""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from lms.config import Settings
from lms.core.logs import stderr
from lms.private_files import SharedFolder, close_to_others
from lms.workers import WORKERS

PATIENCE = 30
"""Seconds the web server may take to answer for the first time."""

MERCY = {"embedded": 8, "service": 35}
"""Seconds a process has to end by itself before it is killed; a task of a worker has 30."""

PAUSES = (1, 2, 4, 8, 16, 32)
"""Seconds before a process is started again, the first time it ended by itself and so on."""

LATELY = 300
"""Seconds after which an end by itself no longer counts."""

PR_SET_PDEATHSIG = 1
"""The number of `prctl` that asks Linux for a signal at the parent's death."""


class CannotStart(Exception):
    """Why the service does not start, in one sentence."""


class _Ended(Exception):
    """Somebody asked the supervisor to end."""


def check_place(settings: Settings) -> None:
    """Make sure that the service can keep its files to itself, and listen.

    Raises:
        CannotStart: the instance folder cannot be written or is others' too, or it cannot listen
            there.
    """
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        close_to_others(settings.instance)
        (settings.instance / "logs").mkdir(exist_ok=True)
        probe = settings.instance / ".writable"
        probe.touch()
        probe.unlink()
    except SharedFolder as error:
        raise CannotStart(
            f"The folder {settings.instance} is not this account's alone, so others could read "
            "what is kept there; set LMS_INSTANCE to a folder of its own."
        ) from error
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
            raise CannotStart(why_not_listening(settings, error)) from error


def why_not_listening(settings: Settings, error: OSError) -> str:
    """Say what *error* means for an operator who wanted to listen."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is taken; end what uses it, "
            f"or take another: PORT={settings.port + 1} make run"
        )
    if error.errno == errno.EACCES:
        return f"Port {settings.port} is not for this account; take another: PORT=8000 make run"
    return f"This machine has no address {settings.host} to listen at; set LMS_HOST to 127.0.0.1."


def serve(settings: Settings, announce: Callable[[], None]) -> None:
    """Run web, workers and beat until Ctrl-C, or the terminal closes.

    *announce* is called once the web server answers.

    Raises:
        CannotStart: the web server does not answer a first time; the sentence names the log.
    """
    for number in _endings():
        signal.signal(number, _end)
    try:
        with _all_running(settings) as processes:
            _wait_for_web(settings, processes)
            with suppress(OSError):  # nobody listens any more
                announce()
            while True:
                _keep_running(processes)
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
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "celery_worker"]
    workers = {
        name: [
            *(*celery, "worker", "--hostname", f"{name}@%h", "--queues", ",".join(worker.queues)),
            *("--concurrency", str(worker.processes(settings.profile))),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            *("--loglevel", "WARNING"),
        ]
        for name, worker in WORKERS.items()
    }
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile", ""]
    return {"web": [sys.executable, "-m", "lms.cli", "web"], **workers, "beat": beat}


class _Process:
    """One process of the service, with what it said in a log and a session of its own."""

    def __init__(self, settings: Settings, name: str, command: list[str]) -> None:
        self.name, self.log = name, _log(settings, name)
        self._command = command
        self._environment = os.environ | {"LMS_INSTANCE": str(settings.instance)}
        if (
            settings.profile == "service"
        ):  # workers end their tasks, but not for as long as it takes
            self._environment["REMAP_SIGTERM"] = "SIGQUIT"
        self._ends: list[float] = []
        self._due: float | None = None
        self.running = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                self._command,
                cwd=Path(__file__).resolve().parent.parent,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_ending_with_us(),  # noqa: PLW1509 - we have one thread
            )

    def has_ended(self) -> bool:
        """Whether it does not run."""
        return self.running.poll() is not None

    def keep_running(self) -> None:
        """If it has ended by itself, start it again after a pause; another if that fails."""
        if not self.has_ended():
            return
        now = time.monotonic()
        if self._due is None:
            self._due = now + self._pause(now)
        elif now >= self._due:
            try:
                self.running, self._due = self._start(), None
            except OSError as error:  # no memory, no room on the disk, no file
                self._due = now + PAUSES[-1]
                stderr().write(f"The {self.name} process cannot be started yet: {error}.\n")

    def _pause(self, now: float) -> int:
        with suppress(OSError):  # what it has left behind, if anything
            os.killpg(self.running.pid, signal.SIGKILL)
        self._ends = [end for end in self._ends if end > now - LATELY] + [now]
        stderr().write(f"The {self.name} process ended by itself and is started again.\n")
        return PAUSES[min(len(self._ends), len(PAUSES)) - 1]


@contextmanager
def _all_running(settings: Settings) -> Iterator[list[_Process]]:
    """Start all processes, and end all of them however the block ends."""
    processes: list[_Process] = []
    try:
        for name, command in _commands(settings).items():
            processes.append(_Process(settings, name, command))
        yield processes
    finally:
        _end_all([process.running for process in processes], MERCY[settings.profile])


def _log(settings: Settings, name: str) -> Path:
    return settings.instance / "logs" / f"{name}.log"


def _end_all(processes: list[subprocess.Popen[bytes]], mercy: int) -> None:
    running = [process for process in processes if process.poll() is None]
    for process in running:
        process.terminate()
    last = time.monotonic() + mercy
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(last - time.monotonic(), 0.1))
        with suppress(OSError):  # itself, if it takes too long, and children that it has left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for_web(settings: Settings, processes: list[_Process]) -> None:
    address = f"http://{settings.host}:{settings.port}/healthz"
    directly = build_opener(ProxyHandler({}))  # a proxy does not know this machine's loopback
    web, *others = processes
    last = time.monotonic() + PATIENCE
    while time.monotonic() < last:
        _keep_running(others)
        if web.has_ended():
            raise CannotStart(f"The web process ended by itself; see {web.log}.")
        try:
            with directly.open(address, timeout=1):
                return
        except HTTPError:  # it answers, though not to this machine's own name
            return
        except (URLError, OSError):
            time.sleep(0.1)
    raise CannotStart(f"The web server does not answer; see {web.log}.")


def _keep_running(processes: list[_Process]) -> None:
    for process in processes:
        process.keep_running()
