"""Where every process notes the runs of tasks: a text an hour, beside what the broker keeps.

It may be lost with the broker. It is bounded: no text grows once it is `MOST` long, none is kept
longer than a day.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol, cast

import redis

MOST = 1_000_000
"""How many bytes of an hour are kept: about ten thousand runs."""

HOURS = 25
"""How many hours are kept: the one that runs, and a day."""

TIMEOUT = 0.5
"""Seconds that Redis may take to answer."""


def hours_of_a_day(now: datetime) -> list[str]:
    """Return the names of the hours that are kept at *now*, the oldest first."""
    return [hour_of(now - timedelta(hours=back)) for back in reversed(range(HOURS))]


def hour_of(moment: datetime) -> str:
    """Return the name of an hour, in UTC: "2026-11-25T15"."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H}"


class RunLog(Protocol):
    """A text for each hour, to which any number of processes append lines."""

    def append(self, hour: str, line: str) -> bool:
        """Append *line*; False: the text of *hour* is full.

        Raises:
            OSError: the place cannot be reached.
        """

    def read(self, hours: Iterable[str]) -> str:
        """Return the texts of *hours*, one after the other.

        Raises:
            OSError: the place cannot be reached.
        """


class FileRunLog:
    """The embedded profile's: files in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def append(self, hour: str, line: str) -> bool:
        """See `RunLog`. One write to a file opened for appending is never mixed with another."""
        path = self.folder / f"{hour}.log"
        if not path.exists():
            self._begin()
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fits = os.fstat(handle).st_size < MOST
            if fits:
                os.write(handle, line.encode())
        finally:
            os.close(handle)
        return fits

    def _begin(self) -> None:
        """Make room for the text of another hour."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in sorted(self.folder.glob("*.log"))[: 1 - HOURS]:
            old.unlink(missing_ok=True)

    def read(self, hours: Iterable[str]) -> str:
        """See `RunLog`."""
        paths = (self.folder / f"{hour}.log" for hour in hours)
        return "".join(path.read_text(errors="replace") for path in paths if path.exists())


class RedisRunLog:
    """The service profile's: strings in Redis, which go by themselves."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT
        )
        self._full = ""

    def append(self, hour: str, line: str) -> bool:
        """See `RunLog`. Each process may append one line more than fit."""
        if hour == self._full:
            return False
        with _reaching(), self._redis.pipeline(transaction=False) as together:
            together.append(_key(hour), line)
            together.expire(_key(hour), timedelta(hours=HOURS))
            length, _ = together.execute()
        if length >= MOST:
            self._full = hour
        return True

    def read(self, hours: Iterable[str]) -> str:
        """See `RunLog`."""
        with _reaching():
            texts = cast(list[bytes | None], self._redis.mget([_key(hour) for hour in hours]))
        return "".join(text.decode(errors="replace") for text in texts if text)


def _key(hour: str) -> str:
    return f"rounds:runs:{hour}"


@contextmanager
def _reaching() -> Iterator[None]:
    """Say of Redis what is said of a disk."""
    try:
        yield
    except redis.RedisError as error:
        raise OSError(type(error).__name__) from error


def run_log(redis_url: str, folder: Path) -> RunLog:
    """Return the place for runs that goes with a broker: Redis, or else *folder*."""
    return RedisRunLog(redis_url) if redis_url else FileRunLog(folder)
