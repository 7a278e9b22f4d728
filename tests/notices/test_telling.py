"""Who looks after the bank is told a fact once, by a mail that says nothing of a key."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time, timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.core.mail.reading import parts_of
from lms.core.settings import change_settings_of_program
from lms.mentoring.goals.occasions import GoalOccasion
from lms.mentoring.wishing.occasions import WishOccasion
from lms.notices.kinds import kinds_for, stoppable_kind
from lms.notices.mentor_occasions import MentorOccasion
from lms.notices.models import Notice
from lms.notices.occasions import Occasion
from lms.notices.queries import stopped_kinds
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.notices.quiz_occasions import QuizOccasion
from lms.notices.services import set_wanted
from lms.notices.stop_links import stop_path
from lms.notices.telling import Telling, tell, tell_each
from lms.people.models import Role, User, UserRole
from tests.factories import make_user
from tests.progress.statements import counted
from tests.signin.helpers import token_of

NOW = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


def telling(fact: str = "41", occasion: Occasion = Occasion.ITEM_WITHHELD) -> Telling:
    return Telling(
        occasion=occasion,
        fact=fact,
        about=("case", 7),
        subject="Item 2 of “Burning feet” is withheld",
        sentences=("Dr. Osei withheld it on Nov 25.", "It is asked & counted again once mended."),
        button="Open the case",
        path="/bank/burning-feet",
    )


def people(count: int, *roles: Role) -> list[User]:
    with transaction():
        return [make_user(*(roles or (Role.FACULTY,))) for _ in range(count)]


def told(*facts: Telling, to: list[User], now: datetime = NOW) -> None:
    with transaction():
        for fact in facts:
            tell(fact, to, now=now)


def messages() -> list[Message]:
    db.session.rollback()
    every = db.select(Message).order_by(Message.id).execution_options(populate_existing=True)
    return list(db.session.scalars(every))


def state_once_claimed(now: datetime = NOW) -> MailState:
    (message,) = messages()
    with transaction():
        claim(message.id, now=now)
    return messages()[0].state


def test_a_fact_is_told_to_each_person_once_by_a_mail_and_a_notice(in_app: Flask) -> None:
    one, other = people(2)

    told(telling(), to=[one])
    told(telling(), telling("42"), to=[one, other])

    keys = {(each.recipient_id, each.key) for each in messages()}
    notices = list(db.session.scalars(db.select(Notice)))
    assert keys == {
        (person.id, f"item_withheld:{fact}:{person.id}")
        for person in (one, other)
        for fact in ("41", "42")
    }
    assert {(notice.user_id, notice.key) for notice in notices} == keys
    assert {(notice.object_type, notice.object_id) for notice in notices} == {("case", 7)}
    assert {(notice.kind, notice.seen_at) for notice in notices} == {("item_withheld", None)}


def test_five_who_tell_at_once_write_one_mail_and_one_notice(app: Flask) -> None:
    with app.app_context():
        everybody = people(3)
    start = Barrier(5)

    def sweep(_: int) -> None:
        start.wait()
        with app.app_context():
            told(telling(), telling("42"), to=everybody)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(sweep, range(5)))

    with app.app_context():
        assert len(messages()) == 6
        assert db.session.scalar(db.select(db.func.count()).select_from(Notice)) == 6


def test_many_are_told_in_as_many_statements_as_one(in_app: Flask) -> None:
    few, many = people(1), people(60)

    with counted(in_app) as for_few:
        told(telling(), to=few)
    with counted(in_app) as for_many:
        told(telling("42"), to=many)

    assert len(for_many) == len(for_few)
    assert len(messages()) == 61


def test_the_mail_says_what_happened_in_both_parts_and_how_it_is_stopped(in_app: Flask) -> None:
    (person,) = people(1)
    told(telling(), to=[person])

    (message,) = messages()
    parts = parts_of(message)

    assert message.subject == "Item 2 of “Burning feet” is withheld"
    assert "It is asked & counted again once mended." in parts.text
    assert "It is asked &amp; counted again once mended." in (parts.html or "")
    for part in (parts.text, parts.html or ""):
        assert "http://localhost/bank/burning-feet" in part
        assert "/unsubscribe/" in part
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message.raw


@pytest.mark.parametrize("occasion", Occasion)
def test_every_occasion_can_be_stopped_and_then_no_mail_leaves(
    in_app: Flask, occasion: Occasion
) -> None:
    (person,) = people(1)
    with transaction():
        set_wanted(person.id, occasion, False, now=NOW)

    told(telling(occasion=occasion), to=[person])

    assert state_once_claimed() is MailState.CANCELLED
    assert len(list(db.session.scalars(db.select(Notice)))) == 1


def test_stopping_one_kind_stops_no_other(in_app: Flask) -> None:
    (person,) = people(1)
    with transaction():
        set_wanted(person.id, Occasion.REVIEW_DUE, False, now=NOW)

    told(telling(), to=[person])

    assert state_once_claimed() is MailState.CONNECTING


def test_who_has_lost_the_role_meanwhile_gets_no_mail(in_app: Flask) -> None:
    (person,) = people(1)
    told(telling(), to=[person])
    with transaction():
        db.session.execute(db.update(UserRole).values(role=Role.MENTOR))

    assert state_once_claimed() is MailState.CANCELLED


def test_in_quiet_hours_it_waits_by_the_readers_clock(in_app: Flask) -> None:
    (person,) = people(1)
    with transaction():
        change_settings_of_program(None, {QUIET_HOURS: QuietHours(time(21), time(7))}, now=NOW)
    night = NOW.replace(hour=11)  # 6 AM in New York
    told(telling(), to=[person], now=night)

    assert state_once_claimed(night) is MailState.QUEUED
    assert messages()[0].next_try_at == night + timedelta(hours=1)


def test_each_can_be_told_in_words_of_the_own(in_app: Flask) -> None:
    one, other = people(2)

    with transaction():
        tell_each([(telling("41"), one), (telling("42"), other)], now=NOW)

    assert [message.recipient_id for message in messages()] == [one.id, other.id]


def test_each_role_chooses_among_what_goes_to_it() -> None:
    to_mark = QuizOccasion.ESSAYS_WAIT
    to_direct = {
        QuizOccasion.NOT_BEGUN,
        QuizOccasion.MAILS_FAILED,
        QuizOccasion.ANSWERS_TO_LOOK_AT,
    }
    to_fellows = set(QuizOccasion) - to_direct - {to_mark}
    to_both = {MentorOccasion.DEPUTY_NAMED, MentorOccasion.HANDED_OVER, *GoalOccasion}
    to_mentors = {
        MentorOccasion.WORD_WAITS, MentorOccasion.DIRECTOR_WROTE, WishOccasion.ANSWERED,
    }  # fmt: skip
    for role, kinds in {
        Role.FACULTY: {*Occasion, to_mark},
        Role.DIRECTOR: {
            *Occasion, to_mark, *to_direct, MentorOccasion.MENTOR_AWAY, WishOccasion.WAITS,
        },
        Role.FELLOW: {*to_fellows, MentorOccasion.MEETING_NOTED, *to_both},
        Role.MENTOR: {"digest", *to_mentors, *to_both},
    }.items():  # fmt: skip
        assert {kind.kind for kind in kinds_for({role})} == kinds
    assert "digest" in {kind.kind for kind in kinds_for({Role.MENTOR, Role.FACULTY})}


def choose(browser: FlaskClient, kinds: list[str]) -> TestResponse:
    token = token_of(browser.get("/settings"))
    return browser.post("/settings/mails", data={"csrf_token": token, "wanted": kinds})


def test_each_kind_is_stopped_and_started_again_under_settings(
    app: Flask, signed_in: Callable[[User], FlaskClient]
) -> None:
    with app.app_context():
        (person,) = people(1)
    browser = signed_in(person)
    shown = browser.get("/settings").get_data(as_text=True)
    kinds = [kind.kind for kind in kinds_for({Role.FACULTY})]
    assert shown.count('name="wanted"') == len(kinds)

    kept = [kind for kind in kinds if kind != Occasion.CASE_PUBLISHED]
    answer = choose(browser, kept)
    with app.app_context():
        stopped = stopped_kinds(person.id)
    choose(browser, kinds)

    assert answer.location.endswith("/settings#mails-card")
    assert stopped == {"case_published"}
    with app.app_context():
        assert stopped_kinds(person.id) == set()


def test_a_kind_that_does_not_go_to_the_person_cannot_be_chosen(
    app: Flask, signed_in: Callable[[User], FlaskClient]
) -> None:
    with app.app_context():
        (person,) = people(1)

    refused = choose(signed_in(person), ["digest"])

    assert refused.location.endswith("/settings#mails-card")
    with app.app_context():
        assert stopped_kinds(person.id) == set()


@pytest.mark.parametrize("occasion", Occasion)
def test_a_mail_is_stopped_from_its_link_without_signing_in(
    app: Flask, client: FlaskClient, occasion: Occasion
) -> None:
    with app.app_context():
        (person,) = people(1)
    with app.test_request_context():
        link = stop_path(person.id, occasion).in_clear()

    asked = client.get(link).get_data(as_text=True)
    done = client.post(link).get_data(as_text=True)

    assert stoppable_kind(occasion).name in asked
    assert "is stopped" in done
    with app.app_context():
        assert stopped_kinds(person.id) == {occasion}
