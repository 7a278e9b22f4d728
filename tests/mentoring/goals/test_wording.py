"""Goals in words: what is measured, how far it came, and what the weekly mail says of it."""

from datetime import date, timedelta

import pytest
from flask import Flask

from lms.core.db import transaction
from lms.mentoring.goals import queries, services
from lms.mentoring.goals.models import GoalSide
from lms.mentoring.goals.settling import settle_goals
from lms.mentoring.goals.wording import (
    OVER,
    said_of_goals,
    say_aim,
    say_day_of,
    say_measure,
    say_state,
    say_supply,
    tag_of,
)
from question_bank.goals import Measure
from question_bank.terms import Feedback
from tests.factories import NOW
from tests.mentoring.goals.factories import DAY, agreed, make_pair, propose, wish
from tests.progress.factories import INTV, earned, take

WEEK = 7 * DAY

OF_FACETS = "5 items on facet joint blocks and radiofrequency denervation, 4 right"


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (
            Measure(10, 8, topic="intv-periprocedural-safety"),
            "10 items on periprocedural safety, 8 right",
        ),
        (Measure(12, 12, approach="psychological"), "12 psychological items, all right"),
        (Measure(4, 1, topic="no-more"), "4 items on no-more, 1 right"),
        (Measure(4, 1, approach="no-more"), "4 no-more items, 1 right"),
    ],
)
def test_a_measure_is_said_as_the_product_reads_it(measure, said) -> None:
    assert say_aim(measure) == said
    assert say_measure(measure, date(2027, 1, 15), date(2027, 1, 1)) == f"{said}, by Jan 15"


def test_the_day_of_another_year_is_said_with_its_year() -> None:
    day = date(2027, 11, 20)

    assert say_day_of(day, date(2027, 1, 1)) == "Nov 20"
    assert say_day_of(day, date(2026, 11, 25)) == "Nov 20, 2027"
    assert say_day_of(day, date(2028, 1, 1)) == "Nov 20, 2027"


@pytest.mark.parametrize(
    ("new", "more"),
    [
        (10, ""),
        (9, " That is fewer than the goal counts."),
        (8, " That is fewer than the goal counts."),
        (7, " The goal cannot be reached before there are more."),
    ],
)
def test_what_the_bank_has_for_a_goal_is_said(new: int, more: str) -> None:
    said = say_supply(Measure(10, 8, approach="psychological"), new, "you")

    assert said == f"Such items in the bank that are new to you: {new}.{more}"


@pytest.fixture(autouse=True)
def opened(app: Flask):
    """Have a transaction open, as who acts has."""
    with app.app_context(), transaction():
        yield


def said(fellow, since, until) -> tuple[str, ...]:
    return said_of_goals(queries.all_goals(fellow.id, now=until), since=since, until=until)


def test_the_weekly_mail_says_how_far_an_open_goal_came() -> None:
    fellow, mentor = make_pair()
    agreed(mentor, fellow)
    take(fellow, NOW + DAY, {INTV: earned(1, 2)})

    assert said(fellow, NOW, NOW + WEEK) == (
        f"Goal: {OF_FACETS}, by Jan 15, 2027. "
        "So far 2 of 5 answered, 1 right; 3 more right are needed.",
    )


def test_the_weekly_mail_says_whose_word_a_proposal_waits_for() -> None:
    fellow, mentor = make_pair()
    first = propose(mentor, fellow)
    assert said(fellow, NOW, NOW + WEEK) == (
        f"Goal proposed: {OF_FACETS}, by Jan 15, 2027. Waits for Dr. Amina Diallo.",
    )

    services.propose_another(fellow, first.id, wish(measure=Measure(4, 2, topic=INTV)), now=NOW)

    (sentence,) = said(fellow, NOW, NOW + WEEK)
    assert sentence.endswith("2 right, by Jan 15, 2027. Dr. Amina Diallo proposes it to you.")


def test_a_goal_whose_day_is_over_says_that_it_waits_for_what_is_not_counted_yet() -> None:
    fellow, mentor = make_pair()
    agreed(mentor, fellow, due_on=date(2026, 11, 27))
    take(fellow, NOW + DAY, {INTV: earned(4, 5)}, feedback=Feedback.CLOSED)
    states = {
        day: (say_state(each, GoalSide.FELLOW), tag_of(each, GoalSide.FELLOW)[0])
        for day in (2, 3)
        for each in queries.all_goals(fellow.id, now=NOW + day * DAY)
    }

    assert states == {2: ("Open until Nov 27, 2026", "Open"), 3: (OVER, "Not all counted yet")}
    assert said(fellow, NOW, NOW + 3 * DAY) == (
        f"Goal: {OF_FACETS}, by Nov 27. Its day is over; it waits for answers not counted yet. "
        "So far 0 of the latest 5 right, 5 not counted yet.",
    )


@pytest.mark.parametrize(
    ("right", "came"),
    [(4, "met"), (2, "not reached")],
)
def test_the_weekly_mail_says_once_what_came_of_a_goal(right: int, came: str) -> None:
    fellow, mentor = make_pair()
    agreed(mentor, fellow, due_on=date(2026, 11, 28))
    take(fellow, NOW + DAY, {INTV: earned(right, 5)})
    settle_goals(fellow.id, now=NOW + 5 * DAY)

    assert said(fellow, NOW, NOW + WEEK) == (
        f"Goal {came}: {OF_FACETS}, by Nov 28. "
        f"By the figures of today: {right} of the latest 5 right.",
    )
    assert said(fellow, NOW + WEEK, NOW + 2 * WEEK) == ()
    assert said(fellow, NOW - WEEK, NOW + 5 * DAY - timedelta(seconds=1)) == ()
