"""The containers of `compose.yaml`: what an operator sets there arrives, and the rest is usable."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from lms.config import Settings, load
from lms.core.mail.transports import Smtp, transport_of
from tests.services.processes import ROOT

SET = {
    "POSTGRES_PASSWORD": "geheim",
    "SECRET_KEY": "yr5uq0dZl2mVn8Ew7Rj4Kc1Tb6Gx9Hf3",
    "BASE_URL": "https://rounds.example.org",
    "SMTP_URL": "smtps://me:geheim@mail.example.org",
    "MAIL_FROM": "Rounds <rounds@example.org>",
}
"""What the file's first lines tell an operator to set."""


@pytest.fixture
def monkeypatched(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("PORT", "LMS_PORT"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def settings_of_web(environment: pytest.MonkeyPatch, tmp_path: Path, **more: str) -> Settings:
    """Return the settings of the web server's container, with what an operator sets."""
    given = SET | more
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]

    def value(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        return given.get(name) or (default.removeprefix(":-") if default.startswith(":-") else "")

    for name, text in services["web"]["environment"].items():
        environment.setenv(name, re.sub(r"\$\{(\w+)(:[-?][^}]*)\}", value, str(text)))
    environment.setenv("LMS_INSTANCE", str(tmp_path))
    return load()


def test_mail_leaves_containers_from_the_sender_that_the_operator_set(
    monkeypatched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    transport = transport_of(settings_of_web(monkeypatched, tmp_path))

    assert isinstance(transport, Smtp)
    assert transport.sender == "rounds@example.org"


def test_what_a_program_calls_itself_and_its_older_keys_reach_the_containers(
    monkeypatched: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older = "Qm3xT8wLr2Vb7Nc5Zk1Hd9Gs4Jf6Py0A"

    settings = settings_of_web(
        monkeypatched,
        tmp_path,
        PRODUCT_NAME="Coastal Rounds",
        PROGRAM_NAME="Coastal Pain Program",
        TIME_ZONE="America/Chicago",
        SECRET_KEY_FALLBACKS=f'["{older}"]',
    )

    assert settings.product_name == "Coastal Rounds"
    assert settings.program_name == "Coastal Pain Program"
    assert settings.time_zone == "America/Chicago"
    assert settings.secret_key_fallbacks == [older]


OWN = (".env", ".env.local", "instance/rounds.sqlite", "instance/secret_key", ".venv/bin/python")
"""What an operator has beside the code, and nobody else is to have."""


def kept_out(by: str, paths: tuple[str, ...]) -> list[str]:
    """Return those of *paths* that the list *by* leaves out, or a folder that they are in."""
    listed = ROOT / by
    lines = listed.read_text(encoding="utf-8").split("\n") if listed.exists() else []
    patterns = [line.strip("/") for line in lines if not line.startswith("#")]

    def fits(path: str) -> bool:
        folders = [path.rsplit("/", up)[0] for up in range(path.count("/") + 1)]
        return any(fnmatch(folder, pattern) for folder in folders for pattern in patterns)

    return [path for path in paths if fits(path)]


NEEDED = ("pyproject.toml", "requirements-production.txt", "README.md", "wsgi.py", "lms/cli.py")


def test_no_image_holds_secrets_data_or_history_of_the_machine_that_built_it() -> None:
    private = (*OWN, ".git/config")

    assert kept_out(".dockerignore", private) == list(private)
    assert kept_out(".dockerignore", NEEDED) == []


def test_git_takes_up_nothing_that_is_the_operators_own() -> None:
    assert kept_out(".gitignore", OWN) == list(OWN)
    assert kept_out(".gitignore", NEEDED) == []
