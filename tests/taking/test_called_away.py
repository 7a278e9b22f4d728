"""A fellow who is called away stops the clock, as often as the quiz allows, and goes on."""

from datetime import timedelta

import pytest

from lms.attempts import freezing, services
from lms.attempts.freezing import NoFreezeLeft
from lms.attempts.models import Attempt, Freeze
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.people.models import User
from lms.quizzes.models import Assignment
from tests.attempts.factories import begin
from tests.attempts.sitting import Sitting
from tests.factories import NOW, make_fellow
from tests.reading import place_of, words

MINUTE = timedelta(minutes=1)


def allow(attempt: Attempt, freezes: int, minutes: int = 30) -> None:
    with transaction():
        given = db.session.get_one(Assignment, attempt.assignment_id)
        given.freezes, given.freeze_minutes = freezes, minutes


def freeze(fellow: User, attempt: Attempt, used: int, after: timedelta) -> None:
    with transaction():
        freezing.freeze_own(fellow, attempt.id, used=used, now=NOW + after)


def go_on(fellow: User, attempt: Attempt, after: timedelta) -> None:
    with transaction():
        freezing.resume_own(fellow, attempt.id, now=NOW + after)


def left(attempt: Attempt) -> timedelta | None:
    db.session.expire_all()
    deadline_at = db.session.get_one(Attempt, attempt.id).deadline_at
    return deadline_at and deadline_at - NOW


@pytest.mark.usefixtures("in_app")
class TestServices:
    def test_the_time_that_was_left_is_there_again(self) -> None:
        fellow, attempt = begin(time_limit=30)
        allow(attempt, 1)

        freeze(fellow, attempt, 0, 10 * MINUTE)
        assert left(attempt) is None
        go_on(fellow, attempt, 25 * MINUTE)

        assert left(attempt) == 45 * MINUTE

    def test_it_ends_by_itself_after_the_minutes_of_the_quiz(self) -> None:
        fellow, attempt = begin(time_limit=30)
        allow(attempt, 1, minutes=20)

        freeze(fellow, attempt, 0, 10 * MINUTE)

        assert freezing.to_resume(NOW + 29 * MINUTE) == []
        assert freezing.to_resume(NOW + 31 * MINUTE) == [attempt.id]

    def test_as_often_as_the_quiz_allows_and_no_more(self) -> None:
        fellow, attempt = begin(time_limit=30)
        allow(attempt, 2)

        for used in (0, 1):
            freeze(fellow, attempt, used, used * 5 * MINUTE + MINUTE)
            go_on(fellow, attempt, used * 5 * MINUTE + 2 * MINUTE)

        with pytest.raises(NoFreezeLeft):
            freeze(fellow, attempt, 2, 20 * MINUTE)

    def test_where_the_quiz_allows_none_there_is_none(self) -> None:
        fellow, attempt = begin()
        allow(attempt, 0)

        with pytest.raises(NoFreezeLeft):
            freeze(fellow, attempt, 0, MINUTE)

    def test_a_page_of_before_uses_none_up(self) -> None:
        fellow, attempt = begin(time_limit=30)
        allow(attempt, 2)
        freeze(fellow, attempt, 0, MINUTE)
        go_on(fellow, attempt, 2 * MINUTE)

        freeze(fellow, attempt, 0, 3 * MINUTE)

        assert left(attempt) == 31 * MINUTE
        assert len(db.session.scalars(db.select(Freeze)).all()) == 1

    def test_what_a_director_stopped_the_fellow_does_not_let_go_on(self) -> None:
        fellow, attempt = begin(time_limit=30)
        with transaction():
            freezing.freeze(None, attempt.id, reason="Fire alarm", now=NOW + MINUTE)

        go_on(fellow, attempt, 2 * MINUTE)

        assert left(attempt) is None
        assert freezing.own_freezes(fellow.id, attempt.id) == 0

    def test_nobody_stops_the_clock_of_another_fellow(self) -> None:
        _, attempt = begin(time_limit=30)
        allow(attempt, 1)
        with transaction():
            other = make_fellow()

        with pytest.raises(NotFound):
            freeze(other, attempt, 0, MINUTE)
        with pytest.raises(NotFound):
            go_on(other, attempt, MINUTE)

    def test_what_was_handed_in_meanwhile_is_refused(self) -> None:
        fellow, attempt = begin(time_limit=30)
        allow(attempt, 1)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW)

        with pytest.raises(freezing.NotRunning):
            freeze(fellow, attempt, 0, MINUTE)


def test_the_pages_cover_the_case_and_let_it_go_on(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    rules = words(sitting.fellow.get(f"/assignments/{sitting.assignment_id}/begin"))
    before = words(sitting.fellow.get(sitting.url))

    sitting.fellow.post(f"{sitting.url}/pause", used="0")
    covered = sitting.fellow.get(f"{sitting.url}/cases/1")
    stopped = words(sitting.fellow.get(sitting.url))
    sitting.fellow.post(f"{sitting.url}/resume")
    after = words(sitting.fellow.get(sitting.url))

    assert "Once, 30 minutes, if you are called away" in rules
    assert "Freeze for up to 30 minutes?" in before
    assert place_of(covered) == sitting.url
    assert "Go on now" in stopped
    assert "at the latest" in stopped
    assert "Called away?" not in after, "it can be done once"
    assert sitting.save(1, answer="2").status_code == 200


@pytest.mark.parametrize("used", ["", "x", "99999", "-1", "1"])
def test_what_no_page_sends_stops_nothing(app, signed_in, used: str) -> None:
    sitting = Sitting(app, signed_in)

    sitting.fellow.post(f"{sitting.url}/pause", used=used)

    assert sitting.fellow.get(f"{sitting.url}/status").get_json()["frozen"] is False
