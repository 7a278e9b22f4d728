"""A fellow says two lines of the own week on a result; mentors read them, and nobody else."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.results.models import LONGEST_WORDS, OwnWords
from lms.results.own_words import words_of
from lms.results.services import say_in_own_words
from tests.factories import make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, earned, take
from tests.reading import words
from tests.results.test_acknowledging import unsafe_sitting
from tests.signin.helpers import send
from tests.taking.pages import Fellow

SAID = "Pumps,\nand what stops with them <b>."


def say(sitting, text: str, fellow: Fellow | None = None):
    return (fellow or sitting.fellow).post(f"{sitting.url}/result/words", text=text)


@pytest.fixture
def sitting(app, signed_in):
    return unsafe_sitting(app, signed_in)


def kept(app: Flask) -> str | None:
    with app.app_context():
        row = db.session.get(OwnWords, 1)
        return row and row.text


def test_what_a_fellow_says_is_kept_as_typed_and_shown_again(app, sitting) -> None:
    say(sitting, SAID)

    assert kept(app) == SAID
    assert "and what stops with them &lt;b&gt;." in sitting.fellow.get(f"{sitting.url}/result").text


def test_nothing_is_said_any_more_once_it_is_emptied(app, sitting) -> None:
    say(sitting, SAID)
    done = say(sitting, "")

    assert kept(app) is None
    assert "No later mail will say it." in words(sitting.fellow.get(done.location))


def test_too_much_is_refused_at_the_field_and_not_lost(app, sitting) -> None:
    page = say(sitting, "x" * (LONGEST_WORDS + 1))

    assert page.status_code == 422
    assert "Write at most 280 characters." in words(page)
    assert "x" * (LONGEST_WORDS + 1) in page.text
    assert kept(app) is None


def test_as_much_as_the_page_lets_one_type_is_kept(app, sitting) -> None:
    typed = "x" * 139 + "\n" + "x" * (LONGEST_WORDS - 140)

    page = say(sitting, typed.replace("\n", "\r\n"))

    assert page.status_code == 302
    assert kept(app) == typed


def test_another_fellow_says_nothing_of_it(app, signed_in, sitting) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FELLOW)

    page = send(signed_in(other), f"{sitting.url}/result/words", {"text": "x"}, at="/home")

    assert page.status_code == 404


def test_the_same_words_keep_their_hour(in_app: Flask, sitting) -> None:
    first = utcnow() - timedelta(days=3)
    for text, now in ((SAID, first), (SAID, utcnow())):
        with transaction():
            say_in_own_words(1, text, now=now)

    assert db.session.get_one(OwnWords, 1).written_at == first


@pytest.mark.parametrize(
    ("role", "mentors", "reads"),
    [(Role.MENTOR, True, True), (Role.DIRECTOR, False, False)],
)
def test_mentors_of_today_read_it_in_the_report(
    app, signed_in, sitting, role: Role, mentors: bool, reads: bool
) -> None:
    say(sitting, SAID)
    with app.app_context(), transaction():
        reader = make_user(role)
        fellow = sitting.user
        if mentors:
            make_mentorship(reader, fellow)
    report = f"/fellows/{fellow.id}"

    page = signed_in(reader).get(report)

    assert page.status_code == 200
    assert ("Pumps," in words(page)) is reads


def test_only_what_was_said_in_the_period_is_told(in_app: Flask, sitting) -> None:
    fellow_id, now = sitting.user.id, utcnow()
    with transaction():
        say_in_own_words(1, SAID, now=now)
    second = timedelta(seconds=1)

    assert fellow_id in words_of([fellow_id], since=now, until=now + second)
    assert words_of([fellow_id], since=now - second, until=now) == {}
    assert words_of([fellow_id], since=now + second, until=now + 2 * second) == {}


def test_all_that_was_said_in_the_period_is_told_the_newest_first(in_app: Flask) -> None:
    now = utcnow()
    with transaction():
        fellow = make_fellow()
        for days, title in ((3, "Quiz 1"), (1, "Quiz 3"), (2, "Quiz 2")):
            taken = take(fellow, now - timedelta(days=9), {PHARM: earned(1, 2)}, title=title)
            say_in_own_words(taken.id, f"About {title}.", now=now - timedelta(days=days))

    told = words_of([fellow.id], since=now - timedelta(days=7), until=now)[fellow.id]

    assert [(each.title, each.text) for each in told] == [
        (f"Quiz {number}", f"About Quiz {number}.") for number in (3, 2, 1)
    ]


def test_the_report_has_all_of_it_with_its_quiz(app, signed_in) -> None:
    with app.app_context(), transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        make_mentorship(mentor, fellow)
        for number in range(1, 6):
            at = utcnow() - timedelta(days=number)
            taken = take(fellow, at, {PHARM: earned(1, 2)}, title=f"Quiz {number}")
            say_in_own_words(taken.id, f"About {number}.", now=at)

    page = words(signed_in(mentor).get(f"/fellows/{fellow.id}"))

    assert all(f"“About {number}.” " in page for number in range(1, 6))
    assert page.index("on Quiz 1, ") < page.index("on Quiz 5, ")
