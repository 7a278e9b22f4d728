"""The top bar says where in the product a page stands."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import Rule

from lms.home.navigation import navigation
from lms.people.models import Role, User
from tests.factories import make_user


def address_of(app: Flask, rule: Rule) -> str:
    """Return an address that *rule* matches, of nothing in particular."""
    with app.test_request_context():
        return url_for(rule.endpoint, **dict.fromkeys(rule.arguments, 1))


def current(app: Flask, address: str, person: User) -> list[str]:
    with app.test_request_context(address):
        return [entry.label for entry in navigation(person) if entry.current]


def test_every_page_of_faculty_stands_under_one_entry(app: Flask) -> None:
    with app.app_context():
        faculty = make_user(Role.FACULTY)
    lost = []
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", ())
        if (
            "GET" in (rule.methods or ())
            and not isinstance(allowed, str)
            and Role.FACULTY in allowed
        ):
            found = current(app, address_of(app, rule), faculty)
            if len(found) != 1:
                lost.append((rule.endpoint, found))

    assert lost == []


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/bank/a-case/versions", "Bank"),
        ("/sign", "Bank"),
        ("/drafts/1", "Bank"),
        ("/reviews/1", "My work"),
        ("/drafts/1/send", "Bank"),
        ("/quizzes/1/add", "Quizzes"),
        ("/quizzes/1/try", "Quizzes"),
    ],
)
def test_a_page_stands_where_its_work_is_done(app: Flask, address: str, entry: str) -> None:
    with app.app_context():
        faculty = make_user(Role.FACULTY)

    assert current(app, address, faculty) == [entry]
