"""What a fellow was told stands on the home page: what was not seen first, each with its page."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.notices.models import Notice
from lms.notices.news import kinds_of_news, news_of
from lms.notices.occasions import Occasion
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.services import set_wanted
from lms.notices.telling import Telling, tell
from lms.people.models import Role, User
from tests.factories import make_user
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import token_of

SignIn = Callable[[User], FlaskClient]

HOUR = timedelta(hours=1)


def telling(number: int, kind: Occasion | QuizOccasion = QuizOccasion.QUIZ_ASSIGNED) -> Telling:
    return Telling(
        occasion=kind,
        fact=str(number),
        about=("assignment", number),
        subject=f"Quiz {number} is assigned to you",
        sentences=("It is open.",),
        button="Read the rules",
        path=f"/assignments/{number}/begin",
    )


def told(app: Flask, person: User, *ages: timedelta) -> None:
    """Tell a person of a quiz so long ago, each with its place in the list as its number."""
    with app.app_context(), transaction():
        for number, age in enumerate(ages, start=1):
            tell(telling(number), [person], now=utcnow() - age)


@pytest.fixture
def fellow(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.FELLOW)


def quizzes_in(page: str) -> list[str]:
    """Return the numbers of the quizzes in the list of news, in its order."""
    _, _, news = page.partition('id="news"')
    return re.findall(r">Quiz (\d+) is assigned to you<", news.partition("</section>")[0])


def test_home_lists_the_last_five_of_two_weeks_newest_first(
    app: Flask, fellow: User, signed_in: SignIn
) -> None:
    told(app, fellow, *(hours * HOUR for hours in range(1, 7)))
    with app.app_context(), transaction():
        tell(telling(99), [fellow], now=utcnow() - timedelta(days=15))

    page = signed_in(fellow).get("/home").text

    assert quizzes_in(page) == ["1", "2", "3", "4", "5"]


def test_what_was_opened_is_seen_and_comes_last(
    app: Flask, fellow: User, signed_in: SignIn
) -> None:
    told(app, fellow, HOUR, 2 * HOUR)
    client = signed_in(fellow)
    page = client.get("/home").text
    address = re.search(r'href="(/news/\d+)">Quiz 1 ', page)
    assert address is not None

    assert place_of(client.get(address[1])) == "/assignments/1/begin"

    page = client.get("/home").text
    assert quizzes_in(page) == ["2", "1"]
    assert words(client.get("/home")).count("New ") == 1


def test_all_can_be_marked_as_seen_at_once_and_then_the_button_is_gone(
    app: Flask, fellow: User, signed_in: SignIn
) -> None:
    told(app, fellow, HOUR, 2 * HOUR)
    client = signed_in(fellow)
    page = client.get("/home")
    assert "Mark all as seen" in page.text

    answer = client.post("/news/seen", data={"csrf_token": token_of(page)})

    assert place_of(answer) == "/home"
    page = client.get("/home")
    assert quizzes_in(page.text) == ["1", "2"]
    assert "Mark all as seen" not in page.text


def test_who_wants_no_mails_of_a_kind_reads_them_here(
    app: Flask, fellow: User, signed_in: SignIn
) -> None:
    with app.app_context(), transaction():
        set_wanted(fellow.id, QuizOccasion.QUIZ_ASSIGNED, False, now=utcnow())
    told(app, fellow, HOUR)

    assert quizzes_in(signed_in(fellow).get("/home").text) == ["1"]


def test_news_of_others_can_neither_be_read_nor_marked(
    app: Flask, fellow: User, signed_in: SignIn
) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FELLOW)
    told(app, other, HOUR)
    with app.app_context():
        notice_id = db.session.scalars(db.select(Notice.id)).one()
    client = signed_in(fellow)

    assert client.get(f"/news/{notice_id}").status_code == 404
    client.post("/news/seen", data={"csrf_token": token_of(client.get("/home"))})
    with app.app_context():
        assert db.session.scalars(db.select(Notice.seen_at)).one() is None


def test_news_of_one_role_are_not_seen_by_looking_at_those_of_another(
    app: Flask, signed_in: SignIn
) -> None:
    with app.app_context(), transaction():
        both = make_user(Role.FELLOW, Role.FACULTY)
        tell(telling(1), [both], now=utcnow() - HOUR)
        tell(telling(2, Occasion.CASE_PUBLISHED), [both], now=utcnow() - HOUR)
    client = signed_in(both)

    work = client.get("/work").text
    home = client.get("/home").text

    assert "Quiz 2 is" in work
    assert "Quiz 1 is" not in work
    assert quizzes_in(home) == ["1"]
    assert "Mark all as seen" in home


class TestDirectors:
    """They start at the cohorts, and there is what they were told; faculty read it at My work."""

    def test_what_was_told_stands_beneath_the_cohorts_and_is_new_once(
        self, app: Flask, signed_in: SignIn
    ) -> None:
        with app.app_context(), transaction():
            director = make_user(Role.DIRECTOR)
            tell(telling(7, QuizOccasion.NOT_BEGUN), [director], now=utcnow() - HOUR)
        client = signed_in(director)

        first, again = (words(client.get("/cohorts")) for _ in range(2))

        assert "Told lately Quiz 7 is assigned to you New " in first
        assert "Told lately Quiz 7 is assigned to you " in again
        assert "New " not in again.partition("Told lately")[2]

    def test_who_is_faculty_too_has_one_list(self, app: Flask, signed_in: SignIn) -> None:
        with app.app_context(), transaction():
            both = make_user(Role.FACULTY, Role.DIRECTOR)
            tell(telling(7, QuizOccasion.MAILS_FAILED), [both], now=utcnow() - HOUR)
            tell(telling(8, Occasion.CASE_PUBLISHED), [both], now=utcnow() - 2 * HOUR)
        client = signed_in(both)

        assert "Told lately" not in words(client.get("/cohorts"))
        work = words(client.get("/work")).partition("Told lately")[2]
        assert work.index("Quiz 7 is") < work.index("Quiz 8 is")

    def test_what_a_director_was_told_as_a_fellow_stays_at_home(
        self, app: Flask, signed_in: SignIn
    ) -> None:
        with app.app_context(), transaction():
            both = make_user(Role.FELLOW, Role.DIRECTOR)
            tell(telling(1), [both], now=utcnow() - HOUR)
        client = signed_in(both)

        assert "Told lately" not in words(client.get("/cohorts"))
        assert quizzes_in(client.get("/home").text) == ["1"]


def test_the_list_is_one_statement_however_long(app: Flask, fellow: User) -> None:
    told(app, fellow, *(hours * HOUR for hours in range(20)))
    long_ago, kinds = utcnow() - timedelta(days=9), kinds_of_news(Role.FELLOW)

    with app.app_context(), counted(app) as asked:
        found = news_of(fellow.id, kinds, since=long_ago, most=50)

    assert len(found) == 20
    assert len([each for each in asked if each.startswith("SELECT")]) == 1
