"""How moments and weeks are said, and where a week ends when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.core import clock
from lms.core.errors import Invalid
from lms.zones import ZONES

NEW_YORK = "America/New_York"


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        pytest.param("2026-11-27T22:00", NEW_YORK, "Fri Nov 27, 5:00 PM Eastern", id="winter"),
        pytest.param("2026-07-03T21:00", NEW_YORK, "Fri Jul 3, 5:00 PM Eastern", id="summer"),
        pytest.param("2026-11-27T05:00", NEW_YORK, "Fri Nov 27, 12:00 AM Eastern", id="midnight"),
        pytest.param("2026-11-27T17:05", NEW_YORK, "Fri Nov 27, 12:05 PM Eastern", id="noon"),
        pytest.param("2027-01-01T04:59", NEW_YORK, "Thu Dec 31, 11:59 PM Eastern", id="new year"),
        pytest.param("2026-11-27T22:00", "America/Phoenix", "Fri Nov 27, 3:00 PM Arizona", id="az"),
        pytest.param("2026-11-27T22:00", "UTC", "Fri Nov 27, 10:00 PM UTC", id="UTC"),
        pytest.param(
            "2026-11-27T22:00", "Asia/Kathmandu", "Sat Nov 28, 3:45 AM Kathmandu time", id="45 min"
        ),
    ],
)
def test_a_moment_is_said_with_weekday_and_zone(moment: str, zone: str, said: str) -> None:
    assert clock.say_when(datetime.fromisoformat(f"{moment}Z"), zone) == said


def test_of_the_hour_that_comes_twice_it_is_said_which_it_is() -> None:
    first = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)

    assert [clock.say_when(first + timedelta(hours=n), NEW_YORK) for n in range(4)] == [
        "Sun Nov 1, 12:30 AM Eastern",
        "Sun Nov 1, 1:30 AM EDT",
        "Sun Nov 1, 1:30 AM EST",
        "Sun Nov 1, 2:30 AM Eastern",
    ]


def test_days_dates_and_times_are_said_as_the_brief_has_them() -> None:
    moment = datetime(2026, 12, 1, 3, 4, 5, tzinfo=UTC)

    assert clock.say_day(moment, NEW_YORK) == "Mon Nov 30"
    assert clock.say_time(moment, NEW_YORK) == "22:04:05"
    assert clock.say_date(date(2026, 11, 7)) == "Nov 7, 2026"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Detroit", "Eastern"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Europe/Zurich", "Zurich time"),
    ],
)
def test_a_zone_is_named_as_people_there_call_it(zone: str, name: str) -> None:
    assert clock.zone_name(zone) == name


def test_the_zones_to_choose_from_are_places() -> None:
    assert {NEW_YORK, "Pacific/Honolulu", "UTC"} <= set(ZONES)
    assert not {"EST5EDT", "Etc/GMT+5", "US/Eastern"} & set(ZONES)
    assert len(ZONES) == len(set(ZONES))


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        pytest.param(date(2026, 11, 1), "2026-11-01T11:00", id="summer time ended that night"),
        pytest.param(date(2026, 10, 31), "2026-10-31T10:00", id="the day before"),
        pytest.param(date(2027, 3, 14), "2027-03-14T10:00", id="summer time began that night"),
        pytest.param(date(2027, 3, 13), "2027-03-13T11:00", id="the day before that"),
    ],
)
def test_six_in_the_morning_stays_six_in_the_morning(day: date, utc: str) -> None:
    moment = clock.at(day, time(6), NEW_YORK)

    assert moment == datetime.fromisoformat(f"{utc}Z")
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "week"),
    [
        pytest.param(date(2026, 11, 25), "2026-W48", id="a Wednesday"),
        pytest.param(date(2026, 11, 22), "2026-W47", id="a Sunday ends its week"),
        pytest.param(date(2026, 11, 23), "2026-W48", id="a Monday starts one"),
        pytest.param(date(2026, 12, 31), "2026-W53", id="2026 has 53 weeks"),
        pytest.param(date(2027, 1, 3), "2026-W53", id="January in the old year's week"),
        pytest.param(date(2024, 12, 30), "2025-W01", id="December in the new year's week"),
    ],
)
def test_a_day_has_its_iso_week_and_the_week_its_monday(day: date, week: str) -> None:
    monday = clock.monday_of(week)

    assert clock.week_of(day) == week
    assert monday.weekday() == 0
    assert timedelta(0) <= day - monday < timedelta(days=7)


@pytest.mark.parametrize(
    ("week", "start", "hours"),
    [
        pytest.param("2026-W47", "2026-11-16T05:00", 168, id="an ordinary week"),
        pytest.param("2026-W44", "2026-10-26T04:00", 169, id="summer time ends"),
        pytest.param("2027-W10", "2027-03-08T05:00", 167, id="summer time begins"),
        pytest.param("2026-W53", "2026-12-28T05:00", 168, id="over the year's end"),
    ],
)
def test_a_week_lasts_from_midnight_to_midnight_where_the_person_is(
    week: str, start: str, hours: int
) -> None:
    begins, ends = clock.week_bounds(week, NEW_YORK)

    assert begins == datetime.fromisoformat(f"{start}Z")
    assert ends - begins == timedelta(hours=hours)


def test_weeks_follow_each_other_without_a_gap() -> None:
    weeks = [clock.week_of(date(2026, 10, 5) + timedelta(days=7 * n)) for n in range(30)]

    bounds = [clock.week_bounds(week, NEW_YORK) for week in weeks]

    assert [end for _, end in bounds[:-1]] == [start for start, _ in bounds[1:]]


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-W00", "2025-W53", "2026-W54", "2026-11-25", "W47", "0000-W01", "x"]
)
def test_what_is_not_a_week_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="Write a week as 2026-W47"):
        clock.monday_of(text)


def test_the_clock_knows_its_zone() -> None:
    now = clock.utcnow()

    assert now.tzinfo is UTC
    assert abs(now.timestamp() - datetime.now().astimezone().timestamp()) < 5


CHANGES = ["2026-03-08", "2026-03-29", "2026-04-05", "2026-10-04", "2026-10-25", "2026-11-01"]
"""Days on which clocks are changed in New York, in Zurich or on Lord Howe."""


@given(
    st.builds(
        lambda day, minute: datetime.fromisoformat(day) + timedelta(minutes=minute),
        st.sampled_from(CHANGES),
        st.integers(0, 24 * 60 - 1),
    ),
    st.sampled_from([NEW_YORK, "Europe/Zurich", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
)
def test_every_moment_at_which_clocks_show_a_time_is_among_its_readings(
    wall: datetime, zone: str
) -> None:
    found = clock.readings(wall, zone)
    hours = (wall.replace(tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(-56, 57))
    shown = [m for m in hours if clock.local(m, zone).replace(tzinfo=None, fold=0) == wall]

    assert list(found) == shown
