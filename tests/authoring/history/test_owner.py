"""A case is given to somebody to look after: on its page, audited, and told."""

import pytest
from flask import Flask

from lms.authoring.history.handing_over import hand_over
from lms.cases.models import StoredCase
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.core.mail import Message
from lms.people.models import Role, User
from tests.attempts.factories import SECRET
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_user
from tests.reading import words
from tests.signin.helpers import send, sight_of, token_of

PAGE = "/bank/ward/owner"


@pytest.fixture
def people(app: Flask) -> tuple[User, User, User]:
    """Who looks after the case, a colleague, and a director."""
    with app.app_context():
        load(case_file("ward"))
        with transaction():
            found = (
                make_user(Role.FACULTY, name="Dr. Ada Lind"),
                make_user(Role.FACULTY, name="Dr. Ben Osei"),
                make_user(Role.DIRECTOR, name="Dr. Cy Hart"),
            )
            make_user(Role.MENTOR, name="Dr. Mentor Alone")
            make_user(Role.FACULTY, name="Dr. Gone").disabled_at = NOW
            stored("ward").owner_id = found[0].id
    return found


def owner_id(app: Flask) -> int | None:
    with app.app_context():
        return db.session.scalar(db.select(StoredCase.owner_id))


def test_a_director_gives_a_case_to_another_and_both_are_told(app, people, signed_in) -> None:
    ada, ben, cy = people
    browser = signed_in(cy)
    case_page = browser.get("/bank/ward")
    page = browser.get(PAGE)

    done = send(browser, PAGE, {"owner": ben.id})

    assert "Looked after by Dr. Ada Lind Change who looks after it" in words(case_page)
    assert "Dr. Ada Lind does now." in words(page)
    assert "Dr. Mentor Alone" not in page.text
    assert "Dr. Gone" not in page.text
    assert SECRET not in page.text
    assert done.status_code == 302
    assert owner_id(app) == ben.id
    assert "Looked after by Dr. Ben Osei" in words(browser.get("/bank/ward"))
    with app.app_context():
        mails = db.session.execute(db.select(Message.recipient_id, Message.subject)).all()
        event = db.session.scalars(
            db.select(AuditEvent).where(AuditEvent.action == "case.hand_over")
        ).one()
    subject = "Dr. Ben Osei looks after “A day on the ward, ward” now"
    assert sorted(mails) == sorted([(ada.id, subject), (ben.id, subject)])
    assert (event.before, event.after) == ({"owner": "Dr. Ada Lind"}, {"owner": "Dr. Ben Osei"})


def test_who_takes_a_case_that_nobody_looked_after_is_not_mailed_about_it(
    app, people, signed_in
) -> None:
    with app.app_context(), transaction():
        stored("ward").owner_id = None
    browser = signed_in(people[1])
    assert "Nobody; directors are reminded" in words(browser.get("/bank/ward"))

    send(browser, PAGE, {"owner": people[1].id})

    assert owner_id(app) == people[1].id
    with app.app_context():
        assert db.session.scalars(db.select(Message.id)).all() == []


def test_what_was_changed_meanwhile_is_shown_and_not_overwritten(app, people, signed_in) -> None:
    browser = signed_in(people[2])
    page = browser.get(PAGE)
    with app.app_context(), transaction():
        stored("ward").owner_id = people[1].id

    data = {"csrf_token": token_of(page), **sight_of(page, PAGE), "owner": people[2].id}
    done = browser.post(PAGE, data=data)

    assert done.status_code == 409
    assert owner_id(app) == people[1].id


def test_giving_it_to_who_has_it_changes_and_tells_nothing(app, people, signed_in) -> None:
    assert send(signed_in(people[2]), PAGE, {"owner": people[0].id}).status_code == 302

    with app.app_context():
        assert db.session.scalars(db.select(Message.id)).all() == []
        deeds = db.select(AuditEvent.id).where(AuditEvent.action == "case.hand_over")
        assert db.session.scalars(deeds).all() == []


@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR])
def test_nobody_else_can_be_made_to_look_after_a_case(app, people, role) -> None:
    with app.app_context():
        with transaction():
            other = make_user(role)
        with pytest.raises(Invalid, match="Choose somebody"), transaction():
            hand_over(people[2], "ward", other.id, now=NOW)


def test_my_work_leads_to_all_that_is_overdue_in_the_bank(app, people, signed_in) -> None:
    with app.app_context(), transaction():
        case = stored("ward")
        case.owner_id, case.review_by = None, NOW.date().replace(year=2020)
    browser = signed_in(people[1])

    work = browser.get("/work")
    found = browser.get("/bank?needs=review&order=review")

    assert "1 case was to be reviewed by now" in words(work)
    assert "/bank?needs=review&amp;order=review" in work.text
    assert "A day on the ward, ward" in words(found)
