"""Whose turn it is to write to a SQLite file: first come, first served, one after the other.

SQLite itself has writers look again blindly, with ever longer pauses, so that who came late is
served early and others wait for a second. Here the threads of a process stand in line, and who
is at its head takes turns with other processes by locks on a file beside the database, which end
with the process that holds them. What is written is guarded by SQLite's own lock as ever; where
that file cannot be locked, processes wait for it alone.
"""

import fcntl
import os
from collections import deque
from contextlib import suppress
from threading import Lock, RLock
from time import monotonic, sleep

PATIENCE = 20.0
"""Seconds after which a turn has not come."""

SUFFIX = "-turns"
"""What the file that is locked has behind the name of the database."""

_WRITES, _IS_NEXT = 0, 1
"""The bytes that are locked: by who writes, and by who waits for that one alone."""

_PAUSE, _LONGEST_PAUSE = 0.0005, 0.005
"""Seconds between looks at what another process holds, at first and at most."""


class NoTurn(Exception):
    """Others have written for too long."""


class WriteTurn:
    """The turn of one who wants to write to the database in the file *path*."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._line = _lines.setdefault(os.path.realpath(path), _Line())
        self._gate = Lock()
        self._file: int | None = None

    def wait(self) -> None:
        """Return once it has come. Whatever becomes of that, it is to be ended.

        Raises:
            NoTurn: it has not come in time.
        """
        until = monotonic() + PATIENCE
        self._line.join(self._gate)
        if not self._gate.acquire(timeout=PATIENCE):
            raise NoTurn
        with suppress(OSError):
            self._file = os.open(self._path + SUFFIX, os.O_RDWR | os.O_CREAT, 0o600)
            _lock(self._file, _IS_NEXT, until)  # so that who writes again and again lets us in
            _lock(self._file, _WRITES, until)
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _IS_NEXT)

    def end(self) -> None:
        """Let the next one write."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)
        self._line.leave(self._gate)


class _Line:
    """The threads of this process that want to write to a file, in the order in which they came."""

    def __init__(self) -> None:
        # A connection may be given back by the garbage collector, anywhere in a thread.
        self._mutex = RLock()
        self._head: Lock | None = None
        self._waiting: deque[Lock] = deque()

    def join(self, gate: Lock) -> None:
        """Stand at the end; *gate* is open to who is at the head."""
        gate.acquire()
        with self._mutex:
            self._waiting.append(gate)
            self._move_up()

    def leave(self, gate: Lock) -> None:
        """Leave from wherever that is; the next one moves up."""
        with self._mutex:
            if gate in self._waiting:
                self._waiting.remove(gate)
            if gate is self._head:
                self._head = None
            self._move_up()

    def _move_up(self) -> None:
        if self._head is None and self._waiting:
            self._head = self._waiting.popleft()
            self._head.release()


_lines: dict[str, _Line] = {}

os.register_at_fork(after_in_child=_lines.clear)  # who stood in line does so in the parent


def _lock(file: int, byte: int, until: float) -> None:
    """Lock a byte, for this process alone: a child that it forks inherits no such lock."""
    pause = _PAUSE
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            break
        except (BlockingIOError, PermissionError):
            if monotonic() > until:
                raise NoTurn from None
        sleep(pause)
        pause = min(1.2 * pause, _LONGEST_PAUSE)
