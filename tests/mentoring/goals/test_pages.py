"""The pages of goals: set by a mentor, answered by the fellow, and how far they have come."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.mentoring.goals.models import Goal
from lms.mentoring.goals.queries import goal_by_id
from lms.mentoring.goals.wording import FULL, OVER
from lms.notices.models import Notice
from lms.people.models import Role, User
from lms.program.models import Membership, Mentorship
from lms.quizzes.models import Assignment
from question_bank.goals import GoalState, Measure
from question_bank.terms import Feedback
from tests.factories import day_of, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import SENTENCE, agreed, make_pair, propose
from tests.progress.factories import INTV, earned, make_topic_case, take
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of, token_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

AIM = "5 items on facet joint blocks and radiofrequency denervation, 4 right"


def in_weeks(weeks: int) -> date:
    return day_of(utcnow()) + timedelta(weeks=weeks)


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        return make_pair()


@pytest.fixture
def goal(app: Flask, pair) -> Goal:
    """A goal that the mentor proposes."""
    fellow, mentor = pair
    with app.app_context(), transaction():
        return propose(mentor, fellow, now=utcnow(), due_on=in_weeks(6))


@pytest.fixture
def open_goal(app: Flask, pair) -> Goal:
    fellow, mentor = pair
    with app.app_context(), transaction():
        return agreed(mentor, fellow, now=utcnow(), due_on=in_weeks(6))


def state(app: Flask, goal_id: int) -> GoalState:
    with app.app_context():
        return goal_by_id(goal_id).state


def filled(**changed: str) -> dict[str, str]:
    return {
        "sentence": SENTENCE,
        "about": f"topic:{INTV}",
        "items": "5",
        "right": "4",
        "due_on": in_weeks(6).isoformat(),
    } | changed


def post(browser: FlaskClient, goal_id: int, act: str, **data: str):
    return send(browser, f"/goals/{goal_id}/{act}", data, at=f"/goals/{goal_id}")


def test_a_mentor_sets_a_goal_from_the_report(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    browser, new = signed_in(mentor), f"/fellows/{fellow.id}/goals/new"
    assert new in browser.get(f"/fellows/{fellow.id}").text

    done = send(browser, new, filled())

    shown = words(browser.get(place_of(done)))
    assert "Proposed to Dr. Amina Diallo, who is told." in shown
    assert SENTENCE in shown
    assert f"{AIM}, by " in shown
    assert "None of 5 answered yet; 4 more right are needed" in shown
    assert "Waits for Dr. Amina Diallo" in shown


def test_the_form_says_below_what_the_product_will_read(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        make_topic_case(INTV, 3)
    new = f"/fellows/{fellow.id}/goals/new"

    page = words(signed_in(mentor).get(f"{new}?about=topic:{INTV}"))

    aim = "10 items on facet joint blocks and radiofrequency denervation, 8 right, by"
    assert f"The product will read: {aim}" in page
    assert "new to Dr. Amina Diallo: 3. The goal cannot be reached before there are more." in page


def test_a_goal_for_which_the_bank_has_too_few_items_is_set_and_that_is_said(
    app: Flask, pair, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        make_topic_case(INTV, 4)
    browser = signed_in(mentor)

    done = send(browser, f"/fellows/{fellow.id}/goals/new", filled())

    assert "That is fewer than the goal counts." in words(browser.get(place_of(done)))


def test_what_the_fellow_was_asked_is_not_new(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        make_topic_case(INTV, 5)
        take(fellow, utcnow() - timedelta(days=1), {INTV: earned(2, 3)})
    page = words(signed_in(mentor).get(f"/fellows/{fellow.id}/goals/new?about=topic:{INTV}"))

    assert "new to Dr. Amina Diallo: 5." in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"sentence": ""}, "Write the goal in one sentence."),
        ({"sentence": "a" * 201}, "At most 200 characters."),
        ({"about": ""}, "Choose an approach or a topic."),
        ({"about": "topic:no-such"}, "Not a valid choice."),
        ({"items": "3"}, "A goal counts 4 to 60 items."),
        ({"items": "many"}, "Not a valid integer value."),
        ({"right": "6"}, "no more than there are items"),
        ({"right": "0"}, "At least one is to be right"),
        ({"due_on": "2001-01-01"}, "Give a day from tomorrow on, within a year."),
        ({"due_on": "soon"}, "Not a valid date value."),
    ],
)
def test_what_cannot_be_a_goal_is_said_at_its_field(pair, signed_in, wrong, said) -> None:
    fellow, mentor = pair
    page = send(signed_in(mentor), f"/fellows/{fellow.id}/goals/new", filled(**wrong))

    assert page.status_code == 422
    assert said in words(page)


def test_a_fourth_goal_is_not_offered(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        for number in range(3):
            due_on = in_weeks(6)
            propose(mentor, fellow, now=utcnow(), sentence=f"Goal {number}.", due_on=due_on)

    page = words(signed_in(mentor).get(f"/fellows/{fellow.id}/goals/new"))

    assert FULL in page
    assert "Propose it" not in page


def test_the_fellow_sees_it_on_home_and_progress_and_agrees(
    app: Flask, pair, goal, signed_in
) -> None:
    browser = signed_in(pair[0])
    for address in ("/home", "/progress"):
        page = words(browser.get(address))
        assert SENTENCE in page
        assert "Waits for you" in page
        assert "Dr. Leonora Hart proposes it to you." in page

    post(browser, goal.id, "agree")

    assert state(app, goal.id) is GoalState.OPEN
    assert "None of 5 answered yet; 4 more right are needed." in words(browser.get("/home"))


def test_the_fellow_proposes_another_and_the_mentor_agrees(
    app: Flask, pair, goal, signed_in
) -> None:
    fellow, mentor = (signed_in(each) for each in pair)
    other = f"/goals/{goal.id}/another"
    assert "It holds once your mentor agrees." in words(fellow.get(other))

    done = send(fellow, other, filled(items="6", right="5"))
    new = int(place_of(done).rpartition("/")[2])

    assert state(app, goal.id) is GoalState.DECLINED
    page = words(mentor.get(f"/goals/{new}"))
    assert "Dr. Amina Diallo proposes it to you." in page
    post(mentor, new, "agree")
    assert state(app, new) is GoalState.OPEN


def test_the_page_says_which_mentor_has_agreed(app: Flask, pair, open_goal, signed_in) -> None:
    fellow = signed_in(pair[0])
    with app.app_context(), transaction():
        second = make_user(Role.MENTOR, name="Dr. Noor Lindgren")
        make_mentorship(second, pair[0])
    assert "Mentor Dr. Leonora Hart" in words(fellow.get(f"/goals/{open_goal.id}"))

    done = send(fellow, f"/goals/{open_goal.id}/another", filled(items="6", right="5"))
    assert "Mentor Dr." not in words(fellow.get(place_of(done)))
    post(signed_in(second), int(place_of(done).rpartition("/")[2]), "agree")

    assert "Mentor Dr. Noor Lindgren" in words(fellow.get(place_of(done)))


def test_a_proposal_is_agreed_to_as_it_was_shown(app: Flask, pair, goal, signed_in) -> None:
    fellow, mentor = (signed_in(each) for each in pair)
    held = fellow.get(f"/goals/{goal.id}")
    send(mentor, f"/goals/{goal.id}/another", filled(items="60", right="60"))

    url = f"/goals/{goal.id}/agree"
    late = fellow.post(url, data={"csrf_token": token_of(held), **sight_of(held, url)})

    assert late.status_code == 409
    assert "Not agreed" in words(late)


def test_a_mentor_moves_the_day(app: Flask, pair, open_goal, signed_in) -> None:
    browser = signed_in(pair[1])

    early = post(browser, open_goal.id, "move", due_on=in_weeks(1).isoformat())
    assert early.status_code == 422
    assert "give a later one" in words(early)

    done = post(browser, open_goal.id, "move", due_on=in_weeks(9).isoformat())
    new = int(place_of(done).rpartition("/")[2])
    assert (state(app, open_goal.id), state(app, new)) == (GoalState.MOVED, GoalState.OPEN)
    assert f'href="/goals/{new}"' in browser.get(f"/goals/{open_goal.id}").text


def test_progress_stands_on_home_report_and_the_page_of_the_goal(
    app: Flask, pair, open_goal, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        take(fellow, utcnow(), {INTV: earned(2, 3)})
    said = "3 of 5 answered, 2 right; 2 more right are needed"

    assert said in words(signed_in(fellow).get("/home"))
    assert said in words(signed_in(fellow).get("/progress"))
    assert said in words(signed_in(mentor).get(f"/fellows/{fellow.id}"))
    assert said in words(signed_in(mentor).get(f"/goals/{open_goal.id}"))


def test_a_goal_whose_day_is_over_says_so_on_its_page_and_in_lists(
    app: Flask, pair, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        set_at, day = utcnow() - timedelta(days=9), day_of(utcnow()) - timedelta(days=3)
        goal = agreed(mentor, fellow, now=set_at, due_on=day)
        given = utcnow() - timedelta(days=5)
        take(fellow, given, {INTV: earned(4, 5)}, feedback=Feedback.CLOSED)
        db.session.execute(db.update(Assignment).values(results_at=utcnow() + timedelta(days=9)))

    for browser, address in (
        (signed_in(fellow), "/home"),
        (signed_in(fellow), f"/goals/{goal.id}"),
        (signed_in(mentor), f"/fellows/{fellow.id}"),
        (signed_in(mentor), f"/goals/{goal.id}"),
    ):
        page = words(browser.get(address))
        assert "Not all counted yet" in page
        assert f"{OVER}." in page
        assert "more right" not in page


def test_a_director_reads_it_and_can_do_nothing(app: Flask, pair, goal, signed_in) -> None:
    with app.app_context(), transaction():
        director = make_user(Role.DIRECTOR)
    browser = signed_in(director)

    page = browser.get(f"/goals/{goal.id}")
    report = browser.get(f"/fellows/{pair[0].id}")

    assert SENTENCE in words(page)
    assert "0 more" not in words(page)
    assert page.text.count("<form") == 1  # to sign out
    assert SENTENCE in words(report)
    assert "goals/new" not in report.text
    for act in ("agree", "decline", "another", "move"):
        assert browser.post(f"/goals/{goal.id}/{act}").status_code == 403


@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR])
def test_others_neither_read_nor_act(app: Flask, goal, signed_in, role) -> None:
    with app.app_context(), transaction():
        stranger = make_user(role)
    browser = signed_in(stranger)
    pages = [f"/goals/{goal.id}", f"/goals/{goal.id}/another"]

    assert [browser.get(page).status_code for page in pages] == [404, 404]


def test_faculty_do_not_read_goals(app: Flask, goal, signed_in) -> None:
    with app.app_context(), transaction():
        stranger = make_user(Role.FACULTY)

    assert signed_in(stranger).get(f"/goals/{goal.id}").status_code == 403


def test_a_new_mentor_reads_what_was_agreed_and_the_one_of_before_does_not(
    app: Flask, pair, open_goal, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        yesterday = day_of(utcnow()) - timedelta(days=1)
        db.session.execute(db.update(Mentorship).values(ends_on=yesterday))
        new = make_user(Role.MENTOR)
        db.session.add(Mentorship(mentor_id=new.id, fellow_id=fellow.id, starts_on=yesterday))

    assert signed_in(mentor).get(f"/goals/{open_goal.id}").status_code == 404
    assert "Move the day" in words(signed_in(new).get(f"/goals/{open_goal.id}"))


def test_a_sentence_is_shown_as_typed(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    typed = "<b>Stop</b> *before* {{ blocks }} & after"

    done = send(signed_in(mentor), f"/fellows/{fellow.id}/goals/new", filled(sentence=typed))

    for browser, page in (
        (signed_in(fellow), "/home"),
        (signed_in(fellow), "/progress"),
        (signed_in(mentor), place_of(done)),
        (signed_in(mentor), f"/fellows/{fellow.id}"),
    ):
        assert "&lt;b&gt;Stop&lt;/b&gt; *before* {{ blocks }} &amp; after" in browser.get(page).text


def test_who_opens_a_goal_has_seen_what_was_told_of_it(app: Flask, pair, goal, signed_in) -> None:
    signed_in(pair[0]).get(f"/goals/{goal.id}")

    with app.app_context():
        assert db.session.scalars(db.select(Notice.seen_at)).one() is not None


@pytest.mark.parametrize("who", [0, 1], ids=["fellow", "mentor"])
def test_goals_take_a_fixed_number_of_statements(app: Flask, signed_in, who: int) -> None:
    counts = []
    for goals, answers in ((1, 10), (3, 20)):
        with app.app_context(), transaction():
            fellow, mentor = pair = make_pair()
            for number in range(goals):
                agreed(
                    mentor,
                    fellow,
                    now=utcnow(),
                    sentence=f"Goal {number}.",
                    measure=Measure(60, 60, topic=INTV),
                    due_on=in_weeks(6),
                )
            take(fellow, utcnow(), {INTV: earned(answers, answers)})
        browser = signed_in(pair[who])
        address = "/home" if who == 0 else f"/fellows/{fellow.id}"
        browser.get(address)
        with counted(app) as statements:
            assert "Goal 0." in words(browser.get(address))
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_who_left_all_cohorts_keeps_the_goals(app: Flask, pair, open_goal, signed_in) -> None:
    with app.app_context(), transaction():
        db.session.execute(db.delete(Membership))
        make_fellow()

    assert SENTENCE in words(signed_in(pair[0]).get("/progress"))
