"""No page of the product tells a key to who may still be asked it, whoever else that is."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import services
from lms.cases.models import StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.grading import tasks
from lms.mentoring.digests.services import compose_digest
from lms.people.models import Role, User, UserRole
from tests.attempts.factories import ALL_KINDS, SECRET, make_assignment, make_case
from tests.attempts.sitting import YEARS, Sitting
from tests.factories import make_fellow, make_mentorship, make_user
from tests.taking.pages import Fellow

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def take(fellow: User, assignment_id: int) -> int:
    """Take a quiz leaving all blank, have it graded, and return the attempt."""
    with transaction():
        attempt = services.start_attempt(fellow, assignment_id, now=utcnow())
        services.submit_attempt(fellow, attempt.id, now=utcnow())
        attempt_id = attempt.id
    tasks.grade(attempt_id)
    return attempt_id


@pytest.fixture
def chief(app: Flask, signed_in) -> Fellow:
    """A fellow with every role, in the midst of a case that is graded and read elsewhere.

    The person has handed it in in another quiz, and mentors somebody who has read its keys.
    """
    with app.app_context(), transaction():
        case = make_case(*ALL_KINDS)
    running = Sitting(app, signed_in, cases=[case])
    with app.app_context():
        chief = db.session.get_one(User, running.user.id)
        with transaction():
            more = [role for role in Role if role is not Role.FELLOW]
            db.session.add_all(UserRole(user_id=chief.id, role=role) for role in more)
            other = make_fellow()
            elsewhere = make_assignment(chief, other, cases=[case], closes_in=YEARS).id
            make_mentorship(chief, other)
        for person in (chief, other):
            take(person, elsewhere)
        with transaction():
            compose_digest(chief.id, "2026-W48", now=utcnow())
    return Fellow(signed_in(running.user))


def addresses(app: Flask, slug: str) -> Iterator[str]:
    """Yield the address of every page, with each number there is of what it is about."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        for number in (1, 2) if rule.arguments else (1,):
            given = dict.fromkeys(rule.arguments, number) | {"slug": slug}
            with app.test_request_context():
                _, path = rule.build(given, append_unknown=False) or ("", "")
            yield path


def told_on(app: Flask, browser: FlaskClient) -> tuple[set[str], set[int]]:
    """Open every page; return the addresses of those that tell a reason, and all statuses."""
    with app.app_context():
        slug = db.session.scalars(db.select(StoredCase.slug)).one()
    pages = {path: browser.get(path) for path in addresses(app, slug)}
    told = {path for path, page in pages.items() if SECRET in page.text}
    return told, {page.status_code for page in pages.values()}


def test_whatever_page_they_open_it_tells_neither_key_nor_reason(app: Flask, chief) -> None:
    told, statuses = told_on(app, chief.client)

    assert told == set()
    assert 500 not in statuses


def test_the_bank_tells_them_to_who_is_not_asked(app: Flask, chief, signed_in) -> None:
    with app.app_context(), transaction():
        others = make_user(Role.FACULTY, Role.DIRECTOR)

    told, _ = told_on(app, signed_in(others))

    assert any(path.startswith("/bank/") for path in told)
