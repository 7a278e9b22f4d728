"""A quiz that runs while time is given, stopped and moved: all read what holds for them.

With the service's own processes, in both profiles: by browsers, by mail and by calendar.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from lms.attempts import services as attempts
from lms.attempts.models import Freeze
from lms.core.clock import local, say_when, utcnow
from lms.core.db import db, transaction
from lms.grading.services import grade_attempt
from lms.quizzes.models import Assignment
from tests.factories import ZONE
from tests.faults.conftest import in_service, stage_of
from tests.journeys.ward import DAY, FELLOWS, TITLE, Ward, flashed, ward_of
from tests.mail.sink import Sink
from tests.services.processes import Service

pytestmark = [pytest.mark.xdist_group("processes")]

MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["embedded", "service"])
def ward(
    request: pytest.FixtureRequest, service: Service, browser: Browser, sink: Sink
) -> Iterator[Ward]:
    settings = {
        "smtp_url": f"smtp://127.0.0.1:{sink.port}",
        "mail_from": "Pain Rounds <rounds@example.org>",
    }
    if request.param == "service":
        settings |= in_service(*map(request.getfixturevalue, ("postgres", "valkey")))
    for stage in stage_of(service, **settings):
        with ward_of(stage, browser, sink) as ward:
            yield ward


def test_everybody_reads_what_holds_for_them_while_a_quiz_runs(ward: Ward) -> None:
    assign_to_some(ward, "Okafor", "Brandt", "Costa", "Diallo")
    handed_in_yesterday(ward, "Diallo")
    double_the_time_of(ward, "Okafor")
    send_on_leave(ward, "Eklund")
    give_it_too(ward, "Eklund")
    ward.beat()
    only_who_is_there_is_told(ward)

    begin(ward, "Okafor", minutes=60, of="(30 × 2)")
    begin(ward, "Brandt", minutes=30)
    begin(ward, "Costa", minutes=30)
    extend(ward, "Brandt")
    freeze_and_go_on(ward, "Costa")
    reopen(ward, "Diallo")
    due = move_the_dates(ward)

    calendars_say(ward, due)
    homes_say(ward, due)
    for name in ("Okafor", "Brandt", "Costa", "Diallo"):
        hand_in(ward, name)
    faculty_see_no_time(ward)
    ward.beat()
    for name in ("Okafor", "Brandt", "Costa", "Diallo"):
        ward.mailed(name, f"“{TITLE}” is graded")
    assert ward.subjects("Farah") == []


def assign_to_some(ward: Ward, *names: str) -> None:
    """Have faculty assign the quiz, open since the day before yesterday, to some fellows."""
    page = ward.at("Adams", f"/quizzes/{ward.quiz}/assign")
    page.get_by_text("Or only some fellows").click()
    for name in names:
        page.get_by_label(f"Dr. {name}, ").check()
    now = utcnow()
    for label, moment in (("Opens", now - 1.5 * DAY), ("Due", now + 2 * DAY)):
        page.get_by_label(label, exact=True).fill(f"{local(moment, ZONE):%Y-%m-%dT%H:%M}")
    page.get_by_label("Closes", exact=True).fill(f"{local(now + 3 * DAY, ZONE):%Y-%m-%dT%H:%M}")
    page.get_by_label("Time limit in minutes").fill("30")
    page.get_by_role("button", name="Assign quiz").click()
    flashed(page, f"“{TITLE}” is assigned.")
    ward.given = int(page.url.partition("#")[0].rpartition("/")[2])
    expect(page.locator("main")).to_contain_text("For Dr. Okafor, Dr. Brandt, Dr. Costa and Dr. D")


def handed_in_yesterday(ward: Ward, name: str) -> None:
    """Have a fellow have taken the quiz the day before."""
    fellow, at = ward.people[name], utcnow() - DAY
    with ward.stage.app.app_context():
        with transaction():
            attempt = attempts.start_attempt(fellow, ward.given, now=at, seed=1)
        with transaction():
            attempts.submit_attempt(fellow, attempt.id, now=at + 9 * MINUTE)
        with transaction():
            grade_attempt(attempt.id, now=at + 10 * MINUTE)


def double_the_time_of(ward: Ward, name: str) -> None:
    """Have the director give a fellow double time, of which the settings tell the fellow."""
    page = ward.at("Roth", f"/people/{ward.people[name].id}/time")
    page.get_by_label("Time", exact=True).select_option("200")
    page.get_by_label("Why").fill("Certified in May")
    page.get_by_role("button", name="Give more time").click()
    expect(page.get_by_text("Certified in May")).to_be_visible()
    expect(ward.at(name, "/settings").get_by_text("Time × 2")).to_be_visible()


def send_on_leave(ward: Ward, name: str) -> None:
    """Have the director note that a fellow is away since yesterday, for four days."""
    page = ward.at("Roth", f"/people/{ward.people[name].id}/time")
    today = local(ward.attempt("Diallo").started_at + DAY, ZONE).date()
    leave = page.locator("form", has=page.get_by_role("button", name="Save leave"))
    leave.get_by_label("First day").fill((today - DAY).isoformat())
    leave.get_by_label("Last day").fill((today + 3 * DAY).isoformat())
    page.get_by_role("button", name="Save leave").click()
    flashed(page, "The leave is saved.")


def give_it_too(ward: Ward, name: str) -> None:
    """Have faculty give the quiz to one fellow more."""
    page = ward.at("Adams", f"{ward.page}/audience")
    page.get_by_label("To", exact=True).select_option(label=f"Dr. {name}")
    page.get_by_role("button", name="Give and tell").click()
    flashed(page, "It is given to more fellows; they are told.")


def only_who_is_there_is_told(ward: Ward) -> None:
    """Expect that who is on leave, and who is not given the quiz, hear nothing of it."""
    for name in ("Okafor", "Brandt", "Costa"):
        assert "It closes" in ward.mailed(name, f"“{TITLE}” is assigned to you")
    assert ward.subjects("Eklund") == ward.subjects("Farah") == []
    expect(ward.row("Roth", of="Eklund")).to_contain_text("On leave until")
    expect(ward.at("Eklund", "/home").get_by_text("Overdue")).to_have_count(0)
    expect(ward.at("Farah", "/home").get_by_text("Nothing is due")).to_be_visible()


def begin(ward: Ward, name: str, *, minutes: int, of: str = "") -> None:
    """Have a fellow begin, to whom home, rules and clock say how long it may take."""
    time = rf"{minutes} min{re.escape(f' {of}' if of else '')}"
    expect(ward.at(name, "/home").locator("main")).to_contain_text(
        re.compile(rf"3 items, {time}\.")
    )
    page = ward.at(name, ward.rules)
    expect(page.locator("main")).to_contain_text(re.compile(f"{time} from the start"))
    page.get_by_role("button", name="Start quiz").click()
    expect(page.locator("[data-clock]")).to_be_visible()
    assert of in page.locator("[data-clock]").inner_text()
    assert minutes - 2 < seconds_left(page) / 60 <= minutes
    answer(page)


def answer(page: Page) -> None:
    """Answer the first item once the page of the case has come with its script."""
    expect(page.locator("[data-save]")).to_be_visible()
    page.wait_for_load_state()
    page.get_by_text("first second", exact=True).click()
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "saved")


def seconds_left(page: Page) -> float:
    """Return how long the clock of a page said that is left when the page came."""
    return float(page.locator("[data-clock]").get_attribute("data-seconds-left") or 0)


def extend(ward: Ward, name: str) -> None:
    """Have the director give a fellow fifteen minutes more while the clock runs."""
    before = ward.attempt(name).deadline_at
    ward.row("Roth", of=name).get_by_role("link", name="Extend").click()
    page = ward.opened["Roth"]
    expect(page.locator("[name=minutes]")).to_have_value("15")
    page.get_by_label("Reason").fill("A code on the ward")
    page.get_by_role("button", name="Extend and tell").click()
    expect(page.get_by_text(f"Dr. {name} is told.")).to_be_visible()
    assert before is not None
    assert ward.attempt(name).deadline_at == before + 15 * MINUTE
    text = ward.mailed(name, f"You are given more for “{TITLE}”")
    assert "Reason: A code on the ward" in text
    own = ward.at(name, f"/attempts/{ward.attempt(name).id}/cases/1")
    assert 40 < seconds_left(own) / 60 <= 45


def freeze_and_go_on(ward: Ward, name: str) -> None:
    """Have a fellow stop the clock, which covers the case, and go on with what was left."""
    attempt = ward.attempt(name)
    page = ward.at(name, f"/attempts/{attempt.id}")
    page.get_by_text("Called away?").click()
    page.get_by_role("button", name="Freeze now").click()
    expect(page.locator("[data-frozen]")).to_be_visible()
    assert "hurts" not in ward.at(name, f"/attempts/{attempt.id}/cases/1").content()
    expect(ward.row("Roth", of=name)).to_contain_text("Frozen")

    page = ward.at(name, f"/attempts/{attempt.id}")
    page.get_by_role("button", name="Go on now").click()
    expect(page.locator("[data-frozen]")).to_have_count(0)
    with ward.stage.app.app_context():
        (freeze,) = db.session.scalars(db.select(Freeze))
    assert freeze.ended_at is not None
    assert attempt.deadline_at is not None
    stood = freeze.ended_at - freeze.began_at
    assert ward.attempt(name).deadline_at == attempt.deadline_at + stood


def reopen(ward: Ward, name: str) -> None:
    """Have the director let a fellow go on who handed in the day before."""
    ward.row("Roth", of=name).get_by_role("link", name="Reopen").click()
    page = ward.opened["Roth"]
    page.get_by_label("Reason").fill("The network failed")
    page.get_by_role("button", name=f"Reopen and tell Dr. {name}").click()
    expect(page.get_by_text(f"Dr. {name} can go on until")).to_be_visible()
    assert "Reason: The network failed" in ward.mailed(name, f"You can go on with “{TITLE}”")
    own = ward.at(name, "/home")
    own.get_by_role("button", name="Continue quiz").click()
    answer(own)


def move_the_dates(ward: Ward) -> datetime:
    """Have the director give all a day more while four are answering; return when it is due."""
    with ward.stage.app.app_context():
        given = db.session.get_one(Assignment, ward.given)
        due, closes = given.due_at + DAY, given.closes_at + DAY
    ends = {name: ward.attempt(name).deadline_at for name in ("Okafor", "Brandt", "Costa")}
    page = ward.at("Roth", f"{ward.page}/dates")
    for label, moment in (("Due", due), ("Closes", closes)):
        page.get_by_label(label, exact=True).fill(f"{local(moment, ZONE):%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="See who is affected").click()
    affected = page.locator("main")
    expect(affected).to_contain_text("Nothing has been changed yet.")
    expect(affected).to_contain_text("Dr. Eklund has not begun: due one day later, one day more")
    expect(affected).to_contain_text("begun: due one day later")
    page.get_by_role("button", name=re.compile("^Change the dates and tell 5 fellows")).click()
    flashed(page, "The change is made, and 5 fellows are told.")
    assert {name: ward.attempt(name).deadline_at for name in ends} == ends
    for name in ("Okafor", "Brandt", "Costa", "Diallo", "Eklund"):
        about = "has changed" if name == "Eklund" else "due"
        assert say_when(due, ZONE) in " ".join(ward.mailed(name, about).split())
    return due


MINUTES = {"Okafor": 60, "Brandt": 45, "Costa": 30, "Eklund": 30}


def calendars_say(ward: Ward, due: datetime) -> None:
    """Expect that the calendar of each has the new dates and the own time."""
    for name, minutes in MINUTES.items():
        events = ward.calendar(name)
        assert {what: each["at"] for what, each in events.items()} == {
            "Due": due,
            "Closes": due + DAY,
        }
        assert f"{minutes} minutes for an attempt" in str(events["Due"]["says"])
        assert say_when(due, ZONE) in str(events["Due"]["says"])
    assert ward.calendar("Farah") == {}


def homes_say(ward: Ward, due: datetime) -> None:
    """Expect that home says to each the new date, and that it goes on, to who has begun."""
    for name in FELLOWS[:-1]:
        home = ward.at(name, "/home").locator("main")
        expect(home).to_contain_text(f"Due {say_when(due, ZONE)}")
        expect(home).to_contain_text("Take" if name == "Eklund" else "Continue")


def hand_in(ward: Ward, name: str) -> None:
    """Have a fellow hand in, and wait for the result."""
    page = ward.at(name, f"/attempts/{ward.attempt(name).id}")
    page.get_by_text("Hand in", exact=True).first.click()
    page.get_by_role("button", name=re.compile(r"^Hand in .*\d of 3")).click()
    expect(page.get_by_text("1 of 3", exact=True).first).to_be_visible(timeout=30_000)


def faculty_see_no_time(ward: Ward) -> None:
    """Expect that faculty see what is in, and nothing of who had how much time."""
    page = ward.at("Adams", ward.page)
    rows = page.locator("tr[id^='fellow-']").all_inner_texts()
    said = [" ".join(each.split()) for each in rows]
    assert said == [
        "Dr. Brandt Graded 1 of 3",
        "Dr. Costa Graded 1 of 3",
        "Dr. Diallo Graded 1 of 3",
        "Dr. Eklund Not in yet",
        "Dr. Okafor Graded 1 of 3",
    ]
