"""A director mends what was written wrong: a person, a cohort's name and days, a quiz's order."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import services as accounts
from lms.accounts.services import mend_person
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message, delivery
from lms.core.mail.delivery import Outcome, Parcel
from lms.operations.services import send_again
from lms.people.models import Role, User
from lms.program.models import Cohort
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services as quizzes
from lms.signin import inviting
from tests.cases.texts import case_file, load, stored
from tests.factories import make_cohort, make_fellow, make_user
from tests.mail.test_delivery import current, make_message
from tests.overlap import while_open
from tests.reading import words
from tests.signin.helpers import send


@pytest.fixture
def director(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR, name="Dr. Director")
    return signed_in(user)


def noted(app: Flask, action: str) -> AuditEvent:
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).filter_by(action=action)).one_or_none()
        assert event is not None, "it is on record"
        return event


def row(app: Flask, kind: type, row_id: int):
    with app.app_context():
        return db.session.get(kind, row_id)


def invited(app: Flask) -> User:
    with app.app_context(), transaction():
        return inviting.invite_user(
            None,
            email="wrong@example.org",
            name="Dr. Wrogn",
            roles=[Role.FELLOW],
            time_zone="UTC",
            now=utcnow(),
        )


def test_a_persons_name_and_address_are_mended_and_on_record(app: Flask, director) -> None:
    person = invited(app)
    page = f"/people/{person.id}"
    mended = {"person-name": "Dr. Wrong", "person-email": "Right@Example.org"}

    done = send(director, page, mended)

    assert done.status_code == 302
    mended_row = row(app, User, person.id)
    assert (mended_row.name, mended_row.email) == ("Dr. Wrong", "right@example.org")
    event = noted(app, "user.mend")
    assert event.before == {"name": "Dr. Wrogn", "email": "wrong@example.org"}
    assert event.after == {"name": "Dr. Wrong", "email": "right@example.org"}


def test_an_invitation_follows_the_address_and_none_goes_to_the_old_one(app, director) -> None:
    person = invited(app)
    mended = {"person-name": "Dr. Wrong", "person-email": "right@example.org"}

    send(director, f"/people/{person.id}", mended)

    with app.app_context():
        mails = db.session.execute(select(Message.address, Message.state).order_by(Message.id))
        assert [tuple(each) for each in mails] == [
            ("wrong@example.org", MailState.CANCELLED),
            ("right@example.org", MailState.QUEUED),
        ]


def about_to_be_sent() -> tuple[User, Parcel]:
    """Return a person, and a mail to the person that a worker has just taken up."""
    with transaction():
        person = make_user(Role.FELLOW, email="wrong@example.org")
        message = make_message(person)
    with transaction():
        parcel = delivery.claim(message.id, now=utcnow())
    assert parcel is not None
    return person, parcel


def mend_address(person: User) -> None:
    with transaction():
        accounts.mend_person(
            None, person.id, name=person.name, email="right@example.org", now=utcnow()
        )


def claimed_later(message_id: int) -> Parcel | None:
    with transaction():
        return delivery.claim(message_id, now=utcnow() + timedelta(hours=1))


def test_a_mail_that_a_worker_has_taken_up_is_not_handed_over_to_the_old_address(
    in_app: Flask,
) -> None:
    person, parcel = about_to_be_sent()

    mend_address(person)

    with transaction():
        assert not delivery.hand_over(parcel, now=utcnow())
    assert current(parcel.id).state is MailState.CANCELLED


def test_a_mail_that_the_server_put_off_is_not_tried_at_the_old_address_again(
    in_app: Flask,
) -> None:
    person, parcel = about_to_be_sent()
    with transaction():
        assert delivery.hand_over(parcel, now=utcnow())

    mend_address(person)
    with transaction():
        delivery.conclude(parcel, Outcome(MailState.QUEUED, "451 later"), now=utcnow())

    assert claimed_later(parcel.id) is None
    assert current(parcel.id).state is MailState.CANCELLED


def test_a_mail_that_failed_is_not_sent_again_to_the_old_address(in_app: Flask) -> None:
    person, parcel = about_to_be_sent()
    with transaction():
        delivery.conclude(parcel, Outcome(MailState.FAILED, "550 no"), now=utcnow())

    mend_address(person)
    with transaction():
        send_again(None, parcel.id, now=utcnow())

    assert claimed_later(parcel.id) is None
    assert current(parcel.id).state is MailState.CANCELLED


@pytest.mark.parametrize(
    ("name", "email", "why"),
    [
        ("Dr. Wrong", "taken@example.org", "There is already an account with this address."),
        ("Dr. Wrong", "no address", "Write a mail address like"),
        ("", "right@example.org", "Write the person’s name."),
    ],
)
def test_what_will_not_do_for_a_person_is_said_at_its_field(
    app: Flask, director, name: str, email: str, why: str
) -> None:
    person = invited(app)
    with app.app_context(), transaction():
        make_user(Role.MENTOR, email="taken@example.org")

    page = send(director, f"/people/{person.id}", {"person-name": name, "person-email": email})

    assert page.status_code == 422
    assert why in words(page)
    assert row(app, User, person.id).email == "wrong@example.org"


def test_a_cohorts_name_and_days_are_mended_and_on_record(app: Flask, director) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(name="Class of 2072")
    days = {"cohort-starts_on": "2026-06-15", "cohort-ends_on": "2027-07-15"}

    done = send(director, f"/cohorts/{cohort.id}", {"cohort-name": "Class of 2027", **days})

    assert done.status_code == 302
    mended = row(app, Cohort, cohort.id)
    assert (mended.name, mended.starts_on) == ("Class of 2027", date(2026, 6, 15))
    event = noted(app, "cohort.mend")
    assert (event.before or {})["name"] == "Class of 2072"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cohort-starts_on": "2026-08-01"}, "A fellow is in it from Jul 1, 2026."),
        ({"cohort-ends_on": "2026-06-01"}, "The last day comes after the first."),
        ({"cohort-name": "Other"}, "The track has a cohort with this name already."),
    ],
)
def test_what_will_not_do_for_a_cohort_is_said_at_its_field(
    app: Flask, director, changes: dict[str, str], why: str
) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(make_fellow(), name="Class")
        make_cohort(name="Other")
    sound = {
        "cohort-name": "Class",
        "cohort-starts_on": "2026-07-01",
        "cohort-ends_on": "2027-06-30",
    }

    page = send(director, f"/cohorts/{cohort.id}", sound | changes)

    assert page.status_code == 422
    assert why in words(page)


def test_the_order_of_a_quiz_is_mended_and_on_record(app: Flask, director) -> None:
    with app.app_context():
        load(case_file("first", title="First"), case_file("second", title="Second"))
        with transaction():
            actor = make_user(Role.FACULTY)
            quiz = quizzes.create_quiz(actor, title="Rounds", now=utcnow())
            for slug in ("first", "second"):
                arranging.add_case(actor, quiz.id, stored(slug).id, now=utcnow())
            second = stored("second").id
    page = f"/quizzes/{quiz.id}"

    moved = send(director, f"{page}/cases/{second}/up", {}, at=page)
    again = send(director, f"{page}/cases/{second}/up", {}, at=page)

    assert moved.status_code == again.status_code == 302
    shown = words(director.get(page)).split("Items ", 1)[1]
    assert shown.index("Second") < shown.index("First")
    assert noted(app, "quiz.move_case").after == {"case": second, "place": 1}


def test_of_two_people_who_are_given_one_address_at_once_the_first_has_it(app: Flask) -> None:
    with app.app_context(), transaction():
        one, other = (make_user(Role.FELLOW).id for _ in range(2))

    def give(user_id: int) -> User:
        now = utcnow()
        return mend_person(None, user_id, name="Dr. Ida Roth", email="ida@example.org", now=now)

    with pytest.raises(inviting.AddressKnown):
        while_open(app, lambda: give(one), lambda: give(other))

    with app.app_context():
        named = select(User.id).where(User.email == "ida@example.org")
        assert db.session.scalars(named).all() == [one]
