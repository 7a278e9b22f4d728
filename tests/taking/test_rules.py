"""The page of the rules says what this fellow gets, at this moment."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.core.clock import say_when, utcnow
from lms.core.db import transaction
from lms.program.models import Accommodation
from tests.attempts.factories import make_assignment
from tests.attempts.sitting import SignIn
from tests.factories import NOW, add, day_of, make_fellow
from tests.reading import place_of, words
from tests.taking.pages import Fellow

MINUTE = timedelta(minutes=1)


class Rules:
    """A fellow before a quiz of 30 minutes that opens and closes so long from this moment."""

    def __init__(
        self,
        app: Flask,
        signed_in: SignIn,
        *,
        closes: timedelta,
        opens: timedelta = -timedelta(days=1),
        time_limit: int | None = 30,
        percent: int | None = None,
    ) -> None:
        since = utcnow() - NOW
        with app.app_context(), transaction():
            user = make_fellow()
            assignment = make_assignment(
                user, opens_in=since + opens, due_in=since + closes, closes_in=since + closes,
                time_limit=time_limit,
            )  # fmt: skip
            self.url = f"/assignments/{assignment.id}/begin"
            self.closes = say_when(assignment.closes_at, user.time_zone)
            if percent:
                first = day_of(utcnow()) - timedelta(days=2)
                add(
                    Accommodation(
                        fellow_id=user.id, percent=percent, days=0, starts_on=first, reason="-",
                        granted_by=user.id, granted_at=NOW,
                    )
                )  # fmt: skip
        self.fellow = Fellow(signed_in(user))

    @property
    def text(self) -> str:
        return words(self.fellow.get(self.url))


def test_whoever_starts_five_minutes_before_the_end_is_told_of_five(
    app: Flask, signed_in: SignIn
) -> None:
    rules = Rules(app, signed_in, closes=5.9 * MINUTE)

    assert "30 min from the start" not in rules.text
    assert "4 items, 5 min until it closes." in rules.text
    assert "An attempt lasts 5 min, not 30 min" in rules.text
    assert f"The quiz closes {rules.closes}, before the full time is over." in rules.text
    assert "Time 5 min instead of 30 min, until the quiz closes" in rules.text


def test_home_says_the_same(app: Flask, signed_in: SignIn) -> None:
    rules = Rules(app, signed_in, closes=5.9 * MINUTE)

    assert "4 items, 5 min until it closes." in words(rules.fellow.get("/home"))


def test_whoever_has_the_whole_time_is_told_of_it(app: Flask, signed_in: SignIn) -> None:
    rules = Rules(app, signed_in, closes=40 * MINUTE)

    assert "Time 30 min from the start" in rules.text
    assert "An attempt lasts" not in rules.text


def test_a_window_that_is_shorter_than_the_limit_is_told_before_it_opens(
    app: Flask, signed_in: SignIn
) -> None:
    rules = Rules(app, signed_in, opens=60 * MINUTE, closes=80 * MINUTE)

    assert "4 items, 20 min until it closes." in rules.text


def test_more_time_for_a_fellow_is_cut_by_the_closing_too(app: Flask, signed_in: SignIn) -> None:
    rules = Rules(app, signed_in, closes=40.5 * MINUTE, percent=200)

    assert "Time 40 min instead of 60 min (30 × 2), until the quiz closes" in rules.text


def test_it_is_said_when_an_attempt_would_end_that_starts_now(
    app: Flask, signed_in: SignIn
) -> None:
    limited = Rules(app, signed_in, closes=40 * MINUTE).text
    unlimited = Rules(app, signed_in, closes=40 * MINUTE, time_limit=None).text

    assert "If you start now It ends " in limited
    assert "If you start now" not in unlimited


def test_who_has_more_time_reads_it_beside_the_clock_and_who_sees_it(
    app: Flask, signed_in: SignIn
) -> None:
    rules = Rules(app, signed_in, closes=400 * MINUTE, percent=200)
    assert "Nobody but you and the directors sees how much time you have." in rules.text
    others = Rules(app, signed_in, closes=400 * MINUTE)
    assert "sees how much time" not in others.text

    for each, wanted in ((rules, 1), (others, 0)):
        begun = each.fellow.post(each.url)
        case = each.fellow.get(place_of(begun))
        all_items = each.fellow.get(place_of(begun).partition("/cases")[0])
        assert words(case).count("Your time: 60 min (30 × 2)") == wanted
        assert words(all_items).count("Your time: 60 min (30 × 2)") == wanted


@pytest.mark.parametrize("time_limit", [30, None])
def test_whoever_has_begun_is_told_until_when(
    app: Flask, signed_in: SignIn, time_limit: int | None
) -> None:
    rules = Rules(app, signed_in, closes=5.9 * MINUTE, time_limit=time_limit)
    rules.fellow.post(rules.url)

    assert f"Time Until {rules.closes}" in rules.text
