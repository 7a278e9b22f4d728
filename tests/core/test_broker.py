"""The folder of files that is the broker: what is not whole in it stops nobody."""

import json
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import pytest
from celery import Celery
from kombu.exceptions import ChannelError
from kombu.simple import SimpleQueue

from lms.config import Settings

OTHER = {"properties": {"delivery_tag": "1", "body_encoding": "rot13"}, "body": "x"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "broker"


@pytest.fixture
def queue(tmp_path: Path, folder: Path) -> Iterator[SimpleQueue]:
    """A queue in the folder, set up as for workers and the web."""
    celery = Celery("test", set_as_current=False)
    celery.conf.update(Settings(instance=tmp_path).celery())
    with celery.connection() as connection:
        connection.transport.state.clear()  # kombu keeps it for the whole process
        with connection.SimpleQueue("grading") as queue:
            yield queue


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file get longer than ten bytes: none of the process, so only for a moment."""
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b'{"body": "W1sxXSwg', id="cut off"),
        pytest.param(b"\xff\xfe", id="no text"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b"{}", id="without properties"),
        pytest.param(b'{"properties": 1}', id="with a number as properties"),
        pytest.param(json.dumps(OTHER).encode(), id="in another encoding"),
    ],
)
def test_a_message_that_is_not_whole_is_passed_over(
    queue: SimpleQueue, folder: Path, content: bytes
) -> None:
    queue.put({"id": 41})
    (folder / "0_first.grading.msg").write_bytes(content)

    assert queue.get(timeout=5).payload == {"id": 41}

    assert list(folder.glob("*.msg")) == []


@pytest.mark.parametrize("content", ["", '[["gra', "7"])
def test_a_table_of_queues_that_is_not_whole_is_written_anew(
    queue: SimpleQueue, folder: Path, content: str
) -> None:
    table = folder / "control" / "grading.exchange"
    before = table.read_text()
    table.write_text(content)

    queue.channel.connection.state.clear()  # as in a process that starts now
    with queue.channel.connection.client.SimpleQueue("grading") as again:
        again.put({"id": 41})
        assert again.get(timeout=5).payload == {"id": 41}

    assert table.read_text() == before


def test_what_a_full_disk_cuts_off_is_never_seen(queue: SimpleQueue, folder: Path) -> None:
    with pytest.raises(ChannelError), full_disk():
        queue.put({"id": 41})

    assert [path for path in folder.iterdir() if path.is_file()] == []


def test_the_folder_is_read_again_only_once_it_has_changed(
    queue: SimpleQueue, folder: Path
) -> None:
    long_ago = 1_000_000_000 * 10**9
    os.utime(folder, ns=(long_ago, long_ago))
    assert_empty(queue)

    queue.put({"id": 41})
    os.utime(folder, ns=(long_ago, long_ago))
    assert_empty(queue)

    (folder / "touched").touch()
    assert queue.get_nowait().payload == {"id": 41}


def test_what_comes_in_the_same_moment_as_a_look_is_found(queue: SimpleQueue, folder: Path) -> None:
    (folder / "touched").touch()
    moment = folder.stat().st_mtime_ns
    assert_empty(queue)

    queue.put({"id": 41})
    os.utime(folder, ns=(moment, moment))

    assert queue.get_nowait().payload == {"id": 41}


def assert_empty(queue: SimpleQueue) -> None:
    with pytest.raises(Empty):
        queue.get_nowait()
