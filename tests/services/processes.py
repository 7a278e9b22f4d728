"""The service's own processes, as an operator would start them."""

import os
import signal
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError

from tests.services import free_port, wait_for

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Service:
    """Web server, workers and beat over one *instance* folder, set up by *settings*.

    `settings` are `LMS_*` variables without the prefix, in small letters.
    """

    instance: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the web server listens."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """Return the environment its processes have."""
        ours = {f"LMS_{name.upper()}": value for name, value in self.settings.items()}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
        place = {
            "LMS_INSTANCE": str(self.instance),
            "LMS_PORT": str(self.port),
            "LMS_BASE_URL": self.url,
        }
        return kept | place | ours

    def command(self, *arguments: str) -> str:
        """Run `lms` and return what it printed.

        Raises:
            AssertionError: it failed; the message has what it printed.
        """
        done = subprocess.run(
            [sys.executable, "-c", "from lms.cli import main; main()", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str, *command: str, stderr: str = "") -> subprocess.Popen[bytes]:
        """Start a Python module as a process of the service; its output goes to a log.

        Or its errors elsewhere: *stderr* is what a shell says, as "2>&-".
        """
        with (self.instance / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                ["sh", "-c", f'exec "$@" {stderr}', "sh", sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def start_web(self, *, stderr: str = "") -> subprocess.Popen[bytes]:
        """Start the web server and wait until it answers."""
        process = self.start("web", "lms.cli", "web", stderr=stderr)
        wait_for(self.answers, "the web server", 60)
        return process

    def answers(self) -> bool:
        """Return whether the web server answers."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=1):
                return True
        except (URLError, OSError):
            return False

    def start_worker(self, *, stderr: str = "") -> subprocess.Popen[bytes]:
        """Start a worker for all queues."""
        return self.start(
            "worker",
            *("celery", "-A", "celery_worker", "worker", "--concurrency", "1"),
            *("--queues", "grading,mail,reports,slow", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            stderr=stderr,
        )

    def start_beat(self) -> subprocess.Popen[bytes]:
        """Start beat."""
        schedule = str(self.instance / f"beat-{len(self.running)}")
        return self.start(
            "beat",
            *("celery", "-A", "celery_worker", "beat", "--pidfile", "", "--schedule", schedule),
        )

    def log(self, name: str) -> str:
        """Return what a process has printed."""
        return (self.instance / f"{name}.log").read_text(encoding="utf-8")

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and its children at once, as `kill -9` does."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        """End everything that was started."""
        for process in self.running:
            process.terminate()
        for process in list(self.running):
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill(process)
