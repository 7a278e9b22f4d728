"""Acts that change terms: attempts that run go by them at once, and nothing saved is lost."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lms.attempts import freezing, queries, reopening, services
from lms.attempts.models import Attempt, AttemptState, Freeze, ResponseEvent, Sitting
from lms.attempts.standings import standings
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.grading import services as grading
from lms.grading import tasks
from lms.grading.models import Grade
from lms.people.models import Role, User
from lms.quizzes.assigning import services as assigning
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.models import Assignment, Audience
from lms.supervision import services as acts
from lms.taking import saving
from lms.taking.incoming_saves import Packet, PageControls
from question_bank.terms import Feedback, Grant
from tests.attempts.factories import answer_of, begin, make_assignment
from tests.attempts.sitting import YEARS
from tests.factories import NOW, add, make_fellow, make_user

pytestmark = pytest.mark.usefixtures("in_app")

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def director(in_app) -> User:
    with transaction():
        return make_user(Role.DIRECTOR)


def attempt_now(attempt: Attempt) -> Attempt:
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt.id)


def left(attempt: Attempt) -> timedelta | None:
    """Return how long after `NOW` the time of an attempt ends; None: its clock stands."""
    deadline_at = attempt_now(attempt).deadline_at
    return deadline_at and deadline_at - NOW


def save(fellow: User, attempt: Attempt, text: str, after: timedelta, seq: int = 1) -> saving.Saved:
    packet = Packet("a", seq, NOW + after, PageControls({"answer": [text]}), timedelta())
    with transaction():
        return saving.save_response(fellow, attempt.id, 4, packet)


def keep(fellow: User, attempt: Attempt, text: str, after: timedelta, seq: int = 1) -> None:
    packet = Packet("a", seq, NOW + after, PageControls({"answer": [text]}))
    with transaction():
        saving.keep_late(fellow, attempt.id, 4, packet)


def accommodate(director: User, fellow: User, **given: Any) -> None:
    given = {"percent": 200, "reason": "Certified", "starts_on": date(2026, 11, 1)} | given
    with transaction():
        acts.accommodate(director, fellow.id, now=given.pop("now", NOW), **given)


def extend(director: User, attempt: Attempt, **given: Any) -> None:
    with transaction():
        acts.extend(
            director, attempt.assignment_id, attempt.fellow_id,
            grant=Grant(**given), reason="On call", now=NOW,
        )  # fmt: skip


def freeze(director: User, attempt: Attempt, after: timedelta, **given: Any) -> None:
    with transaction():
        freezing.freeze(director, attempt.id, reason="Fire alarm", now=NOW + after, **given)


def resume(director: User, attempt: Attempt, after: timedelta) -> None:
    with transaction():
        freezing.resume(director, attempt.id, now=NOW + after)


def reopen(director: User, attempt: Attempt, after: timedelta, until: timedelta) -> None:
    with transaction():
        acts.reopen(director, attempt.id, until=NOW + until, reason="Power cut", now=NOW + after)


class TestTimeGiven:
    """The limit is 30 minutes; the quiz closes in five days and shows its results in ten."""

    @pytest.fixture
    def taken(self, in_app) -> tuple[User, Attempt]:
        return begin(results_in=10 * DAY)

    def test_an_accommodation_counts_for_an_attempt_that_runs(self, taken, director) -> None:
        fellow, attempt = taken
        accommodate(director, fellow)

        assert left(attempt) == 60 * MINUTE

    def test_mentors_who_learn_of_none_are_not_told_missed_while_the_fellow_answers(
        self, taken, director
    ) -> None:
        fellow, _ = taken
        accommodate(director, fellow, percent=None, days=2)

        (standing,) = standings([fellow.id], NOW + 6 * DAY, told_to=director.id)

        assert (standing.state, standing.running) == ("overdue", True)

    def test_without_a_limit_an_attempt_runs_until_the_widened_window_closes(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        accommodate(director, fellow, percent=None, days=2)

        assert left(attempt) == 7 * DAY

    def test_an_extension_is_multiplied_in_whichever_order_they_come(self, taken, director) -> None:
        fellow, attempt = taken
        extend(director, attempt, minutes=10)
        assert left(attempt) == 40 * MINUTE
        accommodate(director, fellow)
        assert left(attempt) == 80 * MINUTE

    def test_another_persons_time_is_not_touched(self, taken, director) -> None:
        _, same = begin()
        accommodate(director, taken[0])
        extend(director, taken[1], minutes=10)

        assert left(same) == 30 * MINUTE

    def test_the_next_attempt_has_it_too(self, director) -> None:
        fellow, attempt = begin()
        extend(director, attempt, attempts=1, minutes=5)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + MINUTE)
            again = services.start_attempt(fellow, attempt.assignment_id, now=NOW + MINUTE)

        assert (again.number, left(again)) == (2, 36 * MINUTE)

    def test_new_dates_hold_for_attempts_that_run(self, taken, director) -> None:
        _, attempt = taken
        terms = AssignmentTerms(
            NOW - DAY, NOW + DAY, NOW + 2 * DAY, time_limit=45, results_at=NOW + 3 * DAY
        )
        with transaction():
            acts.change_dates(director, attempt.assignment_id, terms=terms, now=NOW)

        assert left(attempt) == 45 * MINUTE

    @pytest.mark.parametrize("frozen", [False, True])
    @pytest.mark.parametrize(
        "less",
        [
            {"time_limit": 29},
            {"closes_at": NOW + 25 * MINUTE, "due_at": NOW + 25 * MINUTE},
            {
                "closes_at": NOW + 25 * MINUTE,
                "due_at": NOW + 25 * MINUTE,
                "results_at": NOW + 29 * MINUTE,
                "time_limit": 60,
            },
        ],
        ids=["limit", "closing", "results"],
    )
    def test_no_new_dates_take_time_from_an_attempt_that_runs(
        self, taken, director, less: dict[str, Any], frozen: bool
    ) -> None:
        fellow, attempt = taken
        if frozen:
            freeze(director, attempt, 20 * MINUTE)
        dates = {
            "opens_at": NOW - DAY,
            "due_at": NOW + DAY,
            "closes_at": NOW + 2 * DAY,
            "time_limit": 30,
            "results_at": NOW + 3 * DAY,
        }
        with pytest.raises(acts.CutsShort), transaction():
            acts.change_dates(
                director, attempt.assignment_id,
                terms=AssignmentTerms(**(dates | less)), now=NOW + 20 * MINUTE,
            )  # fmt: skip
        if frozen:
            resume(director, attempt, 20 * MINUTE)

        assert left(attempt) == 30 * MINUTE
        save(fellow, attempt, "naloxone", 29 * MINUTE)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + 29 * MINUTE)
            acts.change_dates(
                director, attempt.assignment_id,
                terms=AssignmentTerms(**dates | {"time_limit": 29}), now=NOW + 30 * MINUTE,
            )  # fmt: skip

    def test_what_is_begun_stays_on_the_home_page_when_the_opening_is_put_off(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        terms = AssignmentTerms(NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY, time_limit=30)
        with transaction():
            acts.change_dates(director, attempt.assignment_id, terms=terms, now=NOW)

        (standing,) = standings([fellow.id], NOW + MINUTE)

        assert (standing.state, standing.running) == ("in progress", True)

    def test_dates_stand_once_results_are_shown(self, taken, director) -> None:
        terms = AssignmentTerms(NOW, NOW + 20 * DAY, NOW + 20 * DAY)
        with pytest.raises(assigning.ResultsShown), transaction():
            acts.change_dates(director, taken[1].assignment_id, terms=terms, now=NOW + 11 * DAY)

    @pytest.mark.parametrize(
        ("grant", "field"),
        [
            ({}, None),
            ({"minutes": 601}, "minutes"),
            ({"attempts": 10}, "attempts"),
            ({"closes_at": NOW + 11 * DAY}, "closes_at"),
            ({"due_at": NOW - 2 * DAY}, None),
        ],
    )
    def test_what_cannot_be_granted_is_refused(self, taken, director, grant, field) -> None:
        with pytest.raises(Invalid) as refusal:
            extend(director, taken[1], **grant)

        assert refusal.value.field == field
        assert left(taken[1]) == 30 * MINUTE

    def test_who_is_not_concerned_is_granted_nothing(self, taken, director) -> None:
        with transaction():
            stranger = make_fellow()
        with pytest.raises(NotFound), transaction():
            acts.extend(
                director, taken[1].assignment_id, stranger.id,
                grant=Grant(minutes=5), reason="Why", now=NOW,
            )  # fmt: skip


class TestFrozen:
    @pytest.fixture
    def taken(self, in_app) -> tuple[User, Attempt]:
        return begin()

    def test_it_has_no_deadline_and_no_sweep_closes_it(self, taken, director) -> None:
        fellow, attempt = taken
        freeze(director, attempt, 10 * MINUTE)

        assert attempt_now(attempt).frozen_at == NOW + 10 * MINUTE
        assert left(attempt) is None
        assert queries.overdue(NOW + 4 * DAY) == []
        with transaction():
            assert services.close_overdue(attempt.id, now=NOW + 4 * DAY) is False
        (standing,) = standings([fellow.id], NOW + DAY)
        assert (standing.running, standing.runs_until) == (True, None)

    def test_what_was_left_is_given_back(self, taken, director) -> None:
        _, attempt = taken
        freeze(director, attempt, 10 * MINUTE)
        resume(director, attempt, 100 * MINUTE)

        assert left(attempt) == 120 * MINUTE
        assert attempt_now(attempt).frozen_at is None

    def test_twice_changes_nothing(self, taken, director) -> None:
        _, attempt = taken
        freeze(director, attempt, 10 * MINUTE)
        freeze(director, attempt, 20 * MINUTE)
        resume(director, attempt, 30 * MINUTE)
        resume(director, attempt, 40 * MINUTE)

        assert left(attempt) == 50 * MINUTE
        assert len(db.session.scalars(db.select(Freeze)).all()) == 1

    def test_what_a_page_sends_is_refused_and_kept_and_counts_when_it_is_sent_again(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        save(fellow, attempt, "before", 5 * MINUTE)
        freeze(director, attempt, 10 * MINUTE)

        with pytest.raises(saving.AttemptFrozen, match="clock of this attempt is stopped"):
            save(fellow, attempt, "meanwhile", 11 * MINUTE, seq=2)
        keep(fellow, attempt, "meanwhile", 11 * MINUTE, seq=2)

        assert answer_of(attempt.id, 4) == {"text": "before"}
        events = db.session.scalars(db.select(ResponseEvent).order_by(ResponseEvent.tab_seq)).all()
        assert [(event.answer, event.late) for event in events] == [
            ({"text": "before"}, False),
            ({"text": "meanwhile"}, True),
        ]
        resume(director, attempt, 12 * MINUTE)
        saved = save(fellow, attempt, "meanwhile", 13 * MINUTE, seq=2)
        assert (saved.revision, answer_of(attempt.id, 4)) == (2, {"text": "meanwhile"})
        assert save(fellow, attempt, "meanwhile", 14 * MINUTE, seq=2).revision == 2

    def test_it_cannot_be_handed_in_meanwhile(self, taken, director) -> None:
        fellow, attempt = taken
        freeze(director, attempt, MINUTE)

        with pytest.raises(services.Frozen), transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + 2 * MINUTE)

        resume(director, attempt, 3 * MINUTE)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + 4 * MINUTE)
        assert attempt_now(attempt).state is AttemptState.SUBMITTED

    def test_time_that_is_given_while_it_stands_is_there_when_it_goes_on(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        freeze(director, attempt, 10 * MINUTE)
        accommodate(director, fellow, now=NOW + 11 * MINUTE)
        assert left(attempt) is None
        resume(director, attempt, 20 * MINUTE)

        assert left(attempt) == 70 * MINUTE

    def test_a_freeze_with_an_end_is_ended_by_the_sweep_and_costs_no_time(self, director) -> None:
        _, attempt = begin(closes_in=YEARS, due_in=YEARS)
        freeze(director, attempt, 10 * MINUTE, until=NOW + 20 * MINUTE)
        assert queries.overdue(NOW + DAY) == []

        assert freezing.to_resume(NOW + 19 * MINUTE) == []
        assert freezing.to_resume(NOW + 25 * MINUTE) == [attempt.id]
        db.session.rollback()
        tasks.sweep()  # long after

        row = db.session.scalars(db.select(Freeze)).one()
        assert row.ended_at is not None
        assert attempt_now(attempt).deadline_at == row.ended_at + 20 * MINUTE
        assert attempt_now(attempt).state is AttemptState.IN_PROGRESS

    @pytest.mark.parametrize("how", ["save", "hand in", "continue"])
    def test_a_freeze_with_an_end_is_ended_by_the_fellow_who_comes_before_the_sweep(
        self, taken, director, how: str
    ) -> None:
        fellow, attempt = taken
        freeze(director, attempt, 25 * MINUTE, until=NOW + 60 * MINUTE)
        with pytest.raises(saving.AttemptFrozen):
            save(fellow, attempt, "too early", 59 * MINUTE)

        with transaction():
            if how == "continue":
                services.start_attempt(fellow, attempt.assignment_id, now=NOW + 66 * MINUTE)
            if how == "hand in":
                services.submit_attempt(fellow, attempt.id, now=NOW + 66 * MINUTE)
        if how == "save":
            save(fellow, attempt, "naloxone", 66 * MINUTE, seq=2)

        assert left(attempt) == 71 * MINUTE
        assert (attempt_now(attempt).state is AttemptState.SUBMITTED) is (how == "hand in")

    def test_nobody_ends_a_freeze_by_asking_for_another_persons_attempt(
        self, taken, director
    ) -> None:
        _, attempt = taken
        with transaction():
            stranger = make_fellow()
        freeze(director, attempt, 5 * MINUTE, until=NOW + 10 * MINUTE)

        with pytest.raises(NotFound):
            save(stranger, attempt, "mine", 11 * MINUTE)
        with pytest.raises(NotFound), transaction():
            services.submit_attempt(stranger, attempt.id, now=NOW + 11 * MINUTE)

        assert attempt_now(attempt).frozen_at == NOW + 5 * MINUTE

    def test_it_stands_until_its_freeze_is_ended_whatever_is_given_meanwhile(
        self, taken, director
    ) -> None:
        _, attempt = taken
        freeze(director, attempt, 5 * MINUTE, until=NOW + 10 * MINUTE)
        accommodate(director, taken[0], now=NOW + 10 * MINUTE)
        assert attempt_now(attempt).frozen_at == NOW + 5 * MINUTE

        freeze(director, attempt, 11 * MINUTE)

        assert attempt_now(attempt).frozen_at == NOW + 11 * MINUTE
        assert freezing.to_resume(NOW + DAY) == []
        resume(director, attempt, 20 * MINUTE)
        assert left(attempt) == 75 * MINUTE

    @pytest.mark.parametrize("until", [None, NOW + 7 * DAY])
    def test_none_outlasts_the_day_on_which_results_are_shown(self, director, until) -> None:
        _, attempt = begin(results_in=6 * DAY)
        freeze(director, attempt, 5 * MINUTE, until=until)
        later = NOW + 6 * DAY

        assert freezing.to_resume(later - MINUTE) == []
        assert freezing.to_resume(later) == [attempt.id]
        with transaction():
            assert freezing.resume_due(attempt.id, now=later + DAY)
        assert left(attempt) == 6 * DAY
        assert queries.overdue(later + DAY) == [attempt.id]

    def test_what_is_over_is_not_frozen(self, taken, director) -> None:
        with pytest.raises(freezing.NotRunning):
            freeze(director, taken[1], 31 * MINUTE)

    def test_nobody_has_more_than_until_results_are_shown(self, director) -> None:
        _, attempt = begin(closes_in=3 * DAY + MINUTE, time_limit=None)
        freeze(director, attempt, 3 * DAY)
        resume(director, attempt, 4 * DAY)

        assert left(attempt) == 3 * DAY + MINUTE


class TestReopened:
    @pytest.fixture
    def taken(self, in_app) -> tuple[User, Attempt]:
        fellow, attempt = begin(feedback=Feedback.CLOSED, results_in=6 * DAY)
        save(fellow, attempt, "naloxone", MINUTE)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + 2 * MINUTE)
        return fellow, attempt

    def test_it_goes_on_in_another_sitting_with_all_that_was_answered(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        reopen(director, attempt, DAY, DAY + 30 * MINUTE)

        row = attempt_now(attempt)
        assert (row.state, row.submitted_at, row.score) == (AttemptState.IN_PROGRESS, None, None)
        assert left(attempt) == DAY + 30 * MINUTE
        first, second = db.session.scalars(db.select(Sitting).order_by(Sitting.number)).all()
        assert (first.closed_at, first.closed_by) == (NOW + 2 * MINUTE, "fellow")
        assert (second.opened_by, second.reason) == (director.id, "Power cut")
        assert answer_of(attempt.id, 4) == {"text": "naloxone"}
        assert save(fellow, attempt, "other", DAY + MINUTE, seq=2).revision == 2

    def test_it_is_graded_again_by_the_next_grade_and_the_first_one_stays(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        with transaction():
            grading.grade_attempt(attempt.id, now=NOW + 3 * MINUTE)
        reopen(director, attempt, DAY, DAY + 30 * MINUTE)
        save(fellow, attempt, "flumazenil", DAY + MINUTE, seq=2)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + DAY + 2 * MINUTE)
            grading.grade_attempt(attempt.id, now=NOW + DAY + 3 * MINUTE)

        grades = db.session.scalars(
            db.select(Grade).order_by(Grade.response_id, Grade.number)
        ).all()
        assert [grade.number for grade in grades] == [1, 2] * 4
        assert [grade.credit for grade in grades[-2:]] == [1, 0]
        assert attempt_now(attempt).score == 0

    def test_the_sweep_closes_it_when_its_time_is_over(self, taken, director) -> None:
        _, attempt = taken
        reopen(director, attempt, DAY, DAY + 30 * MINUTE)

        with transaction():
            assert not services.close_overdue(attempt.id, now=NOW + DAY + 30 * MINUTE)
            assert services.close_overdue(attempt.id, now=NOW + DAY + 31 * MINUTE)

    def test_its_fellow_is_neither_late_nor_missing_while_it_goes_on(self, taken, director) -> None:
        fellow, attempt = taken
        reopen(director, attempt, 4 * DAY, 5 * DAY + MINUTE)

        for after in (4 * DAY, 5 * DAY + MINUTE):
            (standing,) = standings([fellow.id], NOW + after)
            assert (standing.state, standing.running) == ("in progress", True)

    def test_its_score_is_taken_back_though_the_fellow_could_read_the_keys(self, director) -> None:
        fellow, attempt = begin(feedback=Feedback.GRADED, results_in=6 * DAY)
        with transaction():
            services.submit_attempt(fellow, attempt.id, now=NOW + MINUTE)
            grading.grade_attempt(attempt.id, now=NOW + 2 * MINUTE)
        assert reopening.key_was_readable(attempt_now(attempt), NOW + 3 * MINUTE)

        reopen(director, attempt, 3 * MINUTE, 9 * MINUTE)

        row = attempt_now(attempt)
        assert (row.state, row.score) == (AttemptState.IN_PROGRESS, None)

    def test_not_beyond_the_results_nor_without_a_reason(self, taken, director) -> None:
        with pytest.raises(Invalid, match="Results are shown from"):
            reopen(director, taken[1], DAY, 7 * DAY)
        with pytest.raises(Invalid, match="time to come"):
            reopen(director, taken[1], DAY, DAY)
        with pytest.raises(Invalid, match="Say why"), transaction():
            acts.reopen(director, taken[1].id, until=NOW + DAY, reason=" ", now=NOW)

    def test_not_while_it_runs_nor_before_a_later_one(self, taken, director) -> None:
        fellow, attempt = taken
        extend(director, attempt, attempts=1)
        with transaction():
            later = services.start_attempt(fellow, attempt.assignment_id, now=NOW + DAY)

        with pytest.raises(reopening.NotTheLast):
            reopen(director, attempt, DAY, 2 * DAY)
        with pytest.raises(reopening.StillOpen):
            reopen(director, later, DAY, 2 * DAY)

    def test_an_answer_that_came_too_late_counts_when_it_is_sent_again(
        self, taken, director
    ) -> None:
        fellow, attempt = taken
        keep(fellow, attempt, "too late", 3 * MINUTE, seq=2)
        reopen(director, attempt, DAY, DAY + 30 * MINUTE)

        assert save(fellow, attempt, "too late", DAY + MINUTE, seq=2).revision == 2
        assert answer_of(attempt.id, 4) == {"text": "too late"}


class TestOneFellowIsTheAudience:
    """A quiz can be given to a fellow by name, whether the fellow is in a cohort or not."""

    @pytest.fixture
    def fellow(self, in_app) -> User:
        with transaction():
            return make_fellow()

    @pytest.fixture
    def given(self, fellow) -> Assignment:
        with transaction():
            assignment = make_assignment()
            add(Audience(assignment_id=assignment.id, fellow_id=fellow.id))
        return assignment

    @pytest.mark.parametrize(
        ("at", "state"),
        [(NOW, "due"), (NOW + 4 * DAY, "overdue"), (NOW + 6 * DAY, "missed")],
    )
    def test_it_stands_as_any_other(self, fellow, given, at: datetime, state: str) -> None:
        (standing,) = standings([fellow.id], at)

        assert standing.state == state

    def test_who_is_concerned_twice_is_concerned_once(self, fellow) -> None:
        with transaction():
            assignment = make_assignment(fellow)
            add(Audience(assignment_id=assignment.id, fellow_id=fellow.id))

        assert [each.assignment.id for each in standings([fellow.id], NOW)] == [assignment.id]

    def test_nobody_else_may_begin_it(self, fellow, given) -> None:
        with transaction():
            other = make_fellow()
            assert services.start_attempt(fellow, given.id, now=NOW).number == 1
        with pytest.raises(NotFound), transaction():
            services.start_attempt(other, given.id, now=NOW)
