"""What is withheld counts in no score, what is lifted counts again, and nothing of it is silent."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from fractions import Fraction
from threading import Barrier
from typing import Any

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.attempts.models import Attempt, Response
from lms.cases import withholding
from lms.cases.editions import NowAsked, keep_editions
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, StoredCase
from lms.cases.queries import parsed
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.grading import regrading
from lms.grading import services as grading
from lms.grading.marking import queries as marking
from lms.grading.models import GradeCause, GradeState
from lms.grading.tasks import regrade as regrade_task
from lms.grading.tasks import sweep
from lms.people.models import Role, User
from tests.attempts.factories import begin, choice_item, grade_of, make_case, row_of
from tests.attempts.statements import count_statements
from tests.factories import NOW, make_user
from tests.grading.test_ledger import check_score, graded, ledger, newest, try_to_mark

pytestmark = pytest.mark.usefixtures("in_app")


@pytest.fixture
def faculty(in_app: Flask) -> User:
    with transaction():
        return make_user(Role.FACULTY)


def item_at(attempt_id: int, position: int) -> tuple[str, str, int]:
    """Return slug, key and id of an item of an attempt."""
    row = db.session.execute(
        db.select(StoredCase.slug, Item.key, Item.id)
        .join(Item.case)
        .join(Response, Response.item_id == Item.id)
        .where(Response.attempt_id == attempt_id, Response.position == position)
    ).one()
    db.session.rollback()
    return row.slug, row.key, row.id


def withhold(who: User, slug: str, key: str, *_: int, now=NOW) -> None:
    with transaction():
        _case, item = withholding.locked_item(slug, key)
        withholding.withhold(who, item, "", now=now)


def lift(who: User, slug: str, key: str, *_: int, now=NOW) -> None:
    with transaction():
        _case, item = withholding.locked_item(slug, key)
        withholding.lift(who, item, now=now)


def regrade(item_id: int, now=NOW) -> int:
    """Regrade all there is of an item, and return how many transactions it took."""
    for number in range(1, 100):
        with transaction():
            if not regrading.regrade_some(item_id, now=now):
                return number
    raise AssertionError("it does not come to an end")


def said_at(attempt_id: int, position: int) -> tuple[Any, ...]:
    grade = grade_of(attempt_id, position)
    said = (grade.state, grade.credit, grade.why, grade.number) if grade else ()
    db.session.rollback()
    return said


def score_of(attempt_id: int) -> tuple[int | None, int, int]:
    attempt = db.session.get_one(Attempt, attempt_id, populate_existing=True)
    said = attempt.score, attempt.scored, attempt.waiting
    db.session.rollback()
    return said


def test_an_item_that_is_withheld_is_not_counted_when_its_attempt_is_graded(faculty: User) -> None:
    with transaction():
        case = make_case(choice_item("one"), choice_item("two"))
    fellow, attempt = begin(cases=[case])
    withhold(faculty, case.slug, "two")

    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
        grading.grade_attempt(attempt.id, now=NOW)

    grade = grade_of(attempt.id, 2)
    assert (grade.state, grade.credit, grade.why) == (GradeState.WITHHELD, None, GradeCause.GRADED)
    assert grade.graded_by == faculty.id
    assert score_of(attempt.id)[1] == 1


def test_a_graded_attempt_gets_one_more_grade_and_the_score_of_the_others(faculty: User) -> None:
    attempt_id = graded()
    here = item_at(attempt_id, 2)  # right, and worth 2 points
    before = ledger(attempt_id)
    assert score_of(attempt_id) == (6667, 2, 2)

    withhold(faculty, *here)
    regrade(here[2], now=NOW + timedelta(minutes=1))

    after = ledger(attempt_id)
    assert [row for row in after if row in before] == before
    assert len(after) == len(before) + 1
    assert said_at(attempt_id, 2) == (GradeState.WITHHELD, None, GradeCause.WITHHELD, 2)
    assert grade_of(attempt_id, 2).graded_by == faculty.id
    assert score_of(attempt_id) == (0, 1, 2)
    check_score(attempt_id)


def test_regrading_twice_or_by_five_at_once_appends_once(app: Flask, faculty: User) -> None:
    attempt_ids = [graded() for _ in range(3)]
    for attempt_id in attempt_ids:
        withhold(faculty, *item_at(attempt_id, 2))
    items = [item_at(attempt_id, 2)[2] for attempt_id in attempt_ids]
    start = Barrier(5)

    def work(_: int) -> None:
        start.wait()
        with app.app_context():
            for item_id in items:
                regrade(item_id)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    db.session.rollback()
    work_alone = [regrade(item_id) for item_id in items]

    assert work_alone == [1, 1, 1]
    assert regrading.to_regrade() == []
    for attempt_id in attempt_ids:
        assert said_at(attempt_id, 2)[3] == 2
        check_score(attempt_id)


def test_what_is_lifted_counts_again_as_before_and_says_so(faculty: User) -> None:
    attempt_id = graded()
    here = item_at(attempt_id, 2)
    before = score_of(attempt_id)
    withhold(faculty, *here)
    regrade(here[2])

    lift(faculty, *here)
    regrade(here[2])

    assert said_at(attempt_id, 2) == (GradeState.EARNED, Fraction(1), GradeCause.RESTORED, 3)
    assert score_of(attempt_id) == before
    check_score(attempt_id)


def test_what_was_handed_in_while_it_was_withheld_is_judged_when_it_is_lifted(
    faculty: User,
) -> None:
    with transaction():
        case = make_case(choice_item("one"), choice_item("two"))
    fellow, attempt = begin(cases=[case])
    here = item_at(attempt.id, 2)
    withhold(faculty, *here)
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
        grading.grade_attempt(attempt.id, now=NOW)

    lift(faculty, *here)
    regrade(here[2])

    assert said_at(attempt.id, 2) == (GradeState.EARNED, Fraction(0), GradeCause.RESTORED, 2)
    assert score_of(attempt.id) == (0, 2, 0)


def test_an_essay_is_not_marked_while_it_is_withheld_and_keeps_its_marks(faculty: User) -> None:
    attempt_id = graded()
    marked, waits = item_at(attempt_id, 1), item_at(attempt_id, 3)
    response_id = row_of(attempt_id, 1).id
    assert try_to_mark(faculty, response_id, [1, 1], None, NOW)
    credit = grade_of(attempt_id, 1).credit
    before = score_of(attempt_id)

    for here in (marked, waits):
        withhold(faculty, *here)
        regrade(here[2])
    with transaction():
        waiting = marking.count_waiting(faculty.id), len(marking.waiting(faculty.id, 1).items)
    with pytest.raises(NotFound), transaction():
        marking.answer_to_mark(faculty.id, response_id)
    for here in (marked, waits):
        lift(faculty, *here)
        regrade(here[2])

    assert waiting == (0, 0)
    assert said_at(attempt_id, 1) == (GradeState.EARNED, credit, GradeCause.RESTORED, 4)
    assert said_at(attempt_id, 3)[0] is GradeState.WAITS
    assert grade_of(attempt_id, 1).marking_id == newest(response_id)
    assert score_of(attempt_id) == before
    assert try_to_mark(faculty, response_id, [0, 0], newest(response_id), NOW)
    check_score(attempt_id)


def publish_mended(slug: str, *, at) -> None:
    """Publish a version of a case whose items have another key each."""
    with transaction():
        case = db.session.scalars(db.select(StoredCase).where(StoredCase.slug == slug)).one()
        items = list(db.session.scalars(db.select(Item).where(Item.case_id == case.id)))
        old = db.session.get_one(CaseVersion, case.current_id)
        body = dict(old.body)
        body["items"] = [mended(item) for item in body["items"]]
        new = CaseVersion(
            case_id=case.id, number=2, body=body, content_hash=f"mended-{slug}",
            change_note="", created_at=at,
        )  # fmt: skip
        db.session.add(new)
        db.session.flush()
        case.current_id = new.id
        kind, who = ApprovalKind.EDITORIAL, ApprovedBy.INSTALLATION
        db.session.add(Approval(case_version_id=new.id, kind=kind, who=who, at=at))
        keep_editions([NowAsked(new, parsed(new), items, replaced=old, changed=None)])


def mended(item: dict[str, Any]) -> dict[str, Any]:
    options = [dict(option) for option in item["options"]]
    options[0]["key"], options[1]["key"] = options[1]["key"], options[0]["key"]
    return item | {"options": options}


def test_after_a_mend_answers_to_what_was_wrong_stay_out(faculty: User) -> None:
    with transaction():
        case = make_case(choice_item("one"), choice_item("two"))
    fellow, attempt = begin(cases=[case])
    here = item_at(attempt.id, 2)
    withhold(faculty, *here)
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)
        grading.grade_attempt(attempt.id, now=NOW)
    publish_mended(case.slug, at=NOW + timedelta(hours=1))
    another, later = begin(cases=[case])

    lift(faculty, *here, now=NOW + timedelta(hours=2))
    regrade(here[2])
    with transaction():
        attempts.submit_attempt(another, later.id, now=NOW)
        grading.grade_attempt(later.id, now=NOW)

    assert said_at(attempt.id, 2)[0] is GradeState.WITHHELD
    assert score_of(attempt.id)[1] == 1
    assert score_of(later.id)[1] == 2
    assert said_at(attempt.id, 1)[0] is GradeState.EARNED


def test_a_withhold_that_is_made_while_grading_runs_is_not_missed(
    app: Flask, faculty: User
) -> None:
    with transaction():
        case = make_case(choice_item("one"), choice_item("two"))
    fellow, attempt = begin(cases=[case])
    here = item_at(attempt.id, 2)
    with transaction():
        attempts.submit_attempt(fellow, attempt.id, now=NOW)

    def follow() -> None:
        with app.app_context():
            withhold(faculty, *here)
            regrade(here[2])

    with ThreadPoolExecutor(1) as pool:
        with transaction():
            grading.grade_attempt(attempt.id, now=NOW)  # it has read the item as it was
            following = pool.submit(follow)
            wait([following], timeout=0.5)
        following.result(20)
    db.session.rollback()

    assert said_at(attempt.id, 2)[0] is GradeState.WITHHELD
    assert score_of(attempt.id)[1] == 1


def test_a_lost_bell_costs_one_sweep(faculty: User) -> None:
    attempt_id = graded()
    here = item_at(attempt_id, 2)
    withhold(faculty, *here)
    db.session.remove()

    sweep()
    sweep()

    assert said_at(attempt_id, 2) == (GradeState.WITHHELD, None, GradeCause.WITHHELD, 2)
    regrade_task(here[2])
    assert said_at(attempt_id, 2)[3] == 2


def test_many_attempts_take_as_many_statements_as_one(
    faculty: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        cases = [make_case(choice_item("one"), choice_item("two")) for _ in range(2)]
    for case, count in zip(cases, (1, 12), strict=True):
        for _ in range(count):
            fellow, attempt = begin(cases=[case])
            with transaction():
                attempts.submit_attempt(fellow, attempt.id, now=NOW)
                grading.grade_attempt(attempt.id, now=NOW)
        withhold(faculty, case.slug, "two")
    counts = []
    for case in cases:
        item_id = db.session.scalars(
            db.select(Item.id).where(Item.case_id == case.id, Item.key == "two")
        ).one()
        db.session.rollback()
        with count_statements() as statements:
            regrade(item_id)
        counts.append(len(statements))

    assert counts[0] == counts[1]


@pytest.mark.again(20)
def test_whatever_is_done_in_whatever_order_the_score_is_that_of_what_counts(
    faculty: User,
) -> None:
    chance = random.Random()
    attempt_id = graded()
    places = {position: item_at(attempt_id, position) for position in range(1, 5)}
    essays = [row_of(attempt_id, position).id for position in (1, 3)]

    def mark() -> None:
        response_id = chance.choice(essays)
        try:
            try_to_mark(faculty, response_id, chance.choices((0, 1), k=2), newest(response_id), NOW)
        except NotFound:  # it is withheld
            db.session.rollback()

    def one(act: Callable[..., None]) -> Callable[[], None]:
        return lambda: act(faculty, *chance.choice(list(places.values())))

    for _ in range(30):
        chance.choice((mark, one(withhold), one(lift)))()
        before = ledger(attempt_id)
        if chance.random() < 0.5:
            for place in places.values():
                regrade(place[2])
        after = ledger(attempt_id)
        assert [row for row in after if row in before] == before
        check_score(attempt_id)
    for place in places.values():
        regrade(place[2])
    for position, (_slug, _key, item_id) in places.items():
        item = db.session.get_one(Item, item_id, populate_existing=True)
        withheld = item.withheld_at is not None
        db.session.rollback()
        assert (said_at(attempt_id, position)[0] is GradeState.WITHHELD) is withheld
    check_score(attempt_id)
