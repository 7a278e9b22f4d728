"""The embedded profile's broker: kombu's folder of files, some of which may not be whole."""

import os
from pathlib import Path
from queue import Empty
from time import monotonic, time_ns
from typing import Any
from uuid import uuid4

import structlog
from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

log = structlog.get_logger()

TICK = 1_000_000_000
"""Nanoseconds after which another change of a folder surely has another time."""


class Channel(filesystem.Channel):  # type: ignore[misc]
    """Writes each file whole or not at all, and passes over one that cannot be read.

    It is asked for messages many times a second, and reads the folder only if that has changed
    since it held none.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._empty_since: dict[str, int] = {}

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        """Note a binding in the table of *exchange*; a broken table is written anew."""
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        try:
            table = self.get_table(exchange)
        except (ValueError, TypeError):
            log.warning("broken_exchange", exchange=exchange)
            table = []
        if bound not in table:
            self.control_folder.mkdir(exist_ok=True)
            _write(self._exchange_file(exchange), [bound, *table])

    def _put(self, queue: str, payload: dict[str, Any], **_: object) -> None:
        name = f"{int(monotonic() * 1000)}_{uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str) -> dict[str, Any]:
        """Return the next message; kombu has moved away by then what cannot be read."""
        changed = os.stat(self.data_folder_in).st_mtime_ns
        if self._empty_since.get(queue) == changed:
            raise Empty
        try:
            return self._next(queue)
        except Empty:
            if time_ns() - changed > TICK:
                self._empty_since[queue] = changed
            raise

    def _next(self, queue: str) -> dict[str, Any]:
        while True:
            try:
                payload: dict[str, Any] = super()._get(queue)
                self.Message(payload, channel=self)
            except (ValueError, TypeError, LookupError, AttributeError) as error:
                log.warning("broken_message", queue=queue, error=type(error).__name__)
            else:
                return payload


def _write(path: Path, content: object) -> None:
    draft = path.with_name(f"{uuid4()}.draft")
    try:
        draft.write_text(dumps(content), encoding="utf-8")
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ChannelError(f"{path} cannot be written") from error


class FileTransport(filesystem.Transport):  # type: ignore[misc]
    """kombu's, with the channel above."""

    Channel = Channel
