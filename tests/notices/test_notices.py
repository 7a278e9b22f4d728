"""What mentors are told is noted once a digest, in the transaction that writes its mail."""

from collections.abc import Callable
from datetime import UTC, datetime

import flask_migrate
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.services import compose_digest
from lms.notices.models import Notice
from lms.people.models import Role, User
from lms.program.models import Mentorship
from tests.factories import add, make_cohort, make_fellow, make_mentorship, make_user
from tests.migrations import edition
from tests.test_schema import empty

__all__ = ["empty"]

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
WEEK = "2026-W47"


BEFORE, AFTER = "0015", "0016"


@pytest.fixture
def mentor(app: Flask) -> User:
    """Somebody with two fellows."""
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)
        for _ in range(2):
            fellow = make_fellow()
            make_cohort(fellow)
            make_mentorship(mentor, fellow)
    return mentor


def compose(mentor: User) -> Digest:
    with transaction():
        digest = compose_digest(mentor.id, WEEK, now=MONDAY)
    assert digest is not None
    return digest


def notices() -> list[Notice]:
    db.session.rollback()
    every = db.select(Notice).order_by(Notice.id).execution_options(populate_existing=True)
    return list(db.session.scalars(every))


def test_a_digest_is_noted_once_however_often_it_is_asked_for(app: Flask, mentor: User) -> None:
    with app.app_context():
        digest = compose(mentor)
        compose(mentor)

        (notice,) = notices()
        message = db.session.get_one(Message, digest.message_id)

    assert (notice.user_id, notice.kind, notice.key) == (mentor.id, "digest", message.key)
    assert (notice.object_type, notice.object_id) == ("digest", digest.id)
    assert (notice.message_id, notice.at, notice.seen_at) == (message.id, message.created_at, None)


def compose_and_break(mentor: User) -> None:
    compose_digest(mentor.id, WEEK, now=MONDAY)
    raise ZeroDivisionError


def test_what_was_not_written_is_not_noted(app: Flask, mentor: User) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), transaction():
            compose_and_break(mentor)

        assert notices() == []
        assert db.session.scalars(db.select(Message)).all() == []


def test_a_digest_that_is_written_anew_is_noted_instead_of_the_one_called_off(
    app: Flask, mentor: User
) -> None:
    with app.app_context():
        first = compose(mentor).message_id
        with transaction():
            db.session.get_one(Message, first).state = MailState.CANCELLED
            db.session.delete(db.session.scalars(db.select(Mentorship)).first())

        second = compose(mentor)

        (notice,) = notices()
    assert first != second.message_id
    assert (notice.message_id, notice.object_id) == (second.message_id, second.id)


def test_opening_its_page_marks_it_as_seen_and_the_first_time_stays(
    app: Flask, mentor: User, signed_in: Callable[[User], FlaskClient]
) -> None:
    with app.app_context():
        digest = compose(mentor)
    browser, seen = signed_in(mentor), []

    for address in ("/digests", f"/digests/{digest.id}", f"/digests/{digest.id}"):
        assert browser.get(address).status_code == 200
        with app.app_context():
            seen.append(notices()[0].seen_at)

    assert seen[0] is None
    assert seen[1] is not None
    assert seen[2] == seen[1]


def test_another_mentor_marks_nothing(
    app: Flask, mentor: User, signed_in: Callable[[User], FlaskClient]
) -> None:
    with app.app_context():
        digest = compose(mentor)
        with transaction():
            other = make_user(Role.MENTOR)

    assert signed_in(other).get(f"/digests/{digest.id}").status_code == 404
    with app.app_context():
        assert notices()[0].seen_at is None


def test_a_fact_is_noted_once(app: Flask, mentor: User) -> None:
    with app.app_context():
        compose(mentor)
        (known,) = notices()

        again = Notice(
            user_id=mentor.id,
            kind="digest",
            object_type="digest",
            object_id=known.object_id + 1,
            key=known.key,
            at=MONDAY,
            message_id=known.message_id,
        )
        with pytest.raises(IntegrityError), transaction():
            add(again)


# The way up and down


def test_each_digest_of_the_first_edition_is_noted(empty: Flask) -> None:
    edition.load()
    before = edition.read()
    flask_migrate.upgrade()

    told = {(notice.user_id, notice.object_id, notice.message_id) for notice in notices()}

    assert before["digest"]
    assert told == {
        (row["mentor_id"], row["id"], row["message_id"]) for row in before["digest"].values()
    }
    assert {notice.seen_at for notice in notices()} == {None}


def test_the_way_down_is_refused_once_something_was_seen(
    empty: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    flask_migrate.upgrade(revision=AFTER)
    with transaction():
        for statement in SEEN:
            db.session.execute(text(statement))
    db.session.remove()

    with pytest.raises(SystemExit):
        flask_migrate.downgrade(revision=BEFORE)

    assert "the schema before cannot keep that" in caplog.text
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM notice")).scalar_one() == 1


SEEN = (
    """INSERT INTO "user" (id, email, name, time_zone, theme, created_at)
    VALUES (1, 'a@b.org', 'A', 'UTC', '', '2026-01-01 00:00:00')""",
    """INSERT INTO message (id, kind, key, recipient_id, outside, address, subject, message_id,
    raw, places, link_in_clear, state, tries, next_try_at, created_at) VALUES (1, 'digest', 'd',
    1, false, 'a@b.org', 'S', '<1>', '', '{}', false, 'queued', 0, '2026-01-01 00:00:00',
    '2026-01-01 00:00:00')""",
    """INSERT INTO notice (id, user_id, kind, object_type, object_id, key, at, seen_at, message_id)
    VALUES (1, 1, 'digest', 'digest', 1, 'd', '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1)""",
)
