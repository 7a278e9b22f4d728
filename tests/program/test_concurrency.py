"""Those who change people, memberships and mentorships at the same moment, on the real database."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from lms.accounts import services as accounts
from lms.core.db import db, transaction
from lms.core.errors import Refusal
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.program.services import start_mentorship
from lms.rosters.importing import import_roster
from lms.rosters.planning import Plan
from tests.attempts.test_concurrency import at_once
from tests.factories import NOW, make_user
from tests.overlap import while_open

pytestmark = pytest.mark.again(10)


JULY = date(2026, 7, 1)


class Program:
    """A mentor who directs as well, between fellows of lower and of higher ids."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction():
            lower = [make_user(Role.FELLOW) for _ in range(6)]
            self.mentor: User = make_user(Role.MENTOR, Role.DIRECTOR)
            self.fellows: list[User] = [*lower, *(make_user(Role.FELLOW) for _ in range(6))]

    def bring(self) -> Plan:
        """Import a roster in which each fellow has the mentor, the last fellow first."""
        rows = [f"{one.email},{self.mentor.email}\n" for one in reversed(self.fellows)]
        text = "email,mentor_email\n" + "".join(rows)
        return import_roster(None, text, time_zone="UTC", on=JULY, now=NOW)

    def join(self, fellow: User) -> object:
        return start_mentorship(
            None, mentor_id=self.mentor.id, fellow_id=fellow.id, starts_on=JULY, now=NOW
        )

    def swap(self, fellow: User) -> object:
        """Give the fellow another role."""
        roles = {Role.FELLOW, Role.FACULTY}
        return accounts.change_roles(self.mentor, fellow.id, roles, now=NOW)

    def done(self, act: Callable[..., object], *what: User) -> bool:
        """Do *act* to *what*; return whether the database could."""
        with self.app.app_context():
            try:
                with transaction():
                    act(*what)
            except Refusal:
                return True
            except OperationalError:
                return False
            return True

    def bonds(self) -> int:
        """Return how many mentorships there are."""
        with self.app.app_context():
            return db.session.scalar(db.select(db.func.count(Mentorship.id))) or 0


@pytest.fixture
def program(app: Flask) -> Program:
    return Program(app)


def test_mentorships_begun_while_a_roster_comes_in_do_not_lock_it_out(program: Program) -> None:
    def act(number: int) -> bool:
        if number == 0:
            return program.done(program.bring)
        tries = program.fellows * 5
        return all(program.done(program.join, one) for one in tries)

    assert all(at_once(4, act))
    assert program.bonds() == len(program.fellows)


def test_roles_and_mentorships_changed_at_once_do_not_lock_each_other_out(
    program: Program,
) -> None:
    def act(number: int) -> bool:
        change = program.join if number % 2 else program.swap
        tries = program.fellows * 5
        return all(program.done(change, one) for one in tries)

    assert all(at_once(4, act))
    assert program.bonds() == len(program.fellows)


def test_a_roster_does_not_give_a_mentor_who_is_just_being_disabled(program: Program) -> None:
    with program.app.app_context(), transaction():
        other = make_user(Role.DIRECTOR)

    plan = while_open(
        program.app,
        lambda: accounts.disable(other, program.mentor.id, now=NOW),
        program.bring,
    )

    assert plan.count("leave") == len(program.fellows)
    assert program.bonds() == 0
