"""What is asked of whom: by the days on which a fellow is in the cohort, in the fellow's zone."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lms.attempts import queries, services
from lms.attempts.standings import standings
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import User
from lms.program.models import Cohort, Membership
from lms.quizzes.models import Assignment
from tests.attempts.factories import begin, make_assignment
from tests.attempts.sitting import Sitting
from tests.factories import NOW, add, make_fellow

DAY = timedelta(days=1)


def is_member(fellow: User, *, since: date = date(2026, 7, 1), until: date | None = None) -> None:
    """Say from when to when the fellow is in the one cohort, both days included."""
    with transaction():
        db.session.execute(
            db.update(Membership)
            .where(Membership.fellow_id == fellow.id)
            .values(starts_on=since, ends_on=until)
        )


def states(fellow: User, at: datetime) -> list[str]:
    db.session.expunge_all()
    return [standing.state for standing in standings([fellow.id], at)]


@pytest.mark.usefixtures("in_app")
class TestNotBegun:
    """A quiz due on November 28 and closed on November 30, both at 10 AM Eastern."""

    @pytest.fixture
    def fellow(self, in_app) -> User:
        with transaction():
            fellow = make_fellow()
            make_assignment(fellow)
        return fellow

    @pytest.mark.parametrize(
        ("until", "after"),
        [
            pytest.param(date(2026, 11, 26), [], id="before it was due"),
            pytest.param(date(2026, 11, 28), ["missed"], id="on the day it was due"),
        ],
    )
    def test_who_left_is_asked_no_more_and_missed_it_only_if_it_was_due(
        self, fellow, until, after
    ) -> None:
        is_member(fellow, until=until)

        assert states(fellow, NOW) == ["due"]
        assert states(fellow, NOW + 4 * DAY) == []
        assert states(fellow, NOW + 5 * DAY) == after

    def test_who_came_after_it_was_due_can_take_it_and_has_not_missed_it(self, fellow) -> None:
        is_member(fellow, since=date(2026, 11, 29))

        assert states(fellow, NOW + 3 * DAY) == []
        assert states(fellow, NOW + 4 * DAY) == ["due"]
        assert states(fellow, NOW + 5 * DAY) == []

    def test_who_left_and_came_back_after_it_was_due_is_overdue(self, fellow) -> None:
        is_member(fellow, until=date(2026, 11, 28))
        with transaction():
            cohort = db.session.scalars(db.select(Cohort)).one()
            add(Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=date(2026, 11, 29)))

        assert states(fellow, NOW + 4 * DAY) == ["overdue"]

    def test_who_left_and_came_back_is_asked_once(self, fellow) -> None:
        is_member(fellow, until=date(2026, 11, 20))
        with transaction():
            cohort = db.session.scalars(db.select(Cohort)).one()
            add(Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=date(2026, 11, 24)))

        assert states(fellow, NOW) == ["due"]

    def test_what_was_taken_back_is_asked_of_nobody(self, fellow) -> None:
        with transaction():
            given = db.session.scalars(db.select(Assignment)).one()
            given.withdrawn_at = NOW

        assert states(fellow, NOW) == []
        assert states(fellow, NOW + 5 * DAY) == []
        with pytest.raises(NotFound), transaction():
            services.start_attempt(fellow, given.id, now=NOW)


@pytest.mark.parametrize(
    ("zone", "last_moment"),
    [
        pytest.param("America/New_York", datetime(2026, 11, 26, 4, 59, tzinfo=UTC), id="west"),
        pytest.param("Asia/Tokyo", datetime(2026, 11, 25, 14, 59, tzinfo=UTC), id="east"),
        pytest.param("UTC", datetime(2026, 11, 25, 23, 59, tzinfo=UTC), id="at Greenwich"),
    ],
)
@pytest.mark.usefixtures("in_app")
def test_the_last_day_ends_at_the_fellows_midnight(zone, last_moment) -> None:
    with transaction():
        fellow = make_fellow()
        fellow.time_zone = zone
        assignment = make_assignment(fellow)
    is_member(fellow, until=date(2026, 11, 25))

    assert queries.assignment_for(fellow, assignment.id, last_moment).id == assignment.id
    assert states(fellow, last_moment) == ["due"]
    with pytest.raises(NotFound):
        queries.assignment_for(fellow, assignment.id, last_moment + timedelta(minutes=1))
    assert states(fellow, last_moment + timedelta(minutes=1)) == []


@pytest.mark.usefixtures("in_app")
def test_who_began_what_was_taken_back_goes_on_but_does_not_begin_again() -> None:
    fellow, attempt = begin(attempts_allowed=2)
    with transaction():
        given = db.session.scalars(db.select(Assignment)).one()
        given.withdrawn_at = NOW

    assert states(fellow, NOW) == ["in progress"]
    with transaction():
        assert services.start_attempt(fellow, given.id, now=NOW).id == attempt.id
        services.submit_attempt(fellow, attempt.id, now=NOW)
    with pytest.raises(services.Withdrawn), transaction():
        services.start_attempt(fellow, given.id, now=NOW)


@pytest.mark.usefixtures("in_app")
def test_what_was_taken_back_is_never_overdue() -> None:
    fellow, _ = begin(time_limit=None)
    with transaction():
        db.session.scalars(db.select(Assignment)).one().withdrawn_at = NOW

    assert states(fellow, NOW + 4 * DAY) == ["in progress"]


@pytest.mark.usefixtures("in_app")
def test_what_was_begun_is_finished_by_who_has_left() -> None:
    fellow, attempt = begin(time_limit=None)
    is_member(fellow, until=date(2026, 11, 25))
    later = NOW + 2 * DAY

    assert states(fellow, later) == ["in progress"]
    with transaction():
        same = services.start_attempt(fellow, attempt.assignment_id, now=later)
        services.submit_attempt(fellow, attempt.id, now=later)

    assert same.id == attempt.id
    assert states(fellow, later) == ["done"]


def test_home_leads_who_has_left_to_what_was_begun_and_to_nothing_else(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    with app.app_context():
        with transaction():
            other = make_assignment(sitting.user, closes_in=20000 * DAY, due_in=20000 * DAY)
        is_member(sitting.user, until=date(2026, 11, 24))

    home = sitting.fellow.get("/home").text

    assert f"/assignments/{sitting.assignment_id}/begin" in home
    assert f"/assignments/{other.id}/begin" not in home
    assert sitting.fellow.get(f"/assignments/{sitting.assignment_id}/begin").status_code == 200
    assert sitting.fellow.get(f"/assignments/{other.id}/begin").status_code == 404
