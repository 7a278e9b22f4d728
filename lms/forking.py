"""Processes that share what is loaded: forked from the one that loaded it, and ended with it.

What each changes is its own from then on. Who forks has one thread, and no connection.
"""

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextvars import Context
from multiprocessing.context import ForkProcess
from pathlib import Path

from lms.core.logs import let_stderr_be

PR_SET_PDEATHSIG = 1
"""The number of `prctl` that asks Linux for a signal at the parent's death."""

PR_SET_NAME = 15
"""The number of `prctl` that names a process, as `top` and `ps -e` show it."""

ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
"""Signals that end the service; who forks may wait for them in another way than who is forked."""


Run = Callable[[], object]
"""What a process carries out, from its beginning to its end."""


def share_memory() -> None:
    """Leave alone what is in memory, so that it stays common to all that are forked from now on."""
    gc.collect()
    gc.freeze()


def fork(name: str, run: Run, told_in: Path | None = None) -> ForkProcess:
    """Have *run* be carried out by a process of its own, which ends with this one (on Linux).

    With *told_in*, what it says stands in that file, and it has a session of its own.

    Raises:
        OSError: no memory, no room on the disk, no file.
    """
    process = multiprocessing.get_context("fork").Process(
        name=name, target=_begin, args=(name, os.getpid(), told_in, run)
    )
    if told_in is not None:
        told_in.touch()
    kept = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, kept)
    return process


def _begin(name: str, parent: int, told_in: Path | None, run: Run) -> None:
    for number in ENDINGS:
        if signal.getsignal(number) != signal.SIG_IGN:  # as under `nohup`
            by_itself = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
            signal.signal(number, by_itself)
    if told_in is not None:
        os.setsid()
        _say_in(told_in)
    if sys.platform == "linux":
        _be_known(f"lms {name}", parent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDINGS)
    Context().run(run)


def _say_in(path: Path) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    let_stderr_be(file)
    os.close(file)


def _be_known(name: str, parent: int) -> None:
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_NAME, name.encode())
    prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:  # it died before we could ask
        os.kill(os.getpid(), signal.SIGTERM)
