"""A mentor acts from the mail without signing in; whoever has no such link does nothing."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from lms.core.clock import utcnow, week_of
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.mentoring.digests.contents import from_json
from lms.mentoring.digests.rhythms import Rhythm, Timetable
from lms.mentoring.digests.services import choose, compose_digest
from lms.mentoring.goals.models import Goal
from lms.mentoring.meetings.models import Meeting
from lms.mentoring.prompts.models import LONGEST_REASON, OPEN_FOR, Prompt, PromptAnswer
from lms.mentoring.prompts.services import ask_for_words, decline
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.results.models import Acknowledgement
from tests.factories import day_of, make_fellow, make_mentorship, make_user
from tests.mentoring.test_answers import story
from tests.progress.factories import PHARM, make_given, make_topic_case
from tests.reading import words
from tests.signin.helpers import send
from tests.test_access import fingerprint


@dataclass
class Asked:
    """Who was asked about whom, and where that is answered."""

    mentor: User
    fellow: User
    prompt_id: int
    path: str


def ask(app: Flask, mentor: User, fellow: User, *, ago: timedelta = timedelta(days=1)) -> Asked:
    with app.app_context():
        asked_at = utcnow() - ago
        week = week_of(day_of(asked_at - timedelta(days=7)))
        with transaction():
            prompts = ask_for_words(mentor.id, week, {fellow.id: []}, now=asked_at)
        prompt = prompts[fellow.id]
        return Asked(mentor, fellow, prompt.id, prompt.path.in_clear())


def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
        fellow = make_fellow("Dr. Amara Okafor")
        make_mentorship(mentor, fellow)
    return mentor, fellow


@pytest.fixture
def asked(app: Flask) -> Asked:
    return ask(app, *pair(app))


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    return app.test_client()


def answer_of(app: Flask, asked: Asked) -> PromptAnswer | None:
    with app.app_context():
        return db.session.get_one(Prompt, asked.prompt_id).answer


def talk(browser: FlaskClient, asked: Asked, **said: object) -> TestResponse:
    day = day_of(utcnow() - timedelta(days=1))
    return send(browser, asked.path, {"met_on": day, **said})


def test_a_look_at_the_link_changes_nothing(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    before = fingerprint(app)

    for path in (asked.path, f"{asked.path}/not-needed", f"{asked.path}/goal"):
        for method in ("GET", "HEAD"):
            assert browser.open(path, method=method).status_code == 200

    assert fingerprint(app) == before


def test_two_presses_note_a_talk(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    page = browser.get(asked.path)
    done = talk(browser, asked)

    assert "Dr. Amara Okafor" in words(page)
    assert done.status_code == 303
    assert "You noted that you talked" in words(browser.get(done.location))
    assert answer_of(app, asked) is PromptAnswer.TALKED
    with app.app_context():
        assert db.session.scalars(select(Meeting.mentor_id)).all() == [asked.mentor.id]


def test_why_no_word_is_needed_is_kept_and_said_again(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    done = send(browser, f"{asked.path}/not-needed", {"reason": "On call that week."})

    assert "On call that week." in words(browser.get(done.location))
    assert answer_of(app, asked) is PromptAnswer.NOT_NEEDED


def propose(browser: FlaskClient, asked: Asked, **said: object) -> TestResponse:
    wish = {
        "sentence": "To stop what must be stopped before a needle.",
        "about": "approach:interventional",
        "items": 10,
        "right": 8,
        "due_on": day_of(utcnow() + timedelta(days=30)),
    }
    return send(browser, f"{asked.path}/goal", wish | said)


def test_a_goal_is_proposed_from_the_mail(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    done = propose(browser, asked)

    assert "You set a goal" in words(browser.get(done.location))
    assert answer_of(app, asked) is PromptAnswer.GOAL
    with app.app_context():
        goal = db.session.scalars(select(Goal)).one()
    assert (goal.fellow_id, goal.proposed_by) == (asked.fellow.id, asked.mentor.id)


def test_a_goal_that_is_there_already_answers_the_mail(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    propose(browser, asked)
    with app.app_context(), transaction():
        db.session.execute(update(Prompt).values(answer=None, answered_at=None))

    done = propose(browser, asked)

    assert "You set a goal" in words(browser.get(done.location))
    assert answer_of(app, asked) is PromptAnswer.GOAL
    with app.app_context():
        assert len(db.session.scalars(select(Goal)).all()) == 1


def test_a_goal_that_cannot_be_is_refused_at_its_field(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    page = propose(browser, asked, right=11)

    assert page.status_code == 422
    assert "no more than there are items" in words(page)
    assert answer_of(app, asked) is None


def test_the_page_of_a_goal_does_not_say_what_the_fellow_was_not_asked_yet(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    page = browser.get(f"{asked.path}/goal")

    assert 'data-kind="items on ' in page.text
    assert "data-new" not in page.text
    assert "new to" not in page.text


def test_what_the_product_will_read_stands_below_a_goal_that_is_refused(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    page = propose(browser, asked, sentence="")

    assert page.status_code == 422
    assert "The product will read: 10 interventional items, 8 right, by " in words(page)


@pytest.mark.parametrize(
    ("reason", "said"),
    [("", "Say why in a few words."), ("x" * (LONGEST_REASON + 1), "Write at most 300")],
)
def test_no_reason_and_a_long_one_are_refused_at_the_field(
    app: Flask, asked: Asked, browser: FlaskClient, reason: str, said: str
) -> None:
    page = send(browser, f"{asked.path}/not-needed", {"reason": reason})

    assert page.status_code == 422
    assert said in words(page)
    assert answer_of(app, asked) is None


def test_an_answer_stays_when_the_link_is_used_again(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    form = browser.get(f"{asked.path}/not-needed")
    talk(browser, asked)
    before = fingerprint(app)

    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)
    again = browser.post(
        f"{asked.path}/not-needed", data={"csrf_token": token and token[1], "reason": "Late."}
    )

    assert again.status_code == 303
    assert "You noted that you talked" in words(browser.get(again.location))
    assert fingerprint(app) == before


def forged(path: str) -> str:
    """Return *path* with another letter in the middle of its secret, where each bit counts."""
    at = len(path) - 10
    return path[:at] + ("A" if path[at] != "A" else "B") + path[at + 1 :]


def test_a_forged_link_opens_nothing(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    for path in (forged(asked.path), "/act/1", "/act/1.", f"/act/{10**9}.x", "/act/x.y"):
        page = browser.get(path)

        assert page.status_code == 404
        assert "This link is not complete" in words(page)
        assert "Okafor" not in words(page)


def test_the_secret_of_one_prompt_opens_no_other(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    other = ask(app, *pair(app))
    secret = asked.path.partition(".")[2]

    page = browser.get(f"/act/{other.prompt_id}.{secret}")

    assert page.status_code == 404


@pytest.mark.parametrize(("ago", "status"), [(OPEN_FOR, 410), (OPEN_FOR * 0.999, 200)])
def test_a_link_works_for_thirty_days(
    app: Flask, browser: FlaskClient, ago: timedelta, status: int
) -> None:
    asked = ask(app, *pair(app), ago=ago)

    page = browser.get(asked.path)

    assert page.status_code == status
    assert ("This link has run out" in words(page)) is (status == 410)


def test_after_thirty_days_a_link_does_not_say_what_was_answered(
    app: Flask, browser: FlaskClient
) -> None:
    asked = ask(app, *pair(app), ago=OPEN_FOR)
    with app.app_context(), transaction():
        before = utcnow() - timedelta(days=20)
        decline(asked.mentor, asked.prompt_id, "On call that week.", now=before)

    for path in (asked.path, f"{asked.path}/goal", f"{asked.path}/not-needed"):
        page = browser.get(path)

        assert page.status_code == 410
        assert "This link has run out" in words(page)
        assert "On call" not in page.text
        assert "Okafor" not in page.text
        assert "You noted" not in page.text


def test_a_talk_before_the_week_of_the_mail_is_refused_at_its_field(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    page = talk(browser, asked, met_on=day_of(utcnow() - timedelta(days=40)))

    assert page.status_code == 422
    assert "That was before the week of the mail." in words(page)
    assert answer_of(app, asked) is None


def test_nothing_is_done_once_the_mentorship_has_ended(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    form = browser.get(asked.path)
    with app.app_context(), transaction():
        db.session.execute(update(Mentorship).values(ends_on=date(2026, 8, 1)))
    before = fingerprint(app)

    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form.text)
    done = browser.post(asked.path, data={"csrf_token": token and token[1], "met_on": "2026-11-01"})

    assert done.status_code == 410
    assert "You do not look after Dr. Amara Okafor now" in words(done)
    assert fingerprint(app) == before


def test_nothing_is_done_for_a_mentor_who_has_left(
    app: Flask, asked: Asked, browser: FlaskClient
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(User, asked.mentor.id).disabled_at = utcnow()

    assert browser.get(asked.path).status_code == 410


def test_the_link_signs_nobody_in(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    talk(browser, asked)

    assert browser.get("/fellows").status_code == 302


def test_a_talk_from_the_mail_settles_only_what_the_mail_named(
    app: Flask, browser: FlaskClient
) -> None:
    with app.app_context():
        told = story()
    mentor, fellow = told.people["mentor"], told.people["fellow"]
    asked = ask(app, mentor, fellow)

    page = talk(browser, asked, about=told.aliases["unsafe"])

    assert page.status_code == 422
    with app.app_context():
        assert db.session.scalars(select(Acknowledgement.response_id)).all() == []


def test_a_meeting_that_was_noted_elsewhere_answers_what_was_asked(
    app: Flask, asked: Asked, signed_in
) -> None:
    url = f"/fellows/{asked.fellow.id}/meetings/new"
    send(signed_in(asked.mentor), url, {"met_on": day_of(utcnow() - timedelta(days=1))})

    assert answer_of(app, asked) is PromptAnswer.TALKED


def test_each_mentor_answers_alone(app: Flask, asked: Asked, browser: FlaskClient) -> None:
    with app.app_context(), transaction():
        second = make_user(Role.MENTOR)
        make_mentorship(second, asked.fellow)
    other = ask(app, second, asked.fellow)

    talk(browser, asked)

    assert answer_of(app, other) is None


def mailed(app: Flask, rhythm: Rhythm) -> tuple[str, str, str]:
    """Return of a mail that asks for a word: its text, its days, and where its link leads."""
    mentor, fellow = pair(app)
    with app.app_context():
        now = utcnow()
        with transaction():
            choose(mentor, rhythm, now=now - timedelta(days=30))
        timetable = Timetable(rhythm, mentor.time_zone)
        week = week_of(timetable.due_day(now) - timedelta(days=7))
        ended = timetable.bounds(week)[1]
        with transaction():
            case = make_topic_case(PHARM, 3)
            make_given(fellow, [case], ended - timedelta(days=3), title="Quiz 5", open_days=9)
            digest = compose_digest(mentor.id, week, now=now)
        assert digest is not None
        text = parts_of(db.session.get_one(Message, digest.message_id)).text
        days = from_json(digest.said).period
    line = next(line for line in text.splitlines() if line.startswith("We talked: "))
    return text, days, line.partition("localhost")[2]


def test_the_mail_leads_to_what_it_asks(app: Flask, browser: FlaskClient) -> None:
    text, _, path = mailed(app, Rhythm())

    assert "Dr. Amara Okafor" in words(browser.get(path))
    assert f"Set a goal: http://localhost{path}/goal" in text.splitlines()
    assert f"Not needed, because: http://localhost{path}/not-needed" in text.splitlines()


@pytest.mark.parametrize("weekday", [0, 3])
def test_the_page_is_about_the_days_that_the_mail_is_about(
    app: Flask, browser: FlaskClient, weekday: int
) -> None:
    text, days, path = mailed(app, Rhythm(weekday=weekday))

    assert days in text
    for end in ("", "/goal", "/not-needed"):
        assert f"Dr. Amara Okafor, {days}." in words(browser.get(path + end))
