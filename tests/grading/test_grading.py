"""Grading, the sweep, and what is left when something breaks."""

from datetime import timedelta
from fractions import Fraction

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from click.testing import CliRunner

from lms.attempts import services
from lms.attempts.models import Attempt, AttemptState, Response
from lms.cases.models import CaseVersion
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.grading import cli, judging, queries, tasks
from lms.grading import services as grading
from lms.grading.models import Grade, GradeState
from lms.progress import facts
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.items.base import BaseItem
from tests.attempts.factories import (
    begin,
    choice_item,
    grade_of,
    make_assignment,
    make_case,
    number_item,
    row_of,
    shown_place,
)
from tests.factories import NOW, make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


def answer_all(fellow, attempt, *, now=NOW) -> None:
    """Answer right, half right, wrong and not at all."""
    with transaction():
        right = shown_place(attempt.id, 1, authored=1)
        half = [shown_place(attempt.id, 2, authored=0)]
        for position, raw in ((1, {"chosen": right}), (2, {"chosen": half}), (3, {"value": "60"})):
            packet = Packet("a", position, now, ShownAnswer(raw))
            saving.save_response(fellow, attempt.id, position, packet)


def submitted(**terms) -> tuple[object, Attempt]:
    fellow, attempt = begin(**terms)
    answer_all(fellow, attempt)
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW)
    return fellow, attempt


def grade(attempt, now=NOW) -> bool:
    with transaction():
        return grading.grade_attempt(attempt.id, now=now)


def fresh(attempt) -> Attempt:
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt.id)


def grade_at(attempt, position: int) -> Grade:
    grade = grade_of(attempt.id, position)
    assert grade is not None
    return grade


def acts() -> list[str]:
    return list(db.session.scalars(db.select(AuditEvent.action).order_by(AuditEvent.id)))


def test_credits_and_score_follow_from_the_answers() -> None:
    _, attempt = submitted()

    assert grade(attempt, NOW + timedelta(seconds=3)) is True

    earned = [grade_at(attempt, position).credit for position in (1, 2, 3, 4)]
    found = fresh(attempt)
    assert earned == [Fraction(1), Fraction(1, 2), Fraction(0), Fraction(0)]
    assert (found.state, found.score) == (AttemptState.GRADED, 3750)
    assert found.graded_at == NOW + timedelta(seconds=3)


def test_points_weigh_the_credit() -> None:
    with transaction():
        cases = [make_case(choice_item("light"), choice_item("heavy", points=3))]
    fellow, attempt = begin(cases=cases)
    with transaction():
        place = shown_place(attempt.id, 2, authored=1)
        packet = Packet("a", 1, NOW, ShownAnswer({"chosen": place}))
        saving.save_response(fellow, attempt.id, 2, packet)
        services.submit_attempt(fellow, attempt.id, now=NOW)

    grade(attempt)

    assert fresh(attempt).score == 7500


def test_grading_twice_changes_nothing() -> None:
    _, attempt = submitted()
    grade(attempt)

    assert grade(attempt, NOW + timedelta(hours=1)) is False

    assert fresh(attempt).graded_at == NOW


def test_a_running_attempt_is_not_graded() -> None:
    _, attempt = begin()

    assert grade(attempt) is False

    assert fresh(attempt).state is AttemptState.IN_PROGRESS


def test_a_new_version_of_the_case_does_not_change_what_was_seen() -> None:
    with transaction():
        case = make_case(choice_item())
    fellow, attempt = begin(cases=[case])
    with transaction():
        place = shown_place(attempt.id, 1, authored=1)
        packet = Packet("a", 1, NOW, ShownAnswer({"chosen": place}))
        saving.save_response(fellow, attempt.id, 1, packet)
        old = db.session.get_one(CaseVersion, case.current_id)
        body = dict(old.body)
        body["items"] = [dict(body["items"][0])]
        body["items"][0]["options"] = list(reversed(body["items"][0]["options"]))
        new = CaseVersion(
            case_id=case.id, number=2, body=body, content_hash="other", change_note="",
            created_at=NOW,
        )  # fmt: skip
        db.session.add(new)
        db.session.flush()
        case.current_id = new.id
        services.submit_attempt(fellow, attempt.id, now=NOW)

    grade(attempt)

    assert grade_at(attempt, 1).credit == 1


def break_version(response: Response) -> None:
    """Damage what the response's version says of everything."""
    version = db.session.get_one(CaseVersion, response.case_version_id)
    version.body = version.body | {"items": "gone"}
    version.content_hash = f"broken-{version.id}"


def test_a_broken_item_is_left_out_and_its_author_can_find_it() -> None:
    with transaction():
        cases = [make_case(choice_item("sound")), make_case(number_item("broken"))]
    fellow, attempt = begin(cases=cases)
    with transaction():
        place = shown_place(attempt.id, 1, authored=1)
        packet = Packet("a", 1, NOW, ShownAnswer({"chosen": place}))
        saving.save_response(fellow, attempt.id, 1, packet)
        break_version(row_of(attempt.id, 2))
        services.submit_attempt(fellow, attempt.id, now=NOW)

    grade(attempt)

    found = fresh(attempt)
    assert (found.state, found.score) == (AttemptState.GRADED, 10000)
    assert grade_at(attempt, 2).state is GradeState.LEFT_OUT
    assert grade_at(attempt, 2).credit is None
    assert acts().count("item.left_out") == 1


def test_an_attempt_of_broken_items_is_graded_without_a_score() -> None:
    fellow, attempt = begin(cases=None)
    with transaction():
        break_version(row_of(attempt.id, 1))
        services.submit_attempt(fellow, attempt.id, now=NOW)

    grade(attempt)

    found = fresh(attempt)
    assert (found.state, found.score) == (AttemptState.GRADED, None)
    assert facts.graded_facts([fellow.id], until=None, now=NOW) == []


def try_once(attempt, now) -> list[int]:
    with transaction():
        return grading.begin_grading([attempt.id], now=now)


def test_a_try_is_counted_before_the_grading_and_the_next_one_waits() -> None:
    _, attempt = submitted()

    assert try_once(attempt, NOW) == [attempt.id]
    assert try_once(attempt, NOW + timedelta(seconds=9)) == []
    assert try_once(attempt, NOW + timedelta(seconds=10)) == [attempt.id]
    assert try_once(attempt, NOW + timedelta(seconds=29)) == []
    assert try_once(attempt, NOW + timedelta(seconds=30)) == [attempt.id]


def test_after_five_crashes_an_attempt_waits_for_people_and_is_never_dropped() -> None:
    _, attempt = submitted()
    now = NOW
    for _ in range(5):
        assert try_once(attempt, now) == [attempt.id]
        now += timedelta(hours=1)

    assert try_once(attempt, now) == []

    found = fresh(attempt)
    assert found.flagged_at == now
    assert found.state is AttemptState.SUBMITTED
    assert acts().count("attempt.flag") == 1
    assert list(queries.ungraded(now + timedelta(days=1), tried=True)) == []
    assert try_once(attempt, now + timedelta(days=1)) == []


def test_a_flagged_attempt_can_still_be_graded_by_hand() -> None:
    _, attempt = submitted()
    with transaction():
        db.session.get_one(Attempt, attempt.id).flagged_at = NOW

    assert grade(attempt) is True


def test_what_was_set_aside_is_graded_again_by_command() -> None:
    _, attempt = submitted()
    with transaction():
        row = db.session.get_one(Attempt, attempt.id)
        row.flagged_at, row.grade_tries = NOW, grading.MOST_TRIES

    first, second = (CliRunner().invoke(cli.group, ["retry"]).output for _ in range(2))
    tasks.grade(attempt.id)

    assert first == f"Attempt {attempt.id} is graded again.\n"
    assert second == "Every attempt that was handed in could be graded.\n"
    assert fresh(attempt).state is AttemptState.GRADED
    assert acts().count("attempt.retry") == 1


def test_the_sweep_closes_and_grades_with_nobody_online() -> None:
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow, closes_in=timedelta(days=9999), time_limit=10)
        long_ago = utcnow() - timedelta(days=200)
        assignment.opens_at = long_ago - timedelta(days=1)
        db.session.flush()
        attempt = services.start_attempt(fellow, assignment.id, now=max(long_ago, NOW))
        db.session.execute(
            db.update(Attempt)
            .where(Attempt.id == attempt.id)
            .values(deadline_at=long_ago, started_at=long_ago - timedelta(minutes=10))
        )

    tasks.sweep()

    assert fresh(attempt).state is AttemptState.GRADED


def test_the_sweep_leaves_running_and_fresh_attempts_alone() -> None:
    now = utcnow()
    _, running = begin()
    _, just_now = submitted()
    with transaction():
        db.session.execute(db.update(Attempt).values(deadline_at=now + timedelta(minutes=5)))
        db.session.execute(
            db.update(Attempt).where(Attempt.id == just_now.id).values(submitted_at=now)
        )

    tasks.sweep()

    assert fresh(running).state is AttemptState.IN_PROGRESS
    assert fresh(just_now).state is AttemptState.SUBMITTED


def test_the_sweep_grades_many_that_lost_their_bell() -> None:
    attempts = [submitted()[1] for _ in range(7)]
    with transaction():
        db.session.execute(db.update(Attempt).values(submitted_at=utcnow() - timedelta(seconds=31)))

    tasks.sweep()
    tasks.sweep()

    assert {fresh(attempt).state for attempt in attempts} == {AttemptState.GRADED}
    assert {fresh(attempt).grade_tries for attempt in attempts} == {1}


def test_one_task_grades_a_whole_class_and_leaves_what_has_crashed_to_a_task_of_its_own() -> None:
    attempts = [submitted()[1] for _ in range(5)]
    with transaction():
        crashed = grading.begin_grading([attempts[4].id], now=utcnow())

    tasks.grade(attempts[3].id)

    states = [fresh(attempt).state for attempt in attempts]
    assert crashed == [attempts[4].id]
    assert states == [AttemptState.GRADED] * 4 + [AttemptState.SUBMITTED]


def test_a_class_larger_than_a_batch_is_graded_to_its_end(monkeypatch) -> None:
    attempts = [submitted()[1] for _ in range(5)]
    monkeypatch.setattr(tasks, "BATCH", 2)

    tasks.grade(attempts[0].id)

    assert {fresh(attempt).state for attempt in attempts} == {AttemptState.GRADED}
    assert {fresh(attempt).grade_tries for attempt in attempts} == {1}


STUBBORN = {
    "sqlite": (
        "CREATE TRIGGER stubborn BEFORE UPDATE ON attempt WHEN NEW.id = {id} "
        "BEGIN SELECT RAISE(ABORT, 'stubborn'); END",
        "DROP TRIGGER stubborn",
    ),
    "postgresql": (
        "CREATE FUNCTION stubborn() RETURNS trigger AS "
        "'BEGIN RAISE EXCEPTION ''stubborn''; END' LANGUAGE plpgsql; "
        "CREATE TRIGGER stubborn BEFORE UPDATE ON attempt FOR EACH ROW "
        "WHEN (NEW.id = {id}) EXECUTE FUNCTION stubborn()",
        "DROP FUNCTION stubborn CASCADE",
    ),
}
"""Makes the database refuse every change of one attempt, and takes that back."""


def test_one_attempt_that_cannot_be_closed_does_not_stop_the_sweep() -> None:
    attempts = [begin()[1] for _ in range(3)]
    make, take_back = STUBBORN[db.engine.dialect.name]
    with transaction():
        db.session.execute(db.update(Attempt).values(deadline_at=utcnow() - timedelta(hours=1)))
        db.session.execute(db.text(make.format(id=attempts[1].id)))

    try:
        tasks.sweep()
    finally:
        with transaction():
            db.session.execute(db.text(take_back))

    states = [fresh(attempt).state for attempt in attempts]
    assert states == [AttemptState.GRADED, AttemptState.IN_PROGRESS, AttemptState.GRADED]


def counted_judging(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Collect the answers that the types of items are asked about."""
    asked: list[object] = []
    real = BaseItem.credit_for

    def noted(item, answer):
        asked.append(answer)
        return real(item, answer)

    monkeypatch.setattr(BaseItem, "credit_for", noted)
    return asked


def test_the_same_answer_to_the_same_item_is_judged_once(monkeypatch) -> None:
    with transaction():
        cases = [make_case(choice_item("first"), number_item("second"))]
    people = [make_fellow() for _ in range(3)]
    assignment = make_assignment(*people, cases=cases)
    attempts = []
    for fellow, value in zip(people, ("60", "60", "61"), strict=True):
        with transaction():
            attempt = services.start_attempt(fellow, assignment.id, now=NOW)
            packet = Packet("a", 1, NOW, ShownAnswer({"value": value}))
            saving.save_response(fellow, attempt.id, 2, packet)
            services.submit_attempt(fellow, attempt.id, now=NOW)
        attempts.append(attempt)
    asked = counted_judging(monkeypatch)

    grade(attempts[0])
    with transaction():
        grading.grade_attempts([each.id for each in attempts], now=NOW)

    assert len(asked) == 3  # a blank, and two numbers
    assert {fresh(attempt).state for attempt in attempts} == {AttemptState.GRADED}


def test_the_same_answer_in_another_case_is_judged_anew(monkeypatch) -> None:
    _, attempt = submitted()
    grade(attempt)
    asked = counted_judging(monkeypatch)
    _, another = submitted()

    grade(another)

    assert len(asked) == 4


def test_few_judgments_are_kept_and_no_long_answers(monkeypatch) -> None:
    monkeypatch.setattr(judging, "KEPT", 2)
    monkeypatch.setattr(judging, "LONGEST_KEPT", len('{"chosen": 1}'))

    _, attempt = submitted()
    grade(attempt)

    assert len(judging._kept) <= 2
    assert all(len(answer) <= judging.LONGEST_KEPT for *_, answer in judging._kept)
    assert fresh(attempt).score == 3750


@pytest.mark.parametrize("trouble", [SoftTimeLimitExceeded, MemoryError])
def test_the_workers_trouble_costs_no_item_and_the_attempt_is_graded_later(
    monkeypatch, trouble
) -> None:
    """The worker's signal raises wherever the code is at that moment: here, in an item."""
    _, attempt = submitted()
    real, raised = BaseItem.credit_for, []

    def interrupted(item, answer):
        if not raised:
            raised.append(trouble())
            raise raised[0]
        return real(item, answer)

    monkeypatch.setattr(BaseItem, "credit_for", interrupted)
    with pytest.raises(trouble):
        tasks.grade(attempt.id)
    db.session.rollback()

    assert db.session.get_one(Attempt, attempt.id, populate_existing=True).score is None

    later = utcnow() + timedelta(hours=1)
    with transaction():
        grading.begin_grading([attempt.id], now=later)
        grading.grade_attempt(attempt.id, now=later)

    states = {grade_at(attempt, position).state for position in (1, 2, 3, 4)}
    assert states == {GradeState.EARNED}
    assert grade_at(attempt, 1).credit is not None
