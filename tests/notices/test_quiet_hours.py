"""In quiet hours the weekly mail waits, by the clock of who gets it; a link does not."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.core.clock import local, week_of
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.core.settings import change_settings_of_program
from lms.mentoring.digests.services import compose_digest
from lms.notices.quiet_hours import QUIET_HOURS, QuietHours
from lms.people.models import Role, User
from lms.signin.setting_passwords import request_reset
from lms.zones import ZONES
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user

NIGHT = QuietHours(time(21), time(7))
NOON = QuietHours(time(12), time(13, 30))
NEW_YORK = "America/New_York"


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "zone", "now", "over"),
    [
        pytest.param(NIGHT, "UTC", "2026-11-23 20:59", None, id="before"),
        pytest.param(NIGHT, "UTC", "2026-11-23 21:00", "2026-11-24 07:00", id="from the first on"),
        pytest.param(NIGHT, "UTC", "2026-11-24 06:59", "2026-11-24 07:00", id="after midnight"),
        pytest.param(NIGHT, "UTC", "2026-11-24 07:00", None, id="up to before the last"),
        pytest.param(NOON, "UTC", "2026-11-24 13:00", "2026-11-24 13:30", id="within a day"),
        pytest.param(NOON, "UTC", "2026-11-24 23:00", None, id="outside, within a day"),
        pytest.param(NIGHT, NEW_YORK, "2026-11-23 11:00", "2026-11-23 12:00", id="the own clock"),
        pytest.param(NIGHT, NEW_YORK, "2026-03-08 05:00", "2026-03-08 11:00", id="spring"),
        pytest.param(NIGHT, NEW_YORK, "2026-11-01 05:00", "2026-11-01 12:00", id="autumn"),
        pytest.param(QuietHours(), "UTC", "2026-11-24 03:00", None, id="none are set"),
    ],
)
def test_when_quiet_hours_are_over(
    hours: QuietHours, zone: str, now: str, over: str | None
) -> None:
    assert hours.over_at(moment(now), zone) == (moment(over) if over else None)


@given(
    st.integers(0, 10 * 366 * 24 * 60).map(
        lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    st.sampled_from(ZONES),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
)
def test_they_end_within_a_day_and_then_it_is_not_quiet(
    now: datetime, zone: str, begins: time, ends: time
) -> None:
    if begins == ends:
        return
    hours = QuietHours(begins, ends)

    over = hours.over_at(now, zone)

    if over is not None:
        assert now < over <= now + timedelta(hours=26)
        shown = local(over, zone).replace(tzinfo=None).time()
        skipped = shown != ends  # a clock that was put forward shows no such time
        assert skipped or hours.over_at(over, zone) is None


@pytest.mark.parametrize("half", [(time(21), None), (None, time(7)), (time(7), time(7))])
def test_there_are_no_quiet_hours_without_an_end(half: tuple[time | None, time | None]) -> None:
    with pytest.raises(ValueError, match="quiet hours"):
        QuietHours(*half)


def mentor() -> User:
    mentor, fellow = make_user(Role.MENTOR, time_zone=NEW_YORK), make_fellow()
    make_cohort(fellow)
    make_mentorship(mentor, fellow)
    return mentor


def be_quiet(hours: QuietHours) -> None:
    with transaction():
        change_settings_of_program(None, {QUIET_HOURS: hours}, now=moment("2026-11-01 00:00"))


def test_a_weekly_mail_waits_for_the_morning_and_leaves_then(in_app: Flask) -> None:
    night, morning = moment("2026-11-24 03:00"), moment("2026-11-24 12:00")
    be_quiet(NIGHT)
    with transaction():
        digest = compose_digest(mentor().id, week_of(night.date() - timedelta(days=7)), now=night)
    assert digest is not None

    with transaction():
        at_night = claim(digest.message_id, now=night)
    waiting = db.session.get(Message, digest.message_id, populate_existing=True)
    assert waiting is not None
    held = (waiting.state, waiting.tries, waiting.next_try_at, waiting.lease_until)
    with transaction():
        too_early = claim(digest.message_id, now=morning - timedelta(minutes=1))
    with transaction():
        then = claim(digest.message_id, now=morning)

    assert at_night is None
    assert held == (MailState.QUEUED, 0, morning, None)
    assert too_early is None
    assert then is not None
    assert then.tries == 1


def test_a_link_that_somebody_asked_for_does_not_wait(in_app: Flask) -> None:
    night = moment("2026-11-24 03:00")
    be_quiet(NIGHT)
    with transaction():
        user = make_user(Role.MENTOR, time_zone=NEW_YORK)
        user.password_hash = "x"
        request_reset(user.email, now=night)
    number = db.session.scalars(db.select(Message.id)).one()

    with transaction():
        assert claim(number, now=night) is not None
