import re
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from lms.accounts.cli import group
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people import queries
from lms.people.models import Role
from lms.signin import queries as signin
from tests.factories import make_user

Run = Callable[..., Result]


@pytest.fixture
def run(in_app: Flask) -> Run:
    return lambda *words: CliRunner().invoke(group, list(words))


def test_a_person_is_invited_with_several_roles(run: Run) -> None:
    said = run(
        "invite", "New@example.org", "--name", "Dr. New", "--role", "mentor", "--role", "faculty"
    )

    assert said.output == "Invited new@example.org as faculty, mentor.\n"
    user = queries.user_by_email("new@example.org")
    assert user is not None
    assert user.time_zone == "America/New_York"


def test_who_invites_a_fellow_with_a_staff_role_is_warned(run: Run) -> None:
    said = run(
        "invite", "new@example.org", "--name", "Dr. New", "--role", "fellow", "--role", "faculty"
    )

    assert "Dr. New is a fellow too: while Dr. New may be asked cases" in said.output


def test_a_refusal_is_one_sentence_and_an_exit_status(run: Run) -> None:
    run("invite", "new@example.org", "--name", "Dr. New", "--role", "fellow")

    again = run("invite", "new@example.org", "--name", "Dr. New", "--role", "fellow")
    zone = run("invite", "b@example.org", "--name", "B", "--role", "fellow", "--time-zone", "Mars")

    assert again.exit_code == zone.exit_code == 1
    assert again.output == "Error: There is already an account with this address.\n"
    assert zone.output == "Error: Write a time zone like America/New_York.\n"


def test_people_are_listed_and_disabled(run: Run) -> None:
    with transaction():
        make_user(Role.DIRECTOR, email="boss@example.org")
        make_user(Role.FELLOW, email="amara@example.org", name="Dr. Amara Okafor")

    said = run("disable", "AMARA@example.org")

    assert said.output == "Disabled AMARA@example.org.\n"
    assert run("list", "--role", "fellow").output == (
        "amara@example.org\tdisabled\tfellow\tDr. Amara Okafor\n"
    )
    assert run("disable", "boss@example.org").exit_code == 1
    assert run("disable", "nobody@example.org").exit_code == 1


def test_a_reset_link_is_printed_and_works(run: Run) -> None:
    with transaction():
        make_user(Role.FELLOW, email="amara@example.org")

    said = run("reset-link", "amara@example.org").output

    found = re.fullmatch(r"http://localhost/links/(\d+\.[\w-]{27})\n", said)
    assert found
    assert signin.open_link(found.group(1), now=utcnow()) is not None
    assert run("reset-link", "nobody@example.org").exit_code == 1
