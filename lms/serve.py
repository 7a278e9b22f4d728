"""The supervisor: the web server, workers by what they may wait for, and beat, ended together.

What ends by itself is started again, for as long as it takes; nothing else ends for it.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

from lms.config import Settings
from lms.core.logs import stderr
from lms.forking import Run, fork
from lms.place import CannotStart

PATIENCE = 30
"""Seconds the web server may take to answer for the first time."""

MERCY = {"embedded": 8, "service": 35}
"""Seconds a process has to end by itself before it is killed; a task of a worker has 30."""

PAUSES = (1, 2, 4, 8, 16, 32)
"""Seconds before a process is started again, the first time it ended by itself and so on."""

LATELY = 300
"""Seconds after which an end by itself no longer counts."""


class _Ended(Exception):
    """Somebody asked the supervisor to end."""


def serve(settings: Settings, parts: Mapping[str, Run], announce: Callable[[], None]) -> None:
    """Run each of *parts*, the web server first, until Ctrl-C, or the terminal closes.

    *announce* is called once the web server answers.

    Raises:
        CannotStart: the web server does not answer a first time; the sentence names the log.
    """
    for number in _endings():
        signal.signal(number, _end)
    try:
        with _all_running(settings, parts) as processes:
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


class _Process:
    """One process of the service, with what it said in a log and a session of its own."""

    def __init__(self, settings: Settings, name: str, run: Run) -> None:
        self.name, self.log = name, _log(settings, name)
        self._run = run
        self._ends: list[float] = []
        self._due: float | None = None
        self.running = self._start()

    def _start(self) -> ForkProcess:
        return fork(self.name, self._run, self.log)

    def has_ended(self) -> bool:
        """Whether it does not run."""
        return self.running.exitcode is not None

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
        _kill(self.running)  # what it has left behind, if anything
        self._ends = [end for end in self._ends if end > now - LATELY] + [now]
        stderr().write(f"The {self.name} process ended by itself and is started again.\n")
        return PAUSES[min(len(self._ends), len(PAUSES)) - 1]


@contextmanager
def _all_running(settings: Settings, parts: Mapping[str, Run]) -> Iterator[list[_Process]]:
    """Start all processes, and end all of them however the block ends."""
    processes: list[_Process] = []
    try:
        for name, run in parts.items():
            processes.append(_Process(settings, name, run))
        yield processes
    finally:
        _end_all([process.running for process in processes], MERCY[settings.profile])


def _log(settings: Settings, name: str) -> Path:
    return settings.instance / "logs" / f"{name}.log"


def _end_all(processes: list[ForkProcess], mercy: int) -> None:
    running = [process for process in processes if process.exitcode is None]
    for process in running:
        process.terminate()
    last = time.monotonic() + mercy
    for process in running:
        while process.exitcode is None and time.monotonic() < last:
            time.sleep(0.02)
        _kill(process)  # itself, if it takes too long, and children that it has left
        process.join()


def _kill(process: ForkProcess) -> None:
    """Kill what runs in the session of *process*."""
    if process.pid is not None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)


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
