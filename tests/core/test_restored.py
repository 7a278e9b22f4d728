"""What a browser fills into a form when one goes back, and what has changed by then."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from lms.accounts.services import change_roles
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role, UserRole
from tests.factories import make_user

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("scripted", [True, False], ids=["with script", "without"])
def test_what_was_chosen_before_a_change_by_another_is_not_put_over_it(
    app: Flask, browser: Browser, served: str, signed_in: Any, scripted: bool
) -> None:
    with app.app_context(), transaction():
        director, person = make_user(Role.DIRECTOR), make_user(Role.FACULTY)
    cookie = signed_in(director).get_cookie("session")
    context = browser.new_context(java_script_enabled=scripted)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    page = context.new_page()
    page.goto(f"{served}/people/{person.id}")
    page.get_by_role("link", name="People").first.click()
    page.wait_for_url("**/people")
    with app.app_context(), transaction():
        roles = {Role.FACULTY, Role.MENTOR}
        change_roles(director, person.id, roles, now=utcnow())
    page.go_back()
    page.get_by_role("button", name="Save roles").click()

    expect(page.get_by_text("This has changed since you opened the page")).to_be_visible()
    with app.app_context():
        held = db.session.scalars(select(UserRole.role).where(UserRole.user_id == person.id))
        assert set(held) == roles
    context.close()
