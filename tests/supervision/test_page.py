"""The page of an assignment: who is where, for directors in full, for faculty what is in."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from lms.attempts.models import Attempt
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.grading.services import grade_attempt
from lms.people.models import Role, User
from lms.signin.models import UserSession
from lms.supervision import services as acts
from question_bank.terms import Grant
from tests.factories import add, day_of, make_user
from tests.reading import words, words_of
from tests.signin.helpers import counted
from tests.supervision.whereabouts import DAY, MINUTE, Ward, begin, freeze, hand_in, make_ward

NAMES = ("Adeyemi", "Brandt", "Costa", "Diallo", "Eklund", "Farah")


@pytest.fixture
def director(app: Flask, signed_in):
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR)
    return signed_in(person)


@pytest.fixture
def faculty(app: Flask, signed_in):
    with app.app_context(), transaction():
        person = make_user(Role.FACULTY)
    return signed_in(person)


@pytest.fixture
def ward(app: Flask) -> Ward:
    """Somebody in each state; Farah has not begun."""
    now = utcnow()
    with app.app_context(), transaction():
        ward = make_ward(now, *NAMES)
        begin(ward, "Adeyemi", now - 8 * MINUTE, answered=2)
        begin(ward, "Brandt", now - 2 * MINUTE, answered=1)
        freeze(begin(ward, "Costa", now - 9 * MINUTE), now - MINUTE)
        hand_in(begin(ward, "Diallo", now - 20 * MINUTE, answered=4), now - 5 * MINUTE)
        graded = begin(ward, "Eklund", now - 25 * MINUTE, answered=3)
        hand_in(graded, now - 10 * MINUTE)
        grade_attempt(graded.id, now=now)
    return ward


def rows(text: str) -> list[str]:
    """Return what each line of the table says."""
    return [words_of(row) for row in re.findall(r'<tr id="fellow-.*?</tr>', text, re.DOTALL)]


def test_a_director_sees_where_each_fellow_is_and_first_who_may_need_help(director, ward) -> None:
    said = rows(director.get(ward.page).text)

    starts = [line.partition(" Time allowed")[0] for line in said]
    assert starts[0].startswith("Dr. Adeyemi Running, not connected 2 of 4 22 min left")
    assert starts[1].startswith("Dr. Brandt Running 1 of 4 28 min left")
    assert starts[2].startswith("Dr. Costa Frozen 0 of 4 Until")
    assert starts[3].startswith("Dr. Farah Not begun Until")
    assert starts[4].startswith("Dr. Diallo Handed in 4 of 4 Handed in")
    assert starts[5].startswith("Dr. Eklund Graded 3 of 4 Handed in")
    assert "1 running, not connected 1 running 1 frozen 1 not begun 1 handed in 1 graded" in words(
        director.get(ward.page)
    )


def test_faculty_see_what_is_in_by_name_and_nothing_of_who_has_begun(faculty, ward) -> None:
    page = faculty.get(ward.page)

    assert rows(page.text) == [
        "Dr. Adeyemi Not in yet",
        "Dr. Brandt Not in yet",
        "Dr. Costa Not in yet",
        "Dr. Diallo Handed in 4 of 4",
        "Dr. Eklund Graded 3 of 4",
        "Dr. Farah Not in yet",
    ]
    told = words(page)
    assert "Results by item are shown from 5 handed in on; 2 so far." in told
    for word in ("min left", "Last seen", "Frozen", "Not begun", "connected", "Time allowed"):
        assert word not in told


def test_an_attempt_whose_time_is_up_waits_for_the_sweep(app, director, faculty, ward) -> None:
    with app.app_context(), transaction():
        past = {"deadline_at": utcnow() - MINUTE}
        late = db.update(Attempt).where(Attempt.fellow_id == ward.fellows["Brandt"].id)
        db.session.execute(late.values(past))

    assert any(
        "Dr. Brandt Time is up, handing in" in row for row in rows(director.get(ward.page).text)
    )
    assert "Dr. Brandt Not in yet" in rows(faculty.get(ward.page).text)


def test_who_has_not_begun_what_was_taken_back_is_said_to_be_withdrawn(app, director, ward) -> None:
    with app.app_context(), transaction():
        acts.withdraw(db.session.get_one(User, ward.given.created_by), ward.given.id, now=utcnow())

    said = rows(director.get(ward.page).text)

    assert said[-1] == "Dr. Farah Withdrawn Time allowed : Dr. Farah"
    assert "Dr. Brandt Running 1 of 4" in said[1]


def test_after_it_has_closed_who_did_not_begin_has_missed_it(app, director, faculty) -> None:
    now = utcnow()
    with app.app_context(), transaction():
        ward = make_ward(now - 9 * DAY, "Adeyemi")

    assert "Dr. Adeyemi Missed" in rows(director.get(ward.page).text)[0]
    assert rows(faculty.get(ward.page).text) == ["Dr. Adeyemi Not in yet"]


def test_when_somebody_was_last_there_is_told_to_directors(app, director, faculty, ward) -> None:
    with app.app_context(), transaction():
        seen = utcnow() - 40 * DAY
        add(
            UserSession(
                user_id=ward.fellows["Farah"].id, secret_hash="x", browser="", created_at=seen,
                seen_at=seen,
            )
        )  # fmt: skip

    said = next(row for row in rows(director.get(ward.page).text) if "Farah" in row)

    assert f"{seen:%b}" in said.partition(" PM ")[2] + said.partition(" AM ")[2]
    assert "Dr. Farah Not in yet" in rows(faculty.get(ward.page).text)


def test_who_reads_and_answers_nothing_is_connected_as_long_as_the_page_asks(
    app, signed_in, director, ward
) -> None:
    adeyemi = signed_in(ward.fellows["Adeyemi"])
    with app.app_context(), transaction():
        db.session.execute(
            db.update(UserSession)
            .where(UserSession.user_id == ward.fellows["Adeyemi"].id)
            .values(seen_at=utcnow() - 6 * MINUTE)
        )
    silent = rows(director.get(ward.page).text)

    assert adeyemi.get(f"/attempts/{begun_id(app, ward, 'Adeyemi')}/status").status_code == 200

    said = rows(director.get(ward.page).text)
    assert silent[0].startswith("Dr. Adeyemi Running, not connected 2 of 4")
    assert next(row for row in said if "Adeyemi" in row).startswith("Dr. Adeyemi Running 2 of 4")


def begun_id(app: Flask, ward: Ward, name: str) -> int:
    with app.app_context():
        return begin_time(ward, name).id


class TestTheLivePart:
    def test_it_is_what_the_page_shows_and_is_not_sent_twice(self, director, ward) -> None:
        page = director.get(ward.page)
        tag = re.search(r'data-tag="(\w+)"', page.text)

        piece = director.get(f"{ward.page}/now")
        again = director.get(f"{ward.page}/now", headers={"If-None-Match": piece.headers["ETag"]})

        assert rows(piece.text) == rows(page.text)
        assert "<html" not in piece.text
        assert tag is not None
        assert piece.headers["ETag"] == f'"{tag[1]}"'
        assert (again.status_code, again.data) == (304, b"")
        assert re.fullmatch(r"\d{1,2}:\d\d:\d\d [AP]M", again.headers["As-Of"])
        assert again.headers["Cache-Control"] == "no-store"

    def test_its_tag_changes_for_a_director_as_soon_as_somebody_begins(
        self, app, director, ward
    ) -> None:
        before = director.get(f"{ward.page}/now").headers["ETag"]
        with app.app_context(), transaction():
            begin(ward, "Farah", utcnow())

        assert director.get(f"{ward.page}/now").headers["ETag"] != before

    def test_for_faculty_it_changes_only_by_what_is_in(self, app, faculty, ward) -> None:
        def piece() -> tuple[str | None, bytes]:
            page = faculty.get(f"{ward.page}/now")
            return page.headers["ETag"], page.data

        before = piece()
        with app.app_context(), transaction():
            attempt = begin(ward, "Farah", utcnow(), answered=3)
            frozen = begin_time(ward, "Brandt")
            freeze(frozen, utcnow())
            acts.accommodate(
                make_user(Role.DIRECTOR), ward.fellows["Farah"].id, percent=None, days=9,
                reason="Certified", starts_on=day_of(utcnow()) - DAY, now=utcnow(),
            )  # fmt: skip
            acts.extend(
                make_user(Role.DIRECTOR), ward.given.id, ward.fellows["Brandt"].id,
                grant=Grant(minutes=20), reason="On call", now=utcnow(),
            )  # fmt: skip
        assert piece() == before

        with app.app_context(), transaction():
            hand_in(attempt, utcnow())
        assert piece() != before

    def test_what_is_not_there_is_not_found(self, director) -> None:
        assert director.get("/assignments/99999/now").status_code == 404


def begin_time(ward: Ward, name: str) -> Attempt:
    """Return the attempt that a fellow has begun."""
    return db.session.scalars(
        db.select(Attempt).where(Attempt.fellow_id == ward.fellows[name].id)
    ).one()


@pytest.mark.parametrize("who", ["director", "faculty"])
def test_sixty_fellows_take_as_many_statements_as_one(app, request, who: str) -> None:
    now = utcnow()
    browser = request.getfixturevalue(who)
    sent = []
    for count in (1, 12):
        with app.app_context(), transaction():
            names = [f"{chr(65 + n)}{count}" for n in range(count)]
            ward = make_ward(now, *names)
            for name in names:
                begin(ward, name, now - timedelta(minutes=3), answered=1)
        for address in (ward.page, f"{ward.page}/now"):
            with counted(app) as statements:
                assert browser.get(address).status_code == 200
            sent.append(statements())

    assert sent[:2] == sent[2:]
    assert sent[1] <= 16
