"""A digest is due on Monday at 6 by the mentor's clock, whatever that clock has done."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from click.testing import CliRunner
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.core.clock import at, local, monday_of, utcnow, week_of
from lms.core.db import db, transaction
from lms.mentoring.digests import cli, queries, services, tasks
from lms.mentoring.digests.rhythms import Rhythm, Timetable, Told, say_rhythm
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.zones import ZONES
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user


def make_mentor(zone: str = "America/New_York") -> User:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR, time_zone=zone), make_fellow()
        make_cohort(fellow)
        make_mentorship(mentor, fellow)
    return mentor


def due_week(times: Timetable, now: datetime) -> str:
    """Return the week whose digest is due last at *now* to who was told nothing so far."""
    week = times.week_due_on(times.due_day(now), Told())
    assert week is not None
    return week


@pytest.mark.parametrize(
    ("zone", "moment", "week"),
    [
        pytest.param("America/New_York", "2026-11-23 10:59", "2026-W46", id="before 6 AM"),
        pytest.param("America/New_York", "2026-11-23 11:00", "2026-W47", id="at 6 AM"),
        pytest.param("America/New_York", "2026-11-29 23:59", "2026-W47", id="all the week"),
        pytest.param("America/Los_Angeles", "2026-11-23 13:59", "2026-W46", id="west, before"),
        pytest.param("America/Los_Angeles", "2026-11-23 14:00", "2026-W47", id="west, at"),
        pytest.param("Asia/Tokyo", "2026-11-22 21:00", "2026-W47", id="Sunday here, Monday there"),
        pytest.param("America/New_York", "2026-03-09 09:59", "2026-W09", id="spring, before"),
        pytest.param("America/New_York", "2026-03-09 10:00", "2026-W10", id="spring, an hour less"),
        pytest.param("America/New_York", "2026-11-02 10:59", "2026-W43", id="autumn, before"),
        pytest.param("America/New_York", "2026-11-02 11:00", "2026-W44", id="autumn, an hour more"),
        pytest.param("America/New_York", "2027-01-04 11:00", "2026-W53", id="over the year"),
        pytest.param("America/New_York", "2028-03-06 11:00", "2028-W09", id="with February 29"),
    ],
)
def test_the_week_that_is_due(zone: str, moment: str, week: str) -> None:
    now = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)

    assert due_week(Timetable(Rhythm(), zone), now) == week


MOMENTS = st.integers(0, 12 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)

RHYTHMS = st.builds(
    Rhythm,
    weeks=st.sampled_from([1, 2, 4]),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    full=st.booleans(),
)


@given(MOMENTS, st.sampled_from(ZONES), RHYTHMS)
def test_the_due_week_is_the_last_one_whose_day_and_hour_have_passed(
    now: datetime, zone: str, rhythm: Rhythm
) -> None:
    times = Timetable(rhythm, zone)

    day = times.due_on(due_week(times, now))

    assert day.weekday() == rhythm.weekday
    assert at(day, time(rhythm.hour), zone) <= now
    assert now < at(day + timedelta(days=7), time(rhythm.hour), zone)


@given(MOMENTS, st.sampled_from(ZONES), RHYTHMS)
def test_mails_for_all_report_one_after_another_without_a_gap(
    now: datetime, zone: str, rhythm: Rhythm
) -> None:
    times = Timetable(rhythm, zone)
    week = due_week(times, now)
    after = week_of(monday_of(week) + timedelta(weeks=rhythm.weeks))

    assert times.bounds(week)[1] == times.bounds(after)[0]


@given(MOMENTS, st.sampled_from(ZONES), RHYTHMS)
def test_of_so_many_weeks_one_is_for_all_fellows(now: datetime, zone: str, rhythm: Rhythm) -> None:
    times = Timetable(rhythm, zone, since=now.date())
    first = monday_of(week_of(now.date())) - timedelta(days=7)

    for_all = [times.is_for_all(week_of(first + timedelta(days=7 * number))) for number in range(8)]

    assert for_all == [number % rhythm.weeks == 0 for number in range(8)]


WEEKLY = st.builds(Rhythm, weekday=st.integers(0, 6), hour=st.integers(0, 23))


@settings(max_examples=40)
@given(MOMENTS, st.sampled_from(ZONES), st.lists(st.tuples(st.integers(1, 200), WEEKLY)))
def test_however_a_rhythm_is_changed_mails_come_once_a_day_and_within_seven(
    start: datetime, zone: str, changes: list[tuple[int, Rhythm]]
) -> None:
    told, days, now = Told(), [], start
    for hours, rhythm in [(1, Rhythm()), *changes, (200, Rhythm())]:
        times = Timetable(rhythm, zone)
        for _ in range(hours):
            day = times.due_day(now)
            week = times.week_due_on(day, told)
            if week is not None:
                assert week not in told.weeks
                assert times.due_on(week) == day
                days.append(day)
                told = Told(at(day, time(), zone), {*told.weeks, week})
            now += timedelta(hours=1)

    gaps = [(after - before).days for before, after in pairwise(days)]
    assert all(1 <= gap <= 7 for gap in gaps), days
    assert local(now, zone).date() - days[-1] <= timedelta(days=7)


@pytest.mark.parametrize(
    ("zone", "weekday", "week"),
    [
        pytest.param("America/New_York", 0, None, id="the same day"),
        pytest.param("America/New_York", 6, None, id="the day before"),
        pytest.param("America/New_York", 1, "2026-W49-2", id="the day after"),
        pytest.param("America/Los_Angeles", 0, None, id="the same day further west"),
        pytest.param("Asia/Tokyo", 0, None, id="the same day further east"),
    ],
)
def test_a_day_that_was_told_is_not_told_again_where_a_mentor_moves_to(
    zone: str, weekday: int, week: str | None
) -> None:
    told = Told(at(date(2026, 11, 30), time(), "America/New_York"), ["2026-W48"])
    day = date(2026, 11, 30) + timedelta(days=weekday if weekday < 6 else -1)

    assert Timetable(Rhythm(weekday=weekday), zone).week_due_on(day, told) == week


@pytest.mark.parametrize(
    ("rhythm", "said"),
    [
        (Rhythm(), "on Mondays at 6:00 AM"),
        (Rhythm(weeks=2, weekday=3, hour=16), "every two weeks, on Thursdays at 4:00 PM"),
        (Rhythm(weeks=4, hour=0), "every four weeks, on Mondays at 12:00 AM"),
        (Rhythm(weekday=6, hour=12), "on Sundays at 12:00 PM"),
    ],
)
def test_a_rhythm_in_words(rhythm: Rhythm, said: str) -> None:
    assert say_rhythm(rhythm) == said


def test_each_mentor_is_due_by_the_own_clock(in_app: Flask) -> None:
    east, west = make_mentor(), make_mentor("America/Los_Angeles")
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with transaction():
        services.compose_digest(east.id, "2026-W46", now=now)
        services.compose_digest(west.id, "2026-W46", now=now)

    at_noon = queries.due_digests(now)
    later = queries.due_digests(now + timedelta(hours=2))

    assert at_noon == [(east.id, "2026-W47")]
    assert set(later) == {(east.id, "2026-W47"), (west.id, "2026-W47")}


def test_after_an_outage_the_last_complete_week_is_due(in_app: Flask) -> None:
    mentor = make_mentor()

    due = queries.due_digests(datetime(2026, 11, 28, 3, tzinfo=UTC))

    assert due == [(mentor.id, "2026-W47")]


def test_what_is_written_is_not_due(in_app: Flask) -> None:
    mentor = make_mentor()
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    with transaction():
        services.compose_digest(mentor.id, "2026-W47", now=now)

    assert queries.due_digests(now) == []
    assert queries.due_digests(now + timedelta(days=7)) == [(mentor.id, "2026-W48")]


def test_who_stopped_the_mails_is_not_due(in_app: Flask) -> None:
    mentor = make_mentor()
    with transaction():
        set_wanted(mentor.id, "digest", False, now=datetime(2026, 11, 1, tzinfo=UTC))

    assert queries.due_digests(datetime(2026, 11, 23, 12, tzinfo=UTC)) == []


def stop_and_want_again(mentor: User, at: datetime) -> None:
    for wanted, when in ((False, datetime(2026, 11, 1, tzinfo=UTC)), (True, at)):
        with transaction():
            set_wanted(mentor.id, "digest", wanted, now=when)


def test_mails_wanted_again_begin_with_the_week_in_which_they_were(in_app: Flask) -> None:
    early, late = make_mentor(), make_mentor()
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)
    stop_and_want_again(early, monday - timedelta(seconds=1))
    stop_and_want_again(late, monday)
    now = datetime(2026, 11, 25, 15, tzinfo=UTC)

    with transaction():
        told = services.compose_digest(late.id, "2026-W47", now=now)

    assert told is None
    assert queries.due_digests(now) == [(early.id, "2026-W47")]
    assert (late.id, "2026-W48") in queries.due_digests(now + timedelta(days=7))


def test_the_tick_rings_for_a_mentor_and_a_week(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor = make_mentor()
    rung: list[tuple[str, tuple[int | str, ...]]] = []
    monkeypatch.setattr(
        in_app.extensions["celery"], "send_task", lambda name, args: rung.append((name, args))
    )

    tasks.send_due_digests()

    ((_, week),) = queries.due_digests(utcnow())
    assert rung == [("mentoring.compose_digest", (mentor.id, week))]


def test_no_digest_is_written_of_a_week_at_the_moment_in_which_the_mentorship_begins(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_mentor("Pacific/Honolulu")
    midnight = datetime(2026, 11, 22, 10, tzinfo=UTC)
    with transaction():
        db.session.execute(db.update(Mentorship).values(starts_on=date(2026, 11, 22)))

    said = []
    for now in (midnight, midnight + timedelta(hours=1)):
        monkeypatch.setattr(cli, "utcnow", lambda now=now: now)
        said.append(CliRunner().invoke(cli.group, ["send", "--week", "2026-W47"]).output)

    assert "nothing to send" in said[0]
    assert "written: " in said[1]
