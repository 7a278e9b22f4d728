"""How the items went, the files of it, and a message to those who have not begun."""

import csv
import io
from datetime import timedelta
from fractions import Fraction

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.people.models import Role
from lms.quizzes.models import Assignment, Audience
from question_bank.terms import Unfinished
from tests.factories import add, make_cohort, make_fellow, make_user
from tests.progress.factories import PHARM, make_given, make_topic_case, sit
from tests.reading import words
from tests.signin.helpers import counted, send, sight_of, token_of
from tests.supervision.whereabouts import MINUTE, begin, hand_in, make_ward

NAMES = ("Adeyemi", "=Brandt", "Costa", "Diallo", "Eklund", "Farah")


class Round:
    """A quiz of two items, given to six fellows."""

    def __init__(self, app: Flask, handed_in: int) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            self.fellows = [make_fellow(name) for name in NAMES]
            make_cohort(*self.fellows)
            case = make_topic_case(PHARM, 2)
            given = make_given(self.fellows[0], [case], now + timedelta(days=3), title="Rounds")
            at = now - timedelta(minutes=9)
            for place, fellow in enumerate(self.fellows[:handed_in]):
                marks = [Fraction(1), Fraction(place % 2)]
                sit(fellow, given, at, case.items, marks, graded_at=at)
            self.page, self.id = f"/assignments/{given.id}", given.id


@pytest.fixture
def director(app: Flask, signed_in):
    with app.app_context(), transaction():
        person = make_user(Role.DIRECTOR, name="Dr. Kowalczyk")
    return signed_in(person)


@pytest.fixture
def faculty(app: Flask, signed_in):
    with app.app_context(), transaction():
        person = make_user(Role.FACULTY)
    return signed_in(person)


def table(page) -> list[list[str]]:
    assert page.status_code == 200, page.text
    return list(csv.reader(io.StringIO(page.data.decode("utf-8-sig"))))


class TestItems:
    def test_directors_see_them_at_once_lowest_first_in_counts(self, app, director) -> None:
        said = words(director.get(Round(app, 2).page))

        assert said.index("Item 2: ") < said.index("Item 1: ")
        assert "1 of 2 right" in said
        assert "95% interval" not in said
        assert "item-0 first" not in said

    def test_faculty_see_them_from_five_on(self, app, faculty) -> None:
        few, enough = (words(faculty.get(Round(app, n).page)) for n in (3, 5))

        assert "Results by item are shown from 5 handed in on; 3 so far." in few
        assert "Item 1: " not in few
        assert "Item 1: " in enough
        assert "2 of 5 right" in enough
        assert "5: item-0 first" in enough

    def test_who_may_be_asked_the_same_is_told_nothing(self, app, signed_in) -> None:
        ward = Round(app, 5)
        with app.app_context(), transaction():
            both = make_user(Role.DIRECTOR, Role.FELLOW)
            make_cohort(both)

        said = words(signed_in(both).get(ward.page))

        assert "Of 2 items nothing is shown, since you may be asked the same." in said
        assert "Item 1: " not in said

    def test_they_take_as_many_statements_for_six_as_for_five(self, app, director) -> None:
        sent = []
        for handed_in in (5, 6):
            page = Round(app, handed_in).page
            director.get(page)
            with counted(app) as statements:
                assert director.get(page).status_code == 200
            sent.append(statements())

        assert sent[0] == sent[1]


class TestFiles:
    def test_scores_are_by_person_and_no_name_is_a_formula(self, app, director) -> None:
        ward = Round(app, 2)

        head, *rows = table(director.get(f"{ward.page}/scores.csv"))

        assert head[:3] == ["Fellow", "State", "Attempt"]
        assert {row[0] for row in rows} == {"'=Brandt", *NAMES} - {"=Brandt"}
        assert {row[0]: row[7] for row in rows}["Adeyemi"] == "50.0"
        assert director.get(f"{ward.page}/scores.xlsx").data[:2] == b"PK"

    def test_each_attempt_has_its_own_state(self, app, director) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            ward = make_ward(now, "Adeyemi", "Brandt")
            ward.given.attempts_allowed, ward.given.unfinished = 2, Unfinished.ABANDON
        for name, second in (("Adeyemi", True), ("Brandt", False)):
            with app.app_context(), transaction():
                lost = begin(ward, name, now - 60 * MINUTE, answered=1)
                attempts.close_overdue(lost.id, now=now - 20 * MINUTE)
            if second:
                with app.app_context(), transaction():
                    hand_in(begin(ward, name, now - 9 * MINUTE), now - MINUTE)

        _, *rows = table(director.get(f"{ward.page}/scores.csv"))

        assert [row[:4] for row in rows] == [
            ["Dr. Adeyemi", "Abandoned", "1", "1"],
            ["Dr. Adeyemi", "Handed in", "2", "0"],
            ["Dr. Brandt", "Abandoned", "1", "1"],
        ]

    def test_items_are_without_names_and_follow_at_five(self, app, director, faculty) -> None:
        for browser in (director, faculty):
            assert browser.get(f"{Round(app, 4).page}/items.csv").status_code == 409
            ward = Round(app, 5)
            page = browser.get(f"{ward.page}/items.csv")
            _, *rows = table(page)
            assert [row[0] for row in rows] == ["1", "2"]
            assert [row[3:5] for row in rows] == [["5", "5.0"], ["5", "2.0"]]
            assert not any(name in page.text for name in NAMES)
            assert browser.get(f"{ward.page}/items.xlsx").data[:2] == b"PK"

    def test_ones_answers_need_a_reason_are_audited_and_told(self, app, director) -> None:
        ward = Round(app, 1)
        fellow = ward.fellows[0]
        asked = {"fellow_id": fellow.id, "reason": "", "ending": "csv"}

        refused = send(director, f"{ward.page}/answers", asked)
        given = send(director, f"{ward.page}/answers", asked | {"reason": "An appeal"})

        assert refused.status_code == 422
        _, *rows = table(given)
        assert [row[4] for row in rows] == ["item-0 first", "item-1 first"]
        with app.app_context():
            deed = db.session.scalars(
                db.select(AuditEvent).where(AuditEvent.action == "answers.export")
            ).one()
            letter = db.session.scalars(
                db.select(Message).where(Message.recipient_id == fellow.id)
            ).one()
            assert deed.after == {"fellow": fellow.id, "reason": "An appeal"}
            assert "Reason: An appeal" in parts_of(letter).text
            assert "Dr. Kowalczyk has taken out your answers" in letter.subject

    def test_nobodys_answers_are_taken_out_unless_a_fellow_is_chosen(self, app, director) -> None:
        ward = Round(app, 1)
        offered = director.get(f"{ward.page}/answers").text
        asked = {"fellow_id": "", "reason": "An appeal", "ending": "csv"}

        refused = send(director, f"{ward.page}/answers", asked)

        assert "Choose a fellow." in words(refused)
        assert offered.index("Choose a fellow</option>") < offered.index(ward.fellows[0].name)

    def test_of_who_has_begun_nothing_there_are_no_answers(self, app, director) -> None:
        ward = Round(app, 1)
        asked = {"fellow_id": ward.fellows[-1].id, "reason": "An appeal", "ending": "csv"}

        assert send(director, f"{ward.page}/answers", asked).status_code == 422


class TestAMessage:
    def test_it_goes_once_as_typed_to_who_has_not_begun(self, app, director) -> None:
        ward = Round(app, 4)
        page = director.get(f"{ward.page}/message")
        assert "To =Brandt" not in words(page)
        assert "To Eklund, Farah." in words(page)
        form = {"text": "Please *begin*.\n<b>Soon</b>", "token": "one"}

        answer = send(director, f"{ward.page}/message", form)
        assert "Sent to 2 fellows." in words(director.get(answer.location))
        send(director, f"{ward.page}/message", form)

        with app.app_context():
            letters = db.session.scalars(db.select(Message)).all()
            deeds = db.session.scalars(
                db.select(AuditEvent).where(AuditEvent.action == "assignment.message")
            ).all()
            assert sorted(e.recipient_id for e in letters) == [e.id for e in ward.fellows[4:]]
            assert "Please *begin*.\r\n<b>Soon</b>" in parts_of(letters[0]).text
            assert "&lt;b&gt;Soon" in parts_of(letters[0]).html
            assert len(deeds) == 1

    def test_nothing_is_sent_if_somebody_has_begun_meanwhile(self, app, director) -> None:
        ward = Round(app, 4)
        page = director.get(f"{ward.page}/message")
        with app.app_context(), transaction():
            attempts.start_attempt(ward.fellows[4], ward.id, now=utcnow())
        data = {
            "csrf_token": token_of(page),
            **sight_of(page, f"{ward.page}/message"),
            "text": "Hi",
        }
        answer = director.post(f"{ward.page}/message", data=data)

        assert answer.status_code == 409
        with app.app_context():
            assert db.session.scalars(db.select(Message)).all() == []

    def test_without_a_text_it_is_asked_for(self, app, director) -> None:
        ward = Round(app, 4)

        answer = send(director, f"{ward.page}/message", {"text": " "})

        assert answer.status_code == 422
        assert "Write the message." in words(answer)


def test_earlier_ones_to_the_cohort_and_the_quiz_itself_are_led_to(app, director) -> None:
    ward = Round(app, 1)
    with app.app_context(), transaction():
        given = db.session.get_one(Assignment, ward.id)
        (audience,) = db.session.scalars(
            db.select(Audience).where(Audience.assignment_id == ward.id)
        )
        copied = {
            column.name: getattr(given, column.name)
            for column in Assignment.__table__.columns
            if column.name not in {"id", "opens_at"}
        }
        again = add(
            Assignment(
                **copied,
                opens_at=given.opens_at + timedelta(days=1),
                audiences=[Audience(cohort_id=audience.cohort_id)],
            )
        )
        page = f"/assignments/{again.id}"

    text = director.get(page).text
    assert f'href="{ward.page}"' in text
    assert f'href="{page}"' not in director.get(ward.page).text
    for way in ("preview", "copy", "archive", "try"):
        assert f"/{way}" in text
