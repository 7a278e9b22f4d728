"""What each role is here to do, without a mouse: every stop has a ring that nothing covers."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.grading.services import grade_attempt
from tests.attempts.kinds import EVERY_KIND
from tests.journeys.contents import PEOPLE, PLAIN_CASES, assign
from tests.journeys.keyboard import Keyboard
from tests.journeys.site import Site

pytestmark = pytest.mark.xdist_group("site")  # which one worker builds


SIZES = [pytest.param(1366, 768, id="desktop"), pytest.param(320, 640, id="phone")]


def sign_in(site: Site, who: str, width: int = 1366, height: int = 768) -> Keyboard:
    page = site.context(viewport={"width": width, "height": height}).new_page()
    page.goto(site.url)
    keyboard = Keyboard(page)
    keyboard.to(page.get_by_role("link", name="Skip to the content"))
    keyboard.write(page.get_by_label("Email"), PEOPLE[who])
    keyboard.write(page.get_by_label("Password"), site.password)
    keyboard.follow(page.get_by_role("button", name="Sign in"))
    return keyboard


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name, exact=True).first


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name).last


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_fellow_takes_a_quiz(site: Site, width: int, height: int) -> None:
    with site.app.app_context(), transaction():
        given = assign(PLAIN_CASES, f"In plain words, {width}", utcnow()).id
    keyboard = sign_in(site, "graded", width, height)
    page = keyboard.page

    keyboard.follow(page.locator(f'a[href="/assignments/{given}/begin"]'))
    keyboard.follow(button(page, "Start quiz"))
    if width > 1024:
        keyboard.to(page.get_by_label("Show the time left"))
        keyboard.to(page.locator("[data-chip='1']"))
        keyboard.press("ArrowRight", "ArrowRight")
        expect(page.locator("[data-chip='3']")).to_be_focused()
    for position, item in enumerate(EVERY_KIND, start=1):
        ANSWERS[item["type"]](keyboard, page.locator(f"#item-{position}"))
    keyboard.follow(button(page, "Save and continue"))

    for first in (13, 15):
        answer_choice(keyboard, page.locator(f"#item-{first}"))
        write(keyboard, page.locator(f"#item-{first + 1}"), "12")
        keyboard.to(page.get_by_text("Lock answers and go on"))
        keyboard.press("Enter")
        keyboard.follow(button(page, f"Lock items {first}–{first + 1}"))
    keyboard.to(page.get_by_text("4 locked answers"))
    keyboard.press("Enter")
    answer_choice(keyboard, page.locator("#item-17"))
    keyboard.follow(button(page, "Save and continue"))

    keyboard.follow(button(page, "Hand in"))
    grade(site)
    expect(page.get_by_text("Carry away").first).to_be_visible()
    keyboard.to(page.locator("summary[id^='item-']").nth(1))
    keyboard.press("Enter")
    expect(page.get_by_text("Carry away").nth(1)).to_be_visible()
    keyboard.to(page.get_by_text("The case").locator("visible=true").first)
    keyboard.press("Enter")
    keyboard.to(page.get_by_role("link", name="All items").locator("visible=true"))
    assert "of 16" in page.locator("main").inner_text()


def answer_choice(keyboard: Keyboard, item: Locator) -> None:
    """Choose the second option with an arrow, rule the third out, say how sure, and flag it."""
    keyboard.to(item.get_by_role("checkbox"))
    keyboard.press("Space")
    keyboard.to(item.get_by_role("radio").first)
    keyboard.press("ArrowDown")
    keyboard.to(item.get_by_role("button", name="Rule out C"))
    keyboard.press("Enter")
    keyboard.to(item.get_by_role("radio", name="Sure"))
    keyboard.press("ArrowDown")
    expect(item.get_by_role("radio", checked=True)).to_have_count(2)


def answer_several(keyboard: Keyboard, item: Locator) -> None:
    for option in item.locator(".opt").get_by_role("checkbox").all()[:2]:
        keyboard.to(option)
        keyboard.press("Space")


def answer_panel(keyboard: Keyboard, item: Locator) -> None:
    keyboard.to(item.get_by_role("radio").first)
    keyboard.press("ArrowDown", "ArrowDown")


def write(keyboard: Keyboard, item: Locator, text: str = "naloxone") -> None:
    for field in item.locator(".control").all():
        keyboard.write(field, text)


def write_number(keyboard: Keyboard, item: Locator) -> None:
    write(keyboard, item, "100")


def pick(keyboard: Keyboard, item: Locator) -> None:
    for menu in item.locator("select").all():
        keyboard.pick(menu, "B")


def rank(keyboard: Keyboard, item: Locator) -> None:
    for place, menu in enumerate(item.locator("select").all(), start=1):
        keyboard.pick(menu, str(place))


def answer_spot(keyboard: Keyboard, item: Locator) -> None:
    keyboard.to(item.get_by_text("The picture in words"))
    keyboard.press("Enter")
    keyboard.to(item.get_by_role("radio").first)
    keyboard.press("ArrowDown")
    expect(item.locator(".area.chosen")).to_have_count(1)


def answer_key_feature(keyboard: Keyboard, item: Locator) -> None:
    (answer_several if item.locator(".opt").count() else write)(keyboard, item)


ANSWERS = {
    "single_best_answer": answer_choice,
    "multiple_response": answer_several,
    "numeric": write_number,
    "short_answer": write,
    "extended_matching": pick,
    "matching": pick,
    "ordering": rank,
    "script_concordance": answer_panel,
    "key_feature": answer_key_feature,
    "hotspot": answer_spot,
    "essay": write,
}
"""How an item of each type is answered."""


def grade(site: Site) -> None:
    """Grade what the last fellow handed in, as a worker would."""
    with site.app.app_context(), transaction():
        newest = db.select(Attempt.id).where(Attempt.state == AttemptState.SUBMITTED)
        attempt_id = db.session.scalars(newest.order_by(Attempt.id.desc())).first()
        assert attempt_id is not None
        grade_attempt(attempt_id, now=utcnow())


def test_those_who_teach_make_a_quiz_and_mark(site: Site) -> None:
    keyboard = sign_in(site, "faculty")
    page = keyboard.page

    keyboard.follow(link(page, "Quizzes"))
    keyboard.follow(link(page, "New quiz"))
    keyboard.write(page.get_by_label("Title"), "By hand")
    keyboard.to(page.get_by_label("Formative"))
    keyboard.press("Space")
    keyboard.follow(button(page, "Create quiz"))
    keyboard.write(page.get_by_label("Words"), "Numb feet on the pedals")
    keyboard.follow(button(page, "Find cases"))
    keyboard.follow(page.get_by_role("button", name="Add case").first)
    keyboard.to(link(page, "Back to the quiz"), "Shift+Tab")
    keyboard.enter()
    keyboard.follow(link(page, "Preview as a fellow"))
    keyboard.to(page.get_by_role("checkbox", name="Enlarge"))
    keyboard.press("Space", "Tab", "ArrowRight")
    keyboard.to(page.get_by_role("radio").first)
    keyboard.press("ArrowDown")
    keyboard.to(link(page, "Back to the quiz"), "Shift+Tab")
    keyboard.enter()
    keyboard.follow(link(page, "Assign quiz"))
    keyboard.pick(page.get_by_label("Cohort"), "Inter")
    keyboard.write(page.get_by_label("Time limit in minutes"), "60")
    keyboard.follow(button(page, "Assign quiz"))
    expect(page.get_by_text("“By hand” is assigned.")).to_be_visible()

    keyboard.follow(link(page, "Marking"))
    keyboard.follow(page.locator("tbody a").first)
    for criterion in page.locator("fieldset").all():
        keyboard.to(criterion.get_by_role("radio").first)
        keyboard.press("ArrowDown")
    keyboard.write(page.get_by_label("Note to the fellow"), "Say what comes next.")
    keyboard.follow(button(page, "Save marks"))
    expect(page.get_by_text("The answer is marked")).to_be_visible()


def test_a_director_invites_and_opens_a_cohort(site: Site) -> None:
    keyboard = sign_in(site, "director")
    page = keyboard.page

    keyboard.follow(link(page, "New cohort"))
    keyboard.pick(page.get_by_label("Track"), "Inter")
    keyboard.write(page.get_by_label("Name"), "Class of 2028")
    keyboard.follow(button(page, "Create cohort"))
    keyboard.follow(link(page, "Class of 2028"))
    keyboard.to(button(page, "Add fellow"))
    keyboard.follow(link(page, "People"))
    keyboard.follow(link(page, "Invite a person"))
    keyboard.follow(button(page, "Send invitation"))
    expect(page.locator("#error-summary")).to_be_focused()
    keyboard.press("Tab", "Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Dr. Ada Brandt")
    keyboard.write(page.get_by_label("Email"), "ada@example.org")
    keyboard.to(page.get_by_label("Faculty:"))
    keyboard.press("Space")
    keyboard.follow(button(page, "Send invitation"))
    expect(page.get_by_text("Dr. Ada Brandt").first).to_be_visible()


def test_a_mentor_reads_a_report_and_stops_the_mails(site: Site) -> None:
    keyboard = sign_in(site, "mentor")
    page = keyboard.page

    keyboard.follow(page.locator("main a").first)
    keyboard.to(page.get_by_text("Topics without items"))
    keyboard.press("Enter")
    keyboard.follow(link(page, "Mails"))
    keyboard.follow(page.locator(".rows a").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("need"))
    keyboard.follow(link(page, "Mails"))
    keyboard.follow(button(page, "Stop the weekly mail"))
    expect(page.get_by_text("The weekly mail is stopped.").first).to_be_visible()

    keyboard.to(page.locator(".menu summary"))
    keyboard.press("Enter")
    keyboard.follow(link(page, "Settings"))
    keyboard.to(page.get_by_role("radio", checked=True))
    keyboard.press("ArrowUp")
    keyboard.follow(button(page, "Save settings"))
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
