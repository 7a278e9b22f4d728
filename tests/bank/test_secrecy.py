"""A fellow who also writes cases reads the keys only of the own ones."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts.secrecy import KeysKept, may_read_keys
from lms.attempts.services import start_attempt, submit_attempt
from lms.cases.gate import fault_in_short
from lms.cases.models import CaseVersion
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.panels import services as panels
from lms.people.models import Role, User
from lms.program.models import Cohort, Membership
from lms.quizzes.admission import NotDrawn
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.quizzes.models import Assignment
from tests.attempts.factories import ALL_KINDS, SECRET, case_body, make_assignment
from tests.attempts.kinds import EVERY_KIND, essay_item
from tests.attempts.sitting import sitting_at
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, add, day_of, make_fellow, make_track, make_user
from tests.panels.factories import SLUG, answer_with, make_asked
from tests.reading import words_of

TODAY = day_of(utcnow())
DAY = timedelta(days=1)


def member(*roles: Role, starts: date = TODAY - 30 * DAY, ends: date | None = None) -> User:
    """Return a person in a cohort that runs around today; for a transaction."""
    user = make_user(*roles)
    cohort = add(
        Cohort(
            track_id=make_track("ipm").id, name=f"Cohort {user.id}",
            starts_on=TODAY - 60 * DAY, ends_on=TODAY + 60 * DAY,
        )
    )  # fmt: skip
    add(Membership(cohort_id=cohort.id, fellow_id=user.id, starts_on=starts, ends_on=ends))
    return user


@pytest.fixture
def both(app: Flask) -> User:
    """A fellow in a cohort who is faculty too, as chief fellows are."""
    with app.app_context():
        load(case_file("ward", *EVERY_KIND))
        with transaction():
            return member(Role.FELLOW, Role.FACULTY)


def look(browser: FlaskClient, path: str = "/bank/ward") -> str:
    page = browser.get(path)
    assert page.status_code == 200
    return page.text


def test_the_page_of_a_case_tells_them_neither_key_nor_reason_nor_source(both, signed_in) -> None:
    text = look(signed_in(both))

    assert SECRET not in text
    assert "Best answer" not in text
    assert "Key" not in text.replace("Keyboard", "")
    assert "Sources" not in text
    assert "naloxone" not in text.lower()
    assert "Without keys" in text
    assert text.count("Item ") >= len(EVERY_KIND)


def test_they_read_the_keys_of_a_case_that_they_wrote(app, both, signed_in) -> None:
    with app.app_context(), transaction():
        load_cases(both, [case_file("own", *ALL_KINDS)], now=NOW)

    assert SECRET in look(signed_in(both), "/bank/own")
    assert SECRET not in look(signed_in(both))


@pytest.mark.parametrize(
    ("roles", "membership"),
    [
        pytest.param((Role.FACULTY,), {}, id="faculty, though a member once"),
        pytest.param((Role.DIRECTOR,), {}, id="a director"),
        pytest.param((Role.FELLOW, Role.FACULTY), {"ends": TODAY - DAY * 3}, id="graduated"),
    ],
)
def test_who_is_no_fellow_in_a_cohort_reads_them(app, both, signed_in, roles, membership) -> None:
    with app.app_context(), transaction():
        user = member(*roles, **membership)

    assert SECRET in look(signed_in(user))


def graduate() -> User:
    """Return a fellow who has left the cohort, and is faculty; for a transaction."""
    return member(Role.FELLOW, Role.FACULTY, ends=TODAY - DAY * 3)


def by_name(fellow: User, *, opens: timedelta, closes: timedelta, attempts: int = 1) -> Assignment:
    """Assign another case to a fellow by name, by times from now; for a transaction."""
    ago = utcnow() - NOW
    given = make_assignment(
        opens_in=ago + opens, due_in=ago + closes, closes_in=ago + closes, attempts_allowed=attempts
    )
    given.audiences[0].cohort_id, given.audiences[0].fellow_id = None, fellow.id
    db.session.flush()
    return given


def taken(given: Assignment, fellow: User) -> None:
    """Let a fellow take what is open, and hand it in; for a transaction."""
    attempt = start_attempt(fellow, given.id, now=utcnow())
    submit_attempt(fellow, attempt.id, now=utcnow())


def test_who_will_be_in_a_cohort_does_not_read_them(app, both, signed_in) -> None:
    with app.app_context(), transaction():
        user = member(Role.FELLOW, Role.FACULTY, starts=TODAY + DAY * 3)

    assert SECRET not in look(signed_in(user))


@pytest.mark.parametrize(
    ("opens", "closes", "read"),
    [
        pytest.param(-DAY, DAY, False, id="open"),
        pytest.param(DAY, 2 * DAY, False, id="opens tomorrow"),
        pytest.param(-2 * DAY, -DAY, True, id="closed"),
    ],
)
def test_while_a_quiz_assigned_by_name_can_be_begun_they_do_not(
    app, both, signed_in, opens: timedelta, closes: timedelta, read: bool
) -> None:
    with app.app_context(), transaction():
        user = graduate()
        by_name(user, opens=opens, closes=closes)

    assert (SECRET in look(signed_in(user))) is read


@pytest.mark.parametrize(("attempts", "read"), [(1, True), (2, False)])
def test_when_it_is_taken_they_do_unless_it_can_be_begun_again(
    app, both, signed_in, attempts: int, read: bool
) -> None:
    with app.app_context(), transaction():
        user = graduate()
        taken(by_name(user, opens=-DAY, closes=DAY, attempts=attempts), user)

    assert (SECRET in look(signed_in(user))) is read


def test_what_was_taken_back_keeps_no_key(app, both, signed_in) -> None:
    with app.app_context(), transaction():
        user = graduate()
        by_name(user, opens=-DAY, closes=DAY).withdrawn_at = utcnow()

    assert SECRET in look(signed_in(user))


def test_who_left_the_cohort_while_an_attempt_runs_does_not_read_them(app, signed_in) -> None:
    with app.app_context():
        load(case_file("ward", *EVERY_KIND))
        with transaction():
            user = make_user(Role.FELLOW, Role.FACULTY)
            given = make_assignment(user, closes_in=utcnow() - NOW + DAY)
            attempt = start_attempt(user, given.id, now=utcnow())
            of_user = Membership.fellow_id == user.id
            db.session.execute(db.update(Membership).where(of_user).values(ends_on=TODAY - DAY))
        running = look(signed_in(user))
        with transaction():
            submit_attempt(user, attempt.id, now=utcnow())

    assert SECRET not in running
    assert SECRET in look(signed_in(user))


def test_another_persons_version_makes_nobody_an_author(app, both) -> None:
    with app.app_context():
        with transaction():
            other = make_user(Role.FACULTY)
            load_cases(other, [case_file("ward", *ALL_KINDS)], now=NOW)
        case_id = stored("ward").id
        authors = db.session.scalars(
            db.select(CaseVersion.author_id).where(CaseVersion.case_id == case_id)
        ).all()

        assert other.id in authors
        assert not may_read_keys(both, case_id, utcnow())


def test_they_neither_see_nor_use_what_a_panel_answered(app, signed_in) -> None:
    with app.app_context():
        _, secrets = make_asked(12)
        answer_with(secrets, [0, 1, 1, 1, 1, 2, 2, 2, 3, 4, 4, 4])
        with transaction():
            both, plain = member(Role.FELLOW, Role.FACULTY), make_user(Role.FACULTY)
    path = f"/bank/{SLUG}/panel"
    told, text = look(signed_in(plain), path), look(signed_in(both), path)
    with app.app_context(), pytest.raises(KeysKept), transaction():
        panels.use_answers(both, SLUG, now=utcnow())

    assert "Chosen by" in told
    assert "Chosen by" not in text
    assert "Use these answers" not in text
    assert "12 answered" in text


def test_a_fellow_alone_does_not_come_in_at_all(app, both, signed_in) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()

    assert signed_in(fellow).get("/bank/ward").status_code == 403


def test_they_do_not_mark_what_they_may_be_asked(app, signed_in) -> None:
    """The rubric of an essay is its key."""
    sat = sitting_at(app, signed_in, case_body(essay_item(), slug="essay"))
    sat.save(1, answer="Your pain is real.")
    sat.result()
    with app.app_context(), transaction():
        both, plain = member(Role.FELLOW, Role.FACULTY), make_user(Role.FACULTY)
    page = f"/marking/{sat.alias_at(1)}"

    assert SECRET in look(signed_in(plain), page)
    refused = signed_in(both).get(page)
    assert refused.status_code == 403
    assert SECRET not in refused.text


TOLD = "L33, items[0].options[0].harm: “Respiratory arrest” is not in the list of acts (name it)."


def find_fault(slug: str) -> int:
    """Have a rule have found a fault in a case that quotes what only its keys tell; its id."""
    with transaction():
        case = stored(slug)
        case.fault = TOLD
        return case.id


def test_a_fault_that_quotes_keys_is_told_them_by_the_rule_alone(app, both, signed_in) -> None:
    with app.app_context():
        case_id = find_fault("ward")
        with transaction():
            quiz = quizzes.create_quiz(both, title="Rounds", now=NOW)
        with pytest.raises(NotDrawn) as refused, transaction():
            arranging.add_case(both, quiz.id, case_id, now=NOW)
        with transaction():
            plain = make_user(Role.FACULTY)
    told, browser = look(signed_in(plain)), signed_in(both)

    assert TOLD in words_of(told)
    for said in (words_of(look(browser)), words_of(look(browser, "/bank")), str(refused.value)):
        assert "It breaks L33 of the rules." in said
        assert "arrest" not in said
        assert "items[0]" not in said


@pytest.mark.parametrize(
    ("fault", "short"),
    [
        ("L21, b: “Tear of L45, too” (z). L07, c: d (e).", "L07 and L21"),
        ("Its version is damaged and cannot be read.", "damaged"),
        ("There is no drawing “torn-tendon.svg”.", "a drawing that is not there"),
    ],
)
def test_what_is_said_of_a_fault_in_short_quotes_nothing(fault: str, short: str) -> None:
    assert short in fault_in_short(fault)
    assert "tendon" not in fault_in_short(fault)


def test_what_they_may_not_publish_is_not_offered_to_be_published(app, both, signed_in) -> None:
    with app.app_context(), transaction():
        load_cases(None, [case_file("ward", takeaway="Another.")], now=NOW)
        plain = make_user(Role.FACULTY)
    path, offer = "/bank/ward?version=2", "/bank/ward/versions/2/publish"

    assert offer in look(signed_in(plain), path)
    assert "Version 2 is proposed" in look(signed_in(both), path)
    assert offer not in look(signed_in(both), path)
