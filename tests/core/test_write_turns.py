"""Writers to a SQLite file come one after the other, whichever process they are in."""

# ruff: noqa: PT012 - what is tested is a block that breaks

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pytest
from sqlalchemy.exc import OperationalError, PendingRollbackError

from lms.core import write_turns
from lms.core.db import db, transaction
from lms.core.write_turns import NoTurn, WriteTurn
from tests.factories import make_track
from tests.services import wait_for

HOLDER = """
import sys
from lms.core.write_turns import WriteTurn
turn = WriteTurn(sys.argv[1])
turn.wait()
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Where a database might be."""
    return str(tmp_path / "rounds.sqlite")


@contextmanager
def held(path: str) -> Iterator[None]:
    turn = WriteTurn(path)
    try:
        turn.wait()
        yield
    finally:
        turn.end()


@pytest.fixture
def another_process(path: str) -> Iterator[subprocess.Popen[str]]:
    """A process whose turn it is, until its input ends."""
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write_turns, "PATIENCE", 0.1)


def test_threads_come_in_the_order_in_which_they_asked(path: str) -> None:
    came: list[int] = []

    def come(number: int) -> None:
        with held(path):
            came.append(number)

    with ThreadPoolExecutor(8) as pool, held(path):
        for number in range(8):
            pool.submit(come, number)
            wait_for(lambda n=number: waiting(path) == n + 1, "the next to stand in line", 20)
        assert came == []

    assert came == list(range(8))


def waiting(path: str) -> int:
    return len(write_turns._lines[path]._waiting)


@pytest.mark.usefixtures("another_process", "impatient")
def test_one_of_another_process_is_waited_for_but_not_for_ever(path: str) -> None:
    with pytest.raises(NoTurn), held(path):
        pass


def test_what_a_process_held_that_was_killed_goes_to_the_next(
    path: str, another_process: subprocess.Popen[str]
) -> None:
    with ThreadPoolExecutor(1) as pool:
        came = Event()
        pool.submit(lambda: [come(path, came) for _ in range(2)])
        assert not came.wait(0.2)

        another_process.kill()

        assert came.wait(10)


def come(path: str, came: Event) -> None:
    with held(path):
        came.set()


@pytest.mark.usefixtures("impatient")
def test_who_gave_up_is_passed_over(path: str) -> None:
    with held(path), pytest.raises(NoTurn), held(path):
        pass

    with held(path):
        pass


def test_one_that_is_ended_twice_lets_one_writer_in_and_not_two(path: str) -> None:
    turn = WriteTurn(path)
    turn.wait()
    with ThreadPoolExecutor(2) as pool:
        inside, leave = Event(), Event()

        def stay() -> None:
            with held(path):
                inside.set()
                leave.wait(10)

        pool.submit(stay)
        wait_for(lambda: waiting(path) == 1, "the second", 20)
        later = Event()
        pool.submit(come, path, later)
        wait_for(lambda: waiting(path) == 2, "the third", 20)

        turn.end()
        turn.end()

        assert inside.wait(10)
        assert not later.wait(0.2)
        leave.set()
        assert later.wait(10)


@pytest.mark.usefixtures("impatient")
def test_a_child_of_one_who_writes_waits_for_the_parent_and_holds_nothing_after_it(
    path: str,
) -> None:
    with held(path):
        child, told = forked(path)
        assert told.read(1) == b"w", "the child must not write with the parent"

    with held(path):  # though the child is still there
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def forked(path: str) -> tuple[int, BinaryIO]:
    """Fork a child that wants to write; return its id, and where it says whether it waited."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with held(path):
                os.write(writing, b"n")
        except NoTurn:
            os.write(writing, b"w")
        finally:
            signal.pause()
    os.close(writing)
    return child, os.fdopen(reading, "rb")


def test_where_no_file_can_be_locked_the_threads_still_stand_in_line(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "no such folder" / "rounds.sqlite")

    with held(nowhere):
        pass
    with held(nowhere):
        pass


# In the database


on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@on_sqlite
@pytest.mark.usefixtures("in_app", "impatient")
def test_a_transaction_whose_turn_does_not_come_fails_as_one_on_a_locked_database() -> None:
    with held(str(db.engine.url.database)), pytest.raises(OperationalError), transaction():
        make_track("ipm")

    with transaction():
        make_track("ipm")


@on_sqlite
@pytest.mark.usefixtures("in_app")
def test_a_turn_is_over_after_a_commit_a_failure_and_a_lost_connection() -> None:
    path = str(db.engine.url.database)

    with transaction():
        make_track("ipm")
    assert not is_held(path)

    with pytest.raises(ZeroDivisionError), transaction():
        assert is_held(path)
        raise ZeroDivisionError
    assert not is_held(path)

    with pytest.raises(PendingRollbackError), transaction():
        assert is_held(path)
        db.session.connection().invalidate()
    assert not is_held(path)


def is_held(path: str) -> bool:
    return write_turns._lines[path]._head is not None


@on_sqlite
@pytest.mark.usefixtures("in_app")
def test_who_only_reads_waits_for_nobody() -> None:
    with held(str(db.engine.url.database)):
        assert db.session.scalar(db.select(db.literal(1))) == 1
        db.session.rollback()
