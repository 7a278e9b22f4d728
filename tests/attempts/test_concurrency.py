"""Many requests at the same moment, on the real database."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.grading import services as grading
from lms.grading import tasks
from lms.people.models import User
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from tests.attempts.factories import answer_of, begin, make_assignment
from tests.attempts.kinds import unfolding
from tests.attempts.sitting import YEARS, Sitting, sitting_at
from tests.factories import NOW, make_fellow
from tests.overlap import while_open
from tests.reading import place_of
from tests.taking.pages import Fellow

pytestmark = pytest.mark.again(10)


def at_once(count: int, act: Callable[[int], object]) -> list[object]:
    """Return what *act* returned to each of *count* threads that began together."""
    barrier = Barrier(count)

    def run(number: int) -> object:
        barrier.wait(20)
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return Sitting(app, signed_in)


@pytest.fixture
def browsers(sitting, signed_in) -> list[Fellow]:
    return [Fellow(signed_in(sitting.user)) for _ in range(20)]


def test_of_twenty_submits_one_wins_and_all_are_led_to_the_result(sitting, browsers) -> None:
    def submit(number: int) -> tuple[int, str | None]:
        page = browsers[number].post(f"{sitting.url}/submit")
        return page.status_code, place_of(page)

    answers = at_once(20, submit)

    assert set(answers) == {(303, f"{sitting.url}/result")}
    with sitting.app.app_context():
        acts = Counter(db.session.scalars(db.select(AuditEvent.action)))
        attempt = db.session.get_one(Attempt, sitting.id)
    assert acts["attempt.submit"] == 1
    assert attempt.state is AttemptState.SUBMITTED


def test_who_begins_the_next_attempt_while_another_request_does_is_led_to_it(app) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
        assignment_id = make_assignment(fellow, attempts_allowed=2, time_limit=10).id
        services.start_attempt(fellow, assignment_id, now=NOW)
    later = NOW + timedelta(minutes=30)

    def begin() -> int:
        user = db.session.get_one(User, fellow.id)
        return services.start_attempt(user, assignment_id, now=later).number

    assert while_open(app, begin, begin) == 2
    with app.app_context():
        states = db.session.scalars(db.select(Attempt.state).order_by(Attempt.number)).all()
    assert states == [AttemptState.SUBMITTED, AttemptState.IN_PROGRESS]


def test_of_twenty_starts_one_attempt_comes(app, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_fellow()
        assignment = make_assignment(user, closes_in=YEARS, due_in=YEARS)
    browsers = [Fellow(signed_in(user)) for _ in range(20)]

    def start(number: int) -> tuple[int, str | None]:
        page = browsers[number].post(f"/assignments/{assignment.id}/begin")
        return page.status_code, place_of(page)

    answers = at_once(20, start)

    assert len(set(answers)) == 1
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Attempt.id))) == 1
        assert db.session.scalar(db.select(db.func.count(Response.id))) == 4


def test_starts_beyond_the_allowed_number_are_refused_also_at_once(app, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_fellow()
        assignment = make_assignment(user, closes_in=YEARS, due_in=YEARS, attempts_allowed=3)

    def take(_number: int) -> str:
        with app.app_context():
            try:
                for _ in range(3):
                    with transaction():
                        attempt = services.start_attempt(user, assignment.id, now=NOW)
                    with transaction():
                        services.submit_attempt(user, attempt.id, now=NOW)
            except services.NoAttemptLeft:
                return "refused"
            return "taken"

    at_once(8, take)

    with app.app_context():
        numbers = db.session.scalars(db.select(Attempt.number).order_by(Attempt.number)).all()
    assert numbers == [1, 2, 3]


def test_twenty_tabs_save_the_same_item_and_nothing_is_lost(sitting, browsers) -> None:
    url = f"{sitting.url}/items/4"

    def save(number: int) -> int:
        page = browsers[number].send(
            url, tab=f"tab-{number}", seq=1, controls={"answer": [f"answer {number}"]}
        )
        return page.status_code

    assert set(at_once(20, save)) == {200}
    with sitting.app.app_context():
        row = db.session.scalars(
            db.select(Response).where(Response.attempt_id == sitting.id, Response.position == 4)
        ).one()
        events = db.session.scalars(db.select(ResponseEvent)).all()
    assert row.revision == len(events) == 20
    assert row.answer == {"text": f"answer {row.last_tab.removeprefix('tab-')}"}


def test_saves_and_a_submit_at_once_leave_every_answer_and_three_late_ones(
    sitting, browsers
) -> None:
    def act(number: int) -> tuple[str, int]:
        if number == 7:
            return "submit", browsers[7].post(f"{sitting.url}/submit").status_code
        page = browsers[number].send(
            f"{sitting.url}/items/4", tab=f"{number}", seq=1, controls={"answer": [f"{number}"]}
        )
        return f"{number}", page.status_code

    answers = dict(at_once(20, act))

    assert answers.pop("submit") == 303
    with sitting.app.app_context():
        row = db.session.scalars(
            db.select(Response).where(Response.attempt_id == sitting.id, Response.position == 4)
        ).one()
        kept = {event.tab: event.late for event in db.session.scalars(db.select(ResponseEvent))}
    in_time, late = ({tab for tab in kept if kept[tab] is late} for late in (False, True))
    too_late = {tab for tab, status in answers.items() if status == 409}
    assert in_time == answers.keys() - too_late
    assert late <= too_late
    assert len(late) == min(len(too_late), 3)
    assert row.revision == list(answers.values()).count(200)


def test_grading_rung_twenty_times_at_once_happens_once(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    def ring(number: int) -> None:
        with sitting.app.app_context():
            if number % 4:
                tasks.grade(sitting.id)
            else:
                with transaction():
                    grading.grade_attempt(sitting.id, now=NOW)

    at_once(20, ring)

    with sitting.app.app_context():
        attempt = db.session.get_one(Attempt, sitting.id)
    assert attempt.state is AttemptState.GRADED
    assert attempt.grade_tries <= 1


def test_sweeps_at_once_grade_each_attempt_once(app, signed_in) -> None:
    sittings = [Sitting(app, signed_in) for _ in range(6)]
    with app.app_context(), transaction():
        db.session.execute(db.update(Attempt).values(deadline_at=NOW.replace(year=2025)))

    def sweep(_number: int) -> None:
        with app.app_context():
            tasks.sweep()

    at_once(4, sweep)

    with app.app_context():
        attempts = db.session.scalars(db.select(Attempt)).all()
        acts = Counter(db.session.scalars(db.select(AuditEvent.action)))
    assert {attempt.state for attempt in attempts} == {AttemptState.GRADED}
    assert acts["attempt.expire"] == len(sittings)


def test_of_twenty_locks_one_counts_and_all_are_led_to_the_next_stage(app, signed_in) -> None:
    sitting = sitting_at(app, signed_in, unfolding())
    browsers = [Fellow(signed_in(sitting.user)) for _ in range(20)]
    sitting.save(1, answer="0")
    sitting.save(2, answer="60")

    def lock(number: int) -> tuple[int, str | None]:
        page = browsers[number].post(f"{sitting.url}/cases/1", go="lock-1")
        return page.status_code, page.location

    assert set(at_once(20, lock)) == {(303, f"{sitting.url}/cases/1#stage-new")}
    assert sitting.row(1).locked_at == sitting.row(2).locked_at is not None
    assert sitting.row(3).locked_at is None


def test_no_answer_is_saved_behind_a_hand_in(app) -> None:
    with app.app_context():
        fellow, attempt = begin()
    packet = Packet("a", 1, NOW, ShownAnswer({"text": "naloxone"}))

    def save() -> None:
        saving.save_response(fellow, attempt.id, 4, packet)

    def hand_in() -> object:
        """Return the answer that the attempt was handed in with."""
        services.submit_attempt(fellow, attempt.id, now=NOW)
        return answer_of(attempt.id, 4)

    assert while_open(app, save, hand_in) == {"text": "naloxone"}


def test_an_answer_that_waited_for_the_hand_in_is_too_late(app) -> None:
    with app.app_context():
        fellow, attempt = begin()
    packet = Packet("a", 1, NOW, ShownAnswer({"text": "naloxone"}))

    def hand_in() -> None:
        services.submit_attempt(fellow, attempt.id, now=NOW)

    def save() -> None:
        saving.save_response(fellow, attempt.id, 4, packet)

    with pytest.raises(saving.AttemptClosed):
        while_open(app, hand_in, save)
    with app.app_context():
        assert answer_of(attempt.id, 4) is None


def test_saves_and_a_lock_at_once_keep_what_was_acknowledged(app, signed_in) -> None:
    sitting = sitting_at(app, signed_in, unfolding())
    browsers = [Fellow(signed_in(sitting.user)) for _ in range(20)]
    sitting.save(1, answer="0")
    sitting.save(2, answer="60")

    def act(number: int) -> tuple[str, int]:
        if number == 7:
            return "lock", browsers[7].post(f"{sitting.url}/cases/1", go="lock-1").status_code
        url, controls = f"{sitting.url}/items/2", {"answer": [str(number)]}
        return f"{number}", browsers[number].send(
            url, tab=f"tab-{number}", seq=1, controls=controls
        ).status_code

    statuses = dict(at_once(20, act))

    assert statuses.pop("lock") == 303
    assert set(statuses.values()) <= {200, 409}
    assert sitting.row(2).revision == 1 + list(statuses.values()).count(200)
    assert sitting.row(2).locked_at is not None
