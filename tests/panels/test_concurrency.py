"""Many at the same moment, on the real database."""

from collections import Counter

import pytest
from flask import Flask

from lms.cases.queries import parsed
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Refusal
from lms.core.mail import Message
from lms.panels import services
from lms.panels.answering import LinkOver, answer
from lms.panels.models import Panel, PanelAnswer, Panelist
from lms.people.models import Role
from question_bank.panels import asked
from tests.attempts.test_concurrency import at_once
from tests.cases.texts import load, publisher
from tests.factories import make_user
from tests.overlap import while_open
from tests.panels.factories import (
    SLUG,
    addresses,
    all_of,
    answer_with,
    make_asked,
    panel_case,
    versions_of,
)

pytestmark = pytest.mark.again(10)


MIXED = (0, 1, 1, 1, 1, 2, 2, 2, 3, 4)


def test_of_submits_of_one_link_at_once_one_stands_whole(app: Flask) -> None:
    with app.app_context():
        _, secrets = make_asked(1, now=utcnow())

    def submit(number: int) -> None:
        with app.app_context(), transaction():
            answer(secrets[0], all_of(number % 5, f"Tab {number}"), now=utcnow())

    at_once(10, submit)

    with app.app_context():
        rows = db.session.scalars(db.select(PanelAnswer)).all()
    assert len(rows) == 2
    assert len({(row.point, row.comment) for row in rows}) == 1


def test_an_answer_that_was_taken_while_the_panel_closed_is_counted(app: Flask) -> None:
    with app.app_context():
        faculty, secrets = make_asked(20, now=utcnow())
        answer_with(secrets, MIXED, now=utcnow())

    def act(number: int) -> str:
        with app.app_context():
            try:
                with transaction():
                    if number == 5:
                        services.use_answers(faculty, SLUG, now=utcnow())
                        return "used"
                    answer(secrets[10 + number], all_of(2), now=utcnow())
            except LinkOver:
                return "late"
            return "taken"

    came = Counter(at_once(10, act))

    with app.app_context():
        counts = asked(parsed(versions_of()[-1]))[0].panel.counts
        kept = db.session.scalar(db.select(db.func.count(PanelAnswer.point)))
    assert came["used"] == 1
    assert sum(counts) == 10 + came["taken"]
    assert kept == 2 * sum(counts)


def test_the_answers_are_used_once(app: Flask) -> None:
    with app.app_context():
        faculty, secrets = make_asked(10, now=utcnow())
        answer_with(secrets, MIXED, now=utcnow())

    def use(_number: int) -> str:
        with app.app_context():
            try:
                with transaction():
                    services.use_answers(faculty, SLUG, now=utcnow())
            except Refusal:
                return "refused"
            return "used"

    assert Counter(at_once(8, use)) == {"used": 1, "refused": 7}
    with app.app_context():
        assert len(versions_of()) == 2


def test_of_two_who_ask_at_once_one_panel_comes_and_nobody_is_asked_twice(app: Flask) -> None:
    with app.app_context():
        load(panel_case())
        with transaction():
            faculty = [make_user(Role.FACULTY) for _ in range(6)]

    def ask(number: int) -> str:
        with app.app_context():
            try:
                with transaction():
                    services.invite(faculty[number], SLUG, addresses(5), now=utcnow())
            except services.NotInvited:
                return "known"
            return "invited"

    assert Counter(at_once(6, ask)) == {"invited": 1, "known": 5}
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Panel.id))) == 1
        assert db.session.scalar(db.select(db.func.count(Panelist.id))) == 5
        assert db.session.scalar(db.select(db.func.count(Message.id))) == 5


def test_reminders_at_once_reach_each_person_once(app: Flask) -> None:
    with app.app_context():
        faculty, _ = make_asked(5, now=utcnow())
        with transaction():
            db.session.execute(db.update(Panelist).values(invited_at=utcnow().replace(year=2025)))

    def remind(_number: int) -> int:
        with app.app_context():
            try:
                with transaction():
                    return services.remind(faculty, SLUG, now=utcnow())
            except services.NobodyToRemind:
                return 0

    assert sorted(at_once(6, remind)) == [0, 0, 0, 0, 0, 5]
    with app.app_context():
        kinds = Counter(db.session.scalars(db.select(Message.kind)))
    assert kinds == {"panel": 5, "panel_reminder": 5}


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"takeaway": "Another takeaway."}, id="what only its version says"),
        pytest.param({"condition": "cond-spine"}, id="what its rows say as well"),
    ],
)
def test_a_load_while_the_answers_are_used_keeps_the_panel(
    app: Flask, changes: dict[str, str]
) -> None:
    with app.app_context():
        faculty, secrets = make_asked(10, now=utcnow())
        answer_with(secrets, MIXED, now=utcnow())

    report = while_open(
        app,
        lambda: services.use_answers(faculty, SLUG, now=utcnow()),
        lambda: load_cases(publisher(), [panel_case(**changes)], now=utcnow()),
    )

    assert report.proposed == [SLUG]
    with app.app_context():
        used, proposed = (parsed(version) for version in versions_of()[-2:])
        for body in (used, proposed):
            assert [sum(item.panel.counts) for item in asked(body)] == [10, 10]
        assert len(versions_of()) == 3
    for name, value in changes.items():
        assert str(getattr(proposed, name)) == value
        assert str(getattr(used, name)) != value
