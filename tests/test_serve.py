"""`lms serve` as an operator has it: a fresh folder, a second start, a bad place, Ctrl-C."""

import errno
import hashlib
import json
import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from lms.config import Settings
from lms.core.run_figures import RUNG_AT
from lms.place import why_not_listening
from lms.workers import SCHEDULE
from tests.services import free_port, wait_for
from tests.services.processes import ROOT

pytestmark = pytest.mark.xdist_group("processes")

COMMAND = [sys.executable, "-c", "from lms.cli import main; main()", "serve"]

MOVING = {"sweep", "digest", "quiet_week", "prompt", "notice", "message", "audit_event"}
"""Tables that the scheduled tasks may write to, whatever the start does."""


def _as_from_a_terminal() -> None:
    """Undo what `nohup`, under which tests may run, hands down: a service under it stays."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@dataclass
class Started:
    """One `lms serve` over *instance*."""

    instance: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[str] | None = None
    seen: set[int] = field(default_factory=set)
    """Every process that was ever found under it."""

    def environment(self, **more: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("LMS_") and name != "PORT"
        }
        return kept | {"LMS_INSTANCE": str(self.instance), "PORT": str(self.port)} | more

    def fails(self, **more: str) -> str:
        """Start, and return what it said before it ended with an error."""
        done = subprocess.run(
            COMMAND,
            cwd=ROOT,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stdout == ""
        return done.stderr

    def start(self, **more: str) -> None:
        """Start, and wait until it has said that it runs."""
        self.instance.parent.mkdir(parents=True, exist_ok=True)
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env=self.environment(**more),
                stdout=output,
                stderr=output,
                text=True,
                start_new_session=True,
                preexec_fn=_as_from_a_terminal,  # noqa: PLW1509 - it sets a signal and no more
            )
        wait_for(lambda: "Ctrl-C ends everything." in self.said() or self.ended(), "the start", 60)
        assert "Ctrl-C ends everything." in self.said(), self.said()

    @property
    def output(self) -> Path:
        return self.instance.with_suffix(".txt")

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def family(self) -> list[int]:
        """Return the processes under it, their children too."""
        assert self.process is not None
        found, waiting = [], [self.process.pid]
        while waiting:
            for task in Path(f"/proc/{waiting.pop()}/task").glob("*/children"):
                children = [int(pid) for pid in task.read_text().split()]
                found += children
                waiting += children
        self.seen.update(found)
        return found

    def kill(self) -> None:
        """End all of it, whatever a test left."""
        if self.process is None:
            return
        self.family()
        self.process.kill()
        self.process.wait()
        for pid in filter(lives, self.seen):
            os.kill(pid, signal.SIGKILL)


def lives(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def fingerprint(instance: Path) -> dict[str, str]:
    """Return a hash of every table's rows."""
    with closing(sqlite3.connect(instance / "rounds.sqlite")) as database:
        names = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name not in MOVING
        ]
        return {
            name: hashlib.sha256(
                repr(sorted(map(repr, database.execute(f'SELECT * FROM "{name}"')))).encode()
            ).hexdigest()
            for name in names
        }


def sign_in(service: Started, email: str, password: str) -> str:
    """Return the page that signing in leads to."""
    url = f"http://127.0.0.1:{service.port}"
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with browser.open(f"{url}/sign-in") as page:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert token is not None
    form = {"csrf_token": token[1], "email": email, "password": password}
    with browser.open(f"{url}/sign-in", data=urlencode(form).encode()) as page:
        return str(page.geturl()).removeprefix(url).removesuffix("#top")


def interrupt(service: Started) -> None:
    """Press Ctrl-C, and see to it that everything ends."""
    assert service.process is not None
    family = service.family()
    assert len(family) >= 4, "web server, workers, beat"

    service.process.send_signal(signal.SIGINT)

    assert service.process.wait(20) == 0, service.said()
    wait_for(lambda: [pid for pid in family if lives(pid)] == [], "the end of all", seconds=2)
    assert "Traceback" not in service.said()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", service.port))


@dataclass
class First:
    """What the first start in a folder said, and what it left."""

    instance: Path
    said: str
    homes: dict[str, str]
    kept: dict[str, str]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> First:
    """A first start, at which everybody it names signed in, and which was interrupted."""
    service = Started(tmp_path_factory.mktemp("serve") / "instance")
    try:
        service.start()
        said = service.said()
        people = re.findall(r"^  (\w+) +(\S+@demo\.example) +(\S+)$", said, re.M)
        homes = {role: sign_in(service, email, password) for role, email, password in people}
        interrupt(service)
    finally:
        service.kill()
    said = said.replace(str(service.port), "PORT")
    return First(service.instance, said, homes, fingerprint(service.instance))


@pytest.fixture
def again(first: First) -> Iterator[Started]:
    """A later start in the same folder."""
    service = Started(first.instance)
    service.start()
    yield service
    service.kill()


def test_the_first_start_says_where_it_is_and_who_can_sign_in(first: First) -> None:
    assert first.said.startswith("First start:")
    assert "Pain Rounds is at http://127.0.0.1:PORT\n" in first.said
    assert re.search(
        r"^Mail stays on this machine: http://127.0.0.1:PORT/mailbox/open/[\w-]{27}$",
        first.said,
        re.M,
    )
    assert first.said.endswith("Ctrl-C ends everything.\n")
    assert first.homes == {
        "director": "/cohorts",
        "faculty": "/work",
        "mentor": "/fellows",
        "fellow": "/home",
    }
    passwords = first.instance / "demonstration.txt"
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600


def test_a_later_start_says_the_same_and_changes_no_data(first: First, again: Started) -> None:
    said = again.said().replace(str(again.port), "PORT")

    interrupt(again)

    assert "First start" not in said
    assert said.strip() in first.said
    assert fingerprint(first.instance) == first.kept
    assert len(first.kept) > 15


def test_the_supervisor_has_one_thread_and_no_connection_that_its_children_could_share(
    again: Started,
) -> None:
    assert again.process is not None
    supervisor = Path(f"/proc/{again.process.pid}")

    opened = [os.readlink(each) for each in (supervisor / "fd").iterdir()]

    assert len(list((supervisor / "task").iterdir())) == 1
    assert [each for each in opened if "sqlite" in each or "socket" in each] == []


def open_to_others(folder: Path) -> list[str]:
    """Return what other accounts may do something with, with its mode."""
    return [
        f"{path.name} {stat.filemode(path.lstat().st_mode)}"
        for path in (folder, *folder.rglob("*"))
        if path.exists() and stat.S_IMODE(path.lstat().st_mode) & 0o077
    ]


def test_what_it_keeps_is_its_own_accounts_alone(first: First) -> None:
    kept = {path.name for path in first.instance.rglob("*")}

    assert kept >= {"rounds.sqlite", "secret_key", "demonstration.txt", "web.log", "worker.log"}
    assert any(name.endswith(".log") and name.startswith("20") for name in kept), "runs of tasks"
    assert open_to_others(first.instance) == []
    assert stat.S_IMODE(first.instance.stat().st_mode) == 0o700
    assert stat.S_IMODE((first.instance / "rounds.sqlite").stat().st_mode) == 0o600


def test_what_was_open_to_others_is_closed_at_the_start(first: First) -> None:
    for path in (first.instance, *first.instance.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o666)
    service = Started(first.instance)
    try:
        service.start()
        wait_for((first.instance / "rounds.sqlite-wal").exists, "somebody who writes")
        while_running = open_to_others(first.instance)
    finally:
        service.kill()

    assert while_running == []
    assert stat.S_IMODE(first.instance.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o1777, 0o2775])
def test_a_place_for_others_too_is_refused_and_stays_as_it_is(tmp_path: Path, mode: int) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "minutes.txt").touch(0o664)
    shared.chmod(mode)
    service = Started(shared)

    said = service.fails()

    assert said == (
        f"Error: The folder {shared} is not this account's alone, so others could read what is "
        "kept there; set LMS_INSTANCE to a folder of its own.\n"
    )
    assert stat.S_IMODE(shared.stat().st_mode) == mode
    assert [path.name for path in shared.iterdir()] == ["minutes.txt"]


def part(service: Started, name: str) -> int | None:
    """Return the first process under it that does *name*."""
    return next((pid for pid in service.family() if does(pid, name)), None)


def does(pid: int, name: str) -> bool:
    """Whether the process does, or helps with, what goes by *name*."""
    try:
        return Path(f"/proc/{pid}/comm").read_text() == f"lms {name}\n" and lives(pid)
    except (FileNotFoundError, ProcessLookupError):
        return False


PARTS = ("web", "worker", "mail", "jobs", "beat")
"""The processes of the service, by the names that the system shows."""


@pytest.mark.parametrize("name", PARTS)
def test_what_ends_by_itself_is_started_again_and_the_rest_stays(again: Started, name: str) -> None:
    assert again.process is not None
    kept = {other: part(again, other) for other in PARTS if other != name}
    ended = part(again, name)
    assert ended is not None
    assert None not in kept.values()
    before = {pid for pid in again.family() if does(pid, name)}

    os.kill(ended, signal.SIGKILL)
    wait_for(lambda: part(again, name) not in {None, *before} or again.ended(), "another")

    assert not again.ended()
    assert {other: part(again, other) for other in kept} == kept
    assert [pid for pid in before if lives(pid)] == []
    assert f"The {name} process ended by itself and is started again.\n" in again.said()
    wait_for(lambda: answers(again), "the web server")
    interrupt(again)


def answers(service: Started) -> bool:
    try:
        with build_opener().open(f"http://127.0.0.1:{service.port}/healthz", timeout=1) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def test_however_often_beat_ends_the_web_server_stays(again: Started) -> None:
    assert again.process is not None
    web = part(again, "web")

    for _ in range(5):
        beat = wait_for(lambda: part(again, "beat"), "beat")
        assert isinstance(beat, int)
        os.kill(beat, signal.SIGKILL)
        wait_for(lambda pid=beat: not lives(pid), "its end")

    again_and_again = "The beat process ended by itself and is started again.\n" * 5
    wait_for(lambda: again_and_again in again.said() or again.ended(), "what is said of it")
    assert again_and_again in again.said()
    assert part(again, "web") == web
    assert answers(again)


def test_a_process_that_cannot_be_started_for_now_ends_nothing_and_is_started_later(
    again: Started,
) -> None:
    logs, aside = again.instance / "logs", again.instance / "logs of before"
    kept = {other: part(again, other) for other in PARTS if other != "beat"}
    beat = part(again, "beat")
    assert beat is not None
    logs.rename(aside)

    try:
        os.kill(beat, signal.SIGKILL)
        wait_for(lambda: "cannot be started yet" in again.said() or again.ended(), "a try")
    finally:
        aside.rename(logs)

    assert not again.ended(), again.said()
    assert {other: part(again, other) for other in kept} == kept
    wait_for(lambda: part(again, "beat") not in {None, beat}, "another", 60)
    interrupt(again)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL], ids=["terminal", "killed"])
def test_nothing_runs_on_when_the_terminal_closes_or_the_supervisor_is_killed(
    again: Started, number: int
) -> None:
    assert again.process is not None
    family = again.family()
    assert len(family) >= 4, "web server, workers, beat"

    again.process.send_signal(number)

    assert again.process.wait(20) == (0 if number == signal.SIGHUP else -signal.SIGKILL)
    wait_for(lambda: not [pid for pid in family if lives(pid)], "the end of all of them", 20)
    assert "Traceback" not in again.said()


def test_a_message_that_is_not_whole_costs_one_line_in_the_log(again: Started) -> None:
    assert again.process is not None
    family, broken = again.family(), again.instance / "broker" / "0_first.grading.msg"
    log = again.instance / "logs" / "worker.log"
    before = log.read_text()  # of earlier starts too, of which some were killed

    broken.touch()
    wait_for(lambda: "broken_message" in log.read_text().removeprefix(before), "the worker")

    new = log.read_text().removeprefix(before)
    assert new.count("broken_message") == 1
    assert "Traceback" not in new
    assert not again.ended()
    assert [pid for pid in family if not lives(pid)] == []


def test_a_proxy_of_the_environment_does_not_hide_the_web_server(first: First) -> None:
    service = Started(first.instance)
    try:
        service.start(http_proxy="http://127.0.0.1:9", no_proxy="")
    finally:
        service.kill()


def test_it_starts_for_other_machines_under_a_name_of_its_own_without_a_demonstration(
    tmp_path: Path,
) -> None:
    service = Started(tmp_path / "instance")
    try:
        service.start(
            LMS_HOST="0.0.0.0",
            LMS_BASE_URL="https://rounds.example.org",
            LMS_DEMO="false",
        )
    finally:
        service.kill()

    said = service.said()
    assert "loading the starter bank …" in said
    assert "Pain Rounds is at https://rounds.example.org" in said
    assert "demonstration" not in said


# Places where it cannot run


def test_a_port_that_is_taken_is_one_sentence_and_leaves_no_database(tmp_path: Path) -> None:
    service = Started(tmp_path / "instance")
    with socket.socket() as other:
        other.bind(("127.0.0.1", service.port))
        other.listen()
        said = service.fails()

    assert said == (
        f"Error: Port {service.port} is taken; end what uses it, "
        f"or take another: PORT={service.port + 1} make run\n"
    )
    assert not (service.instance / "rounds.sqlite").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    service = Started(tmp_path / "file" / "instance")

    said = service.fails()

    assert said == (
        f"Error: The folder {service.instance} cannot be written; make it writable, "
        "or set LMS_INSTANCE to another folder.\n"
    )


DATABASE = "Error: LMS_DATABASE_URL: write it as postgresql://user:password@host/name.\n"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"LMS_PROFILE": "service"},
            "Error: The service profile needs "
            "LMS_DATABASE_URL, LMS_REDIS_URL, LMS_SECRET_KEY, LMS_BASE_URL.\n",
        ),
        (
            {"LMS_TIME_ZONE": "US/Eastern"},
            "Error: LMS_TIME_ZONE: “US/Eastern” is no time zone; write it as America/New_York.\n",
        ),
        (
            {"LMS_TIME_ZONE": "Gotham"},
            "Error: LMS_TIME_ZONE: “Gotham” is no time zone; write it as America/New_York.\n",
        ),
        (
            {"LMS_SMTP_URL": "smtp://me:geheim@mx.example.org"},
            "Error: LMS_SMTP_URL: smtp:// sends in the clear, so it is for this machine only; "
            "use smtp+starttls:// or smtps://.\n",
        ),
        (
            {"LMS_MAIL_FROM": "Pain Rounds"},
            "Error: LMS_MAIL_FROM: write one address, as Rounds <rounds@example.org>; "
            'a name with a comma stands in quotes, as "Rounds, Pain" <rounds@example.org>.\n',
        ),
        (
            {"LMS_BASE_URL": "rounds.example.org"},
            "Error: LMS_BASE_URL: write it as https://rounds.example.org, "
            "with nothing after the host but a port.\n",
        ),
        ({"LMS_DATABASE_URL": "nonsense"}, DATABASE),
        ({"LMS_DATABASE_URL": "mysql://me:geheim@db/rounds"}, DATABASE),
        ({"LMS_DATABASE_URL": "postgresql://me:geheim@db:port/rounds"}, DATABASE),
        (
            {"LMS_DATABASE_URL": "sqlite:////nowhere/rounds.sqlite"},
            "Error: LMS_DATABASE_URL: the folder /nowhere does not exist.\n",
        ),
        (
            {"LMS_DATABASE_URL": "postgres://me:geheim@127.0.0.1:1/rounds"},
            "Error: The database cannot be used: connection failed: connection to server at "
            '"127.0.0.1", port 1 failed: Connection refused.\n',
        ),
        (
            {"LMS_REDIS_URL": "me:geheim"},
            "Error: LMS_REDIS_URL: write it as redis://host:6379/0 "
            "or rediss://user:password@host:6379/0.\n",
        ),
        (
            {"LMS_SECRET_KEY_FALLBACKS": "geheim"},
            'Error: LMS_SECRET_KEY_FALLBACKS: write a list, as ["old key", "older key"].\n',
        ),
        (
            {"LMS_HOST": "192.0.2.1"},
            "Error: This machine has no address 192.0.2.1 to listen at; "
            "set LMS_HOST to 127.0.0.1.\n",
        ),
    ],
)
def test_a_setting_that_cannot_work_is_one_sentence(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    assert Started(tmp_path / "instance").fails(**settings) == sentence


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(("lms.cli", "web"), id="web"),
        pytest.param(("lms.cli", "beat"), id="beat by itself"),
        pytest.param(("waitress", "wsgi:app"), id="another web server"),
        pytest.param(("celery", "-A", "celery_worker", "worker"), id="worker"),
        pytest.param(("celery", "-A", "celery_worker", "beat"), id="beat"),
    ],
)
def test_web_worker_and_beat_say_the_same_by_themselves(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    service = Started(tmp_path / "instance")

    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=service.environment(LMS_DATABASE_URL="mysql://me:geheim@db/rounds"),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode != 0
    assert done.stderr.count(DATABASE) == 1
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stdout + done.stderr


def test_beat_by_itself_rings_for_every_task_of_the_schedule(tmp_path: Path) -> None:
    service = Started(tmp_path / "instance")
    beat = subprocess.Popen(
        [sys.executable, "-m", "lms.cli", "beat"],
        cwd=ROOT,
        env=service.environment(),
        stdout=subprocess.DEVNULL,
    )

    def rung() -> dict[str, bool]:
        folder = service.instance / "broker"
        headers = [json.loads(each.read_text())["headers"] for each in folder.glob("*.msg")]
        return {each["task"]: each.get(RUNG_AT, 0) > 0 for each in headers}

    try:
        wait_for(lambda: len(rung()) == len(SCHEDULE), "all of them")
        assert rung() == dict.fromkeys(SCHEDULE, True)
    finally:
        beat.terminate()

    assert beat.wait(10) == 0


def test_a_port_for_other_accounts_is_not_called_taken() -> None:
    said = why_not_listening(Settings(port=80), PermissionError(errno.EACCES, "Permission denied"))

    assert said == "Port 80 is not for this account; take another: PORT=8000 make run"
