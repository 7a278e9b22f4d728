"""The live part of an assignment's page in a browser: renewed quietly, and lost in a sentence."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, expect

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from tests.factories import make_user
from tests.supervision.whereabouts import MINUTE, Ward, begin, hand_in, make_ward

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NAMES = ("Adeyemi", "Brandt", "Costa", "Diallo")

EVERY = 15_000


class Desk:
    """A director at the page, whose clock the test moves; `answers` of the live part, in order."""

    def __init__(self, app: Flask, page: Page, ward: Ward) -> None:
        self.app, self.page, self.ward = app, page, ward
        self.answers: list[Response] = []
        page.on("response", self._note)

    def _note(self, answer: Response) -> None:
        if answer.url.endswith("/now"):
            self.answers.append(answer)

    def begins(self, name: str, ago: timedelta = timedelta(seconds=30)) -> None:
        """Have a fellow begin the quiz."""
        with self.app.app_context(), transaction():
            begin(self.ward, name, utcnow() - ago)

    def renewed(self, after: int = EVERY) -> Response:
        """Let so many milliseconds pass, and return the answer that the page has got then."""
        with self.page.expect_response("**/now") as came:
            self.page.clock.run_for(after)
        return came.value

    def hide(self, *, hidden: bool) -> None:
        """Have the page be in a tab that nobody sees, or be seen again."""
        self.page.evaluate(
            "(hidden) => { Object.defineProperty(document, 'hidden',"
            " { value: hidden, configurable: true });"
            " document.dispatchEvent(new Event('visibilitychange')); }",
            hidden,
        )

    def row(self, name: str) -> Any:
        return self.page.locator(f"#fellow-{self.ward.fellows[name].id}")

    @property
    def as_of(self) -> Any:
        return self.page.locator("[data-as-of]")

    @property
    def spoken(self) -> Any:
        return self.page.locator("[data-live]")

    @property
    def refresh(self) -> Any:
        return self.page.get_by_role("link", name="Refresh page")


@pytest.fixture
def desk(
    app: Flask, browser: Browser, served: str, signed_in: Callable[..., Any]
) -> Iterator[Desk]:
    with app.app_context(), transaction():
        ward = make_ward(utcnow(), *NAMES)
        director = make_user(Role.DIRECTOR)
    cookie = signed_in(director).get_cookie("session")
    context = browser.new_context()
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": served}])
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.clock.install()
    page.goto(served + ward.page)
    yield Desk(app, page, ward)
    context.close()
    assert troubles == []


def wipe(told: Any) -> None:
    """Take away what is told, so that it shows when it is told anew, be it in the same second."""
    told.evaluate("(each) => { each.textContent = ''; }")


def test_what_has_not_changed_is_not_sent_again_and_the_moment_is_renewed(desk: Desk) -> None:
    desk.page.evaluate("document.querySelector('[data-watch] tr[id]').dataset.mine = 'yes'")
    before = desk.as_of.inner_text()
    assert re.match(r"As of \d+:\d\d:\d\d [AP]M\. Renewed every 15 s", before)

    wipe(desk.as_of)

    assert [desk.renewed().status for _ in range(2)] == [304, 304]

    expect(desk.as_of).to_have_text(re.compile(r"^As of \d"))
    assert desk.page.locator("[data-mine]").count() == 1
    assert desk.spoken.inner_text() == ""


def test_the_row_that_has_the_focus_keeps_it_while_all_else_is_drawn_anew(desk: Desk) -> None:
    link = desk.row("Diallo").get_by_role("link", name="Extend")
    link.focus()
    link.evaluate("(each) => { each.dataset.mine = 'yes'; }")
    desk.begins("Adeyemi", 8 * MINUTE)
    desk.begins("Diallo")

    assert desk.renewed().status == 200

    expect(desk.row("Adeyemi")).to_contain_text("Running, not connected")
    expect(desk.row("Diallo")).to_contain_text("30 min left")
    assert desk.page.evaluate("document.activeElement.dataset.mine") == "yes"
    names = desk.page.locator("tr[id] th").all_inner_texts()
    assert names == [f"Dr. {name}" for name in ("Adeyemi", "Diallo", "Brandt", "Costa")]
    expect(desk.page.locator("[data-watch] .facts")).to_contain_text("2 not begun")
    expect(desk.page.get_by_text("Not connected: for 5 minutes")).to_be_visible()


def test_what_has_changed_is_said_aloud_at_most_once_a_minute(desk: Desk) -> None:
    desk.begins("Adeyemi")
    desk.renewed()
    desk.page.clock.run_for(100)
    expect(desk.spoken).to_have_text(re.compile(r"^As of \d+:\d\d:\d\d [AP]M\.$"))
    wipe(desk.spoken)

    desk.begins("Brandt")
    desk.renewed()
    expect(desk.row("Brandt")).to_contain_text("Running")
    desk.page.clock.run_for(100)
    assert desk.spoken.inner_text() == ""

    for _ in range(3):
        desk.renewed()
    desk.begins("Costa")
    desk.renewed()
    expect(desk.row("Costa")).to_contain_text("Running")
    desk.page.clock.run_for(100)
    expect(desk.spoken).to_have_text(re.compile("^As of"))


def test_a_lost_connection_is_said_in_a_sentence_and_the_page_goes_on_once_it_is_back(
    desk: Desk,
) -> None:
    expect(desk.refresh).to_be_hidden()
    desk.page.context.set_offline(True)
    desk.page.clock.run_for(EVERY)
    expect(desk.as_of).to_have_text(re.compile(r"^Not renewed since \d+:\d\d:\d\d [AP]M\.$"))
    expect(desk.refresh).to_be_visible()
    desk.page.clock.run_for(100)
    expect(desk.spoken).to_have_text(re.compile("^Not renewed since"))

    desk.page.context.set_offline(False)
    desk.begins("Adeyemi")
    assert desk.renewed(2 * EVERY).status == 200

    expect(desk.as_of).to_have_text(re.compile("^As of"))
    expect(desk.refresh).to_be_hidden()
    expect(desk.row("Adeyemi")).to_contain_text("Running")


def test_nothing_is_asked_for_while_nobody_sees_the_page_and_at_once_when_somebody_does(
    desk: Desk,
) -> None:
    desk.page.context.set_offline(True)
    for pause in (1, 2, 4):
        desk.page.clock.run_for(pause * EVERY)
        expect(desk.as_of).to_have_text(re.compile("^Not renewed since"))
    desk.page.context.set_offline(False)
    desk.hide(hidden=True)
    desk.page.clock.run_for(40 * EVERY)
    assert desk.answers == []

    desk.begins("Adeyemi")
    with desk.page.expect_response("**/now"):
        desk.hide(hidden=False)

    expect(desk.as_of).to_have_text(re.compile("^As of"))
    expect(desk.row("Adeyemi")).to_contain_text("Running")
    assert desk.renewed(EVERY).status == 304, "in 15 s again, as it says"


def test_a_tag_that_a_proxy_has_marked_as_weak_is_sent_back_as_it_came(desk: Desk) -> None:
    def weaken(route: Any) -> None:
        answer = route.fetch()
        tag = answer.headers["etag"].removeprefix("W/")
        route.fulfill(response=answer, headers=answer.headers | {"etag": f"W/{tag}"})

    desk.page.route("**/now", weaken)
    with desk.app.app_context(), transaction():
        hand_in(begin(desk.ward, "Adeyemi", utcnow() - 8 * MINUTE, answered=4), utcnow())

    assert desk.renewed().status == 200
    expect(desk.row("Adeyemi")).to_contain_text("Handed in")
    assert desk.renewed().status == 304


def test_a_session_that_has_ended_is_a_page_that_is_not_renewed(desk: Desk) -> None:
    desk.page.context.clear_cookies()
    desk.page.clock.run_for(EVERY)

    expect(desk.as_of).to_have_text(re.compile("^Not renewed since"))
    expect(desk.row("Adeyemi")).to_be_visible()
