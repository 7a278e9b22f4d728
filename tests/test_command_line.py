"""The `lms` command: what it says there is, and what it loads to say so."""

import subprocess
import sys

import click
import pytest

from lms import cli
from lms.commands import GROUPS
from lms.ringing import beat_command
from lms.starting import serve_command, web_command
from tests.services.processes import ROOT

HEAVY = {"flask", "sqlalchemy", "celery", "pydantic", "lms.config", "lms.app"}


def first_words(command: click.Command) -> str:
    """Return what a list of commands says of one, if it has the room."""
    return command.get_short_help_str(200)


def test_what_is_said_of_each_command_is_what_it_says_of_itself() -> None:
    groups = {
        name: (first_words(group), {each: first_words(it) for each, it in group.commands.items()})
        for name, group in GROUPS.items()
    }
    alone = {
        str(command.name): first_words(command)
        for command in (serve_command, web_command, beat_command)
    }

    assert {name: first_words(cli.main.commands[name]) for name in alone} == alone
    assert {
        name: (first_words(cli.main.commands[name]), in_group(name)) for name in groups
    } == groups
    assert set(cli.main.commands) == {*groups, *alone}


def in_group(name: str) -> dict[str, str]:
    """Return the commands that help shows of a group, with what it says of each."""
    return {each: first_words(known) for each, known in cli.in_context(name).commands.items()}


@pytest.mark.parametrize("words", [["--help"], ["bank", "--help"], ["users"]], ids=" ".join)
def test_to_say_what_there_is_loads_nothing_of_the_service(words: list[str]) -> None:
    program = (
        "import atexit, sys; atexit.register(lambda: print(*sys.modules)); "
        f"from lms.cli import main; main({words})"
    )

    loaded = loaded_by(program)
    assert "lms.cli" in loaded
    assert HEAVY & loaded == set()


def test_beat_loads_nothing_of_the_application() -> None:
    loaded = loaded_by("import sys, lms.ringing; print(*sys.modules)")

    assert {"celery.app", "lms.config"} <= loaded
    assert {"flask", "sqlalchemy.orm", "lms.core.db", "lms.rooms"} & loaded == set()


def loaded_by(program: str) -> set[str]:
    """Return the modules that *program* says last."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 2), done.stderr
    return set(done.stdout.splitlines()[-1].split())
