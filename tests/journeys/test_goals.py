"""A goal from its setting to its end: two people agree, the fellow answers, and it is met."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from lms.core.clock import utcnow
from lms.core.db import db
from lms.mentoring.goals.tasks import settle_all_goals
from lms.notices.models import Notice
from tests.attempts.factories import choice_item
from tests.cases.texts import case_file
from tests.factories import day_of
from tests.journeys.desk import TWO_FORMS, WritingDesk
from tests.journeys.site import Site
from tests.journeys.writers import NAMES, give

pytestmark = [
    pytest.mark.xdist_group("writers"),  # which one worker builds
    pytest.mark.usefixtures("worker"),
]

SAFETY = "topic:intv-periprocedural-safety"

KEYS = ("stopping", "waiting", "starting", "asking")

MET = "4 items on periprocedural safety, 3 right, by "


@pytest.mark.parametrize(("width", "script"), TWO_FORMS)
def test_two_agree_on_a_goal_and_it_is_met(writing: Site, width: int, script: bool) -> None:
    mentor, mate = (
        WritingDesk(writing.at_home(who, width, script=script)) for who in ("mentor", "mate")
    )
    wanted = f"Know on {width} px when to stop a blood thinner."

    set_goal(mentor, writing.arguments["mate"], wanted)
    mate.start()
    mate.follow(wanted)
    mate.follow("Propose another")
    mate.page.get_by_label("Items that count").fill("4")
    mate.page.get_by_label("Of these right").fill("3")
    mate.press("Propose it")
    expect(mate.page.get_by_text("Waits for your mentor.")).to_be_visible()

    mentor.page.goto(mate.page.url)
    expect(mentor.page.get_by_text(f"{NAMES['mate']} proposes it to you.")).to_be_visible()
    mentor.press("Agree to this goal")
    expect(mentor.page.get_by_text("Open until")).to_be_visible()

    answer(writing, mate, f"safety-at-{width}", script=script)
    for _ in range(2):
        sweep(writing)

    mate.start()
    expect(mate.page.get_by_role("link", name="Your goal is met").first).to_be_visible()
    mate.follow("Your goal is met")
    for desk in (mate, mentor):
        desk.page.reload()
        expect(desk.page.get_by_role("heading", name=wanted)).to_be_visible()
        expect(desk.page.get_by_text("Met", exact=False).first).to_be_visible()
        expect(desk.page.get_by_text(MET)).to_be_visible()
        expect(desk.page.get_by_text("3 of the latest 4 right")).to_be_visible()
    assert told(writing, int(mate.page.url.partition("#")[0].rpartition("/")[2])) == [
        "mate",
        "mentor",
    ]


def set_goal(mentor: WritingDesk, fellow_id: int, sentence: str) -> None:
    """Set a goal from the report, and see below what the product will read of it."""
    mentor.page.goto(f"{mentor.page.url.partition('/fellows')[0]}/fellows/{fellow_id}")
    mentor.follow("Set a goal")
    mentor.write("Goal, in one sentence", sentence)
    mentor.choose("Approach or topic", SAFETY)
    day = (day_of(utcnow()) + timedelta(days=40)).isoformat()
    mentor.page.get_by_label("By", exact=True).fill(day)
    mentor.press("Propose it")
    expect(mentor.page.get_by_text("10 items on periprocedural safety, 8 right")).to_be_visible()


def answer(site: Site, mate: WritingDesk, slug: str, *, script: bool) -> None:
    """Have the fellow answer a quiz of four items on that topic, one of them wrongly."""
    with site.app.app_context():
        case = case_file(slug, *map(choice_item, KEYS), topic=SAFETY.partition(":")[2])
        given = give(case, site.person("colleague"), site.arguments["cohort"], utcnow())
    mate.start()
    mate.begin(f"/assignments/{given}")
    for key in KEYS:
        chosen = "first" if key == "asking" else "second"
        mate.page.get_by_text(f"{key} {chosen}").click()
    mate.press("Save and continue")
    mate.press("Hand in")
    mate.graded("3 of 4", script=script)


def sweep(site: Site) -> None:
    """Do what a worker does every five minutes."""
    with site.app.app_context():
        settle_all_goals()


def told(site: Site, goal_id: int) -> list[str]:
    """Return who was told what came of a goal, each as often as that was told."""
    with site.app.app_context():
        people = {site.person(who).id: who for who in ("mate", "mentor")}
        kind, about = Notice.kind == "goal_ended", Notice.object_id == goal_id
        found = db.session.scalars(db.select(Notice.user_id).where(kind, about))
        return sorted(people[each] for each in found)
