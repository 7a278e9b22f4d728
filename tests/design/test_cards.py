"""Wide tables are cards on a phone, and one long name hides nobody else's."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from lms.program.services import add_member
from lms.signin import sessions
from tests.cases.texts import case_file, load
from tests.factories import make_cohort, make_fellow, make_user

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

LONG = "Maximiliana" * 9


def test_on_a_phone_no_table_is_wider_than_its_page(app: Flask, served, browser: Browser) -> None:
    with app.app_context():
        load(case_file("knee", title="A knee that gives way"))
        with transaction():
            director = make_user(Role.DIRECTOR, Role.FACULTY)
            cohort = make_cohort(make_fellow("Dr. Okafor"))
            fellow = make_fellow(LONG)
            first = date(2026, 8, 1)
            add_member(director, cohort.id, fellow.id, starts_on=first, now=utcnow())
            secret = sessions.start(director, browser="test", now=utcnow())
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = secret
    cookie = client.get_cookie("session")
    assert cookie
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": served}])
    page = context.new_page()

    wide = {}
    for path in ("/records", f"/cohorts/{cohort.id}", "/bank", "/quizzes", "/audit"):
        page.goto(served + path)
        wide[path] = page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('.table-wrap')]"
            ".map(each => each.scrollWidth - each.clientWidth)"
        )

    context.close()
    assert {path for path, over in wide.items() if max(over) > 0} == set()
