"""A director writes to mentors of a cohort: looked at first, sent once, on record without words."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.directing.messaging.services import mentors_of_cohort, write_to_mentors
from lms.mentoring.prompts.services import ask_for_words
from lms.notices.typed import LONGEST
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.program.queries import cohort_by_id
from tests.factories import NOW, add, make_cohort, make_fellow, make_mentorship, make_user
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of, token_of

SignIn = Callable[[User], FlaskClient]

TEXT = "Please look at the mail.\n\nThank you."


class Board:
    """A cohort with two mentors, of whom one has not looked, and a mentor of another cohort."""

    def __init__(self, app: Flask) -> None:
        now = utcnow()
        with app.app_context(), transaction():
            self.lena = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.ben = make_user(Role.MENTOR, name="Dr. Ben Calloway")
            self.other = make_user(Role.MENTOR, name="Dr. Other Mentor")
            self.director = make_user(Role.DIRECTOR, name="Dr. Ines Kowalczyk")
            amara, jonas, far = make_fellow("Dr. Amara Okafor"), make_fellow(), make_fellow()
            self.cohort = make_cohort(amara, jonas, name="Class of 2027")
            self.cohort.ends_on = self.cohort.ends_on.replace(year=2090)
            make_cohort(far)
            self.bond = make_mentorship(self.lena, amara)
            make_mentorship(self.ben, jonas)
            make_mentorship(self.other, far)
            asked_at = now - timedelta(days=9)
            ask_for_words(self.lena.id, "2026-W40", {amara.id: []}, now=asked_at)
            mail = add(
                Message(
                    kind="digest",
                    key="digest:1",
                    recipient_id=self.lena.id,
                    address=self.lena.email,
                    subject="A word",
                    message_id="<1@example.org>",
                    raw=b"",
                    state=MailState.SENT,
                    created_at=asked_at,
                    sent_at=asked_at,
                    next_try_at=asked_at,
                )
            )
            add(
                Digest(
                    mentor_id=self.lena.id,
                    week="2026-W40",
                    starts_at=asked_at - timedelta(days=7),
                    ends_at=asked_at,
                    said={"fellows": []},
                    message_id=mail.id,
                    composed_at=asked_at,
                )
            )
        self.app = app
        self.page = f"/cohorts/{self.cohort.id}/mentors/message"

    def mails(self) -> list[tuple[str, str]]:
        with self.app.app_context():
            rows = db.session.execute(
                select(User.name, Message.subject)
                .join(User, User.id == Message.recipient_id)
                .where(Message.kind == "director_wrote")
                .order_by(User.name)
            )
            return [(row.name, row.subject) for row in rows]


@pytest.fixture
def board(app: Flask) -> Board:
    return Board(app)


@pytest.fixture
def director(board: Board, signed_in: SignIn) -> FlaskClient:
    return signed_in(board.director)


def looked_at(director: FlaskClient, board: Board, *who: User, text: str = TEXT) -> TestResponse:
    data = {"mentors": [each.id for each in who], "text": text, "do": "look"}
    return send(director, board.page, data)


def to_send(page: TestResponse, board: Board, **other: object) -> dict[str, object]:
    """Return what the form of a page that was looked at sends."""
    token = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert token
    chosen = re.findall(r'name="mentors" value="(\d+)"', page.text)
    return {
        "csrf_token": token_of(page),
        "token": token[1],
        "mentors": chosen,
        "text": TEXT,
        "do": "send",
        **sight_of(page, board.page),
    } | other


def test_who_has_not_looked_is_chosen_and_mentors_of_the_cohort_are_offered(
    board: Board, director: FlaskClient
) -> None:
    page = director.get(board.page)

    boxes = re.findall(r'name="mentors" value="(\d+)"( checked)?', page.text)
    assert boxes == [(str(board.ben.id), ""), (str(board.lena.id), " checked")]
    assert "Dr. Lena Hargrove, with Dr. Amara Okafor. Has not looked since" in words(page)


def test_nothing_is_sent_before_it_was_looked_at(board: Board, director: FlaskClient) -> None:
    page = looked_at(director, board, board.lena, board.ben)

    assert page.status_code == 200
    assert "Class of 2027: a message from Dr. Ines Kowalczyk" in words(page)
    assert "To Dr. Ben Calloway, Dr. Lena Hargrove." in words(page)
    assert "<p>Please look at the mail.</p>" in page.text
    assert board.mails() == []


def test_each_gets_one_mail_however_often_it_is_pressed(
    board: Board, director: FlaskClient
) -> None:
    data = to_send(looked_at(director, board, board.lena, board.ben), board)

    answers = [director.post(board.page, data=data) for _ in range(2)]

    assert {place_of(each) for each in answers} == {f"/cohorts/{board.cohort.id}/progress"}
    subject = "Class of 2027: a message from Dr. Ines Kowalczyk"
    assert board.mails() == [("Dr. Ben Calloway", subject), ("Dr. Lena Hargrove", subject)]


def test_on_record_is_that_it_was_written_and_to_whom_but_not_what(
    board: Board, director: FlaskClient
) -> None:
    page = looked_at(director, board, board.lena)
    director.post(board.page, data=to_send(page, board))
    director.post(board.page, data=to_send(page, board))

    with board.app.app_context():
        (deed,) = db.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "cohort.message")
        )
    assert deed.after == {"mentors": [board.lena.id]}


def test_what_was_not_looked_at_is_not_sent(board: Board, director: FlaskClient) -> None:
    page = looked_at(director, board, board.lena)

    other_text = director.post(board.page, data=to_send(page, board, text="Something else."))
    everybody = [board.lena.id, board.ben.id]
    others = director.post(board.page, data=to_send(page, board, mentors=everybody))

    assert other_text.status_code == others.status_code == 409
    assert board.mails() == []


def test_who_is_no_mentor_of_the_cohort_any_more_is_asked_about(
    board: Board, director: FlaskClient
) -> None:
    page = looked_at(director, board, board.lena, board.ben)
    with board.app.app_context(), transaction():
        bond = db.session.get(Mentorship, board.bond.id)
        assert bond is not None
        bond.ends_on = bond.starts_on

    answer = director.post(board.page, data=to_send(page, board))

    assert answer.status_code in {409, 422}
    assert board.mails() == []


def test_it_can_be_edited_after_a_look(board: Board, director: FlaskClient) -> None:
    page = looked_at(director, board, board.lena)

    back = director.post(board.page, data=to_send(page, board, do="edit"))

    assert back.status_code == 200
    assert "Please look at the mail.\n\nThank you." in back.text
    assert board.mails() == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"text": "", "mentors": "lena"}, "Write the message."),
        ({"text": "x" * (LONGEST + 1), "mentors": "lena"}, "At most 1,000 characters."),
        ({"text": TEXT}, "Choose at least one mentor."),
        ({"text": TEXT, "mentors": "other"}, "is not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    board: Board, director: FlaskClient, data: dict[str, str], why: str
) -> None:
    sent: dict[str, object] = {**data, "do": "look"}
    if "mentors" in data:
        sent["mentors"] = [getattr(board, data["mentors"]).id]

    page = send(director, board.page, sent)

    assert page.status_code == 422
    assert why in page.text


def test_only_directors_write(board: Board, signed_in: SignIn) -> None:
    assert signed_in(board.lena).get(board.page).status_code == 403


def test_the_service_refuses_nothing_to_say_and_nobody_to_hear_it(board: Board) -> None:
    with board.app.app_context():
        cohort = cohort_by_id(board.cohort.id)
        people = mentors_of_cohort(cohort.id, NOW.date(), NOW)

        for text, to, why in (
            ("  ", people, "Write the message"),
            ("x" * (LONGEST + 1), people, "At most"),
            ("Hello", [], "Choose at least one"),
        ):
            with pytest.raises(Invalid, match=why), transaction():
                write_to_mentors(board.director, cohort, to, text=text, token="t", now=NOW)
