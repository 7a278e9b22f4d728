"""Fellows are told in time of quizzes that are given: each fact once, in the own zone and dates."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Event

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.core.mail.reading import parts_of
from lms.core.mail.tasks import deliver
from lms.grading import ledger
from lms.grading.marking.services import mark_response
from lms.grading.services import grade_attempt
from lms.notices.models import Notice
from lms.notices.news import kinds_of_news
from lms.people.models import Role, User
from lms.program.models import Leave, Membership
from lms.quizzes.assigning.widening import add_audience
from lms.quizzes.models import Assignment, Audience
from lms.supervision import services as acts
from lms.supervision.reminding import services
from lms.supervision.reminding.fellows import NEWS
from lms.supervision.reminding.services import remind
from lms.supervision.reminding.tasks import remind_of_quizzes
from question_bank.terms import Feedback, Grant, Unfinished
from tests.attempts.factories import SECRET, make_assignment, make_case, row_of
from tests.attempts.kinds import essay_item
from tests.factories import NOW, add, make_fellow, make_user
from tests.mail.sink import Sink
from tests.progress.statements import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

pytestmark = pytest.mark.usefixtures("in_app")


def given(
    fellow: User,
    *,
    opens_in: timedelta = 2 * DAY,
    due_in: timedelta = 9 * DAY,
    closes_in: timedelta = 10 * DAY,
    **more,
) -> Assignment:
    """Return what is assigned to the fellow at `NOW`."""
    more = {"results_in": 30 * DAY, "time_limit": None} | more
    return make_assignment(fellow, opens_in=opens_in, due_in=due_in, closes_in=closes_in, **more)


def one(**dates) -> tuple[User, Assignment]:
    with transaction():
        fellow = make_fellow()
        return fellow, given(fellow, **dates)


def swept(after: timedelta) -> list[str]:
    """Sweep so long after `NOW`; return the kinds of what was told by it."""
    before = len(told())
    with transaction():
        remind(now=NOW + after)
    return [each.kind for each in told()[before:]]


def told() -> list[Message]:
    db.session.rollback()
    to_fellows = Message.kind.in_(kinds_of_news(Role.FELLOW))
    return list(db.session.scalars(db.select(Message).where(to_fellows).order_by(Message.id)))


def begun(fellow: User, assignment: Assignment, after: timedelta) -> int:
    with transaction():
        return attempts.start_attempt(fellow, assignment.id, now=NOW + after, seed=1).id


def handed_in(fellow: User, attempt_id: int, after: timedelta, *, graded: bool = True) -> None:
    with transaction():
        attempts.submit_attempt(fellow, attempt_id, now=NOW + after)
    if graded:
        with transaction():
            grade_attempt(attempt_id, now=NOW + after)


def test_one_is_told_when_it_is_assigned_when_it_opens_and_two_days_before_it_is_due() -> None:
    one()

    kinds = {hours: swept(hours * HOUR) for hours in range(0, 24 * 12, 5)}

    assert {hours: kind for hours, kind in kinds.items() if kind} == {
        0: ["quiz_assigned"],
        50: ["quiz_opens"],
        170: ["quiz_due"],
    }
    assert db.session.scalar(db.select(db.func.count(Notice.id))) == 3


def test_mails_say_dates_in_the_readers_zone_in_both_parts_and_nothing_of_a_key() -> None:
    with transaction():
        fellow = make_user(Role.FELLOW, time_zone="Asia/Kathmandu")
        assignment = given(fellow)
    swept(HOUR)

    (message,) = told()
    parts = parts_of(message)
    for part in (parts.text, parts.html or ""):
        assert "It opens Fri Nov 27, 8:45 PM Kathmandu time." in part
        assert "It is due Fri Dec 4, 8:45 PM Kathmandu time." in part
        assert f"/assignments/{assignment.id}/begin" in part
        assert "/unsubscribe/" in part
        assert SECRET not in part
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in message.raw


def test_the_hour_is_that_of_the_clocks_after_they_were_changed() -> None:
    with transaction():
        fellow = make_fellow()
        assignment = given(fellow)
        assignment.created_at = datetime(2027, 3, 1, tzinfo=UTC)
        assignment.opens_at = datetime(2027, 3, 2, tzinfo=UTC)
        assignment.due_at = datetime(2027, 3, 15, 16, tzinfo=UTC)
        assignment.closes_at = assignment.results_at = assignment.due_at
    before_the_change = datetime(2027, 3, 13, 16, tzinfo=UTC)  # 11:00 AM; clocks skip on the 14th

    assert swept(before_the_change - NOW - HOUR) == []
    assert swept(before_the_change - NOW) == ["quiz_due"]
    assert swept(before_the_change - NOW + DAY) == []
    assert "is due Mon Mar 15, 12:00 PM Eastern" in told()[-1].subject


@pytest.mark.parametrize(
    ("dates", "kinds"),
    [
        ({"opens_in": timedelta(minutes=40)}, ["quiz_assigned"]),
        ({"opens_in": -HOUR}, ["quiz_assigned"]),
        ({"opens_in": 8 * DAY}, ["quiz_assigned", "quiz_opens"]),
        ({"opens_in": -HOUR, "due_in": 40 * HOUR}, ["quiz_assigned"]),
    ],
    ids=["soon", "open", "opened shortly before it is due", "assigned shortly before it is due"],
)
def test_nothing_is_said_twice_in_a_short_time(
    dates: dict[str, timedelta], kinds: list[str]
) -> None:
    one(**dates)

    assert [kind for hours in range(0, 24 * 12, 3) for kind in swept(hours * HOUR)][
        : len(kinds)
    ] == kinds
    said = [each.kind for each in told()]
    if dates["opens_in"] > DAY or "due_in" in dates:
        assert said == kinds, "no reminder of what was heard of within 48 hours"


def test_a_date_that_was_moved_is_told_anew_and_what_was_told_of_the_old_one_does_not_leave() -> (
    None
):
    _, assignment = one(opens_in=-HOUR)
    swept(HOUR)
    swept(7 * DAY)
    with transaction():
        row = db.session.get_one(Assignment, assignment.id)
        row.due_at = row.closes_at = NOW + 20 * DAY

    assert swept(7 * DAY + HOUR) == []
    assert swept(18 * DAY) == ["quiz_due"]
    old, new = told()[1:]
    assert state_once_claimed(old.id, 18 * DAY) is MailState.CANCELLED
    assert state_once_claimed(new.id, 18 * DAY) is MailState.CONNECTING


def state_once_claimed(message_id: int, after: timedelta) -> MailState:
    db.session.rollback()
    with transaction():
        claim(message_id, now=NOW + after)
    return db.session.get_one(Message, message_id, populate_existing=True).state


def test_a_reminder_that_waited_does_not_leave_once_the_quiz_is_handed_in() -> None:
    fellow, assignment = one(opens_in=-HOUR)
    swept(HOUR)
    assert swept(7 * DAY) == ["quiz_due"]
    handed_in(fellow, begun(fellow, assignment, 7 * DAY + HOUR), 7 * DAY + 2 * HOUR)

    assert state_once_claimed(told()[-1].id, 7 * DAY + 3 * HOUR) is MailState.CANCELLED


def test_own_dates_are_told_to_the_fellow_and_those_of_all_to_the_others() -> None:
    with transaction():
        fellow, other, director = make_fellow(), make_fellow(), make_user(Role.DIRECTOR)
        assignment = make_assignment(
            fellow, other, opens_in=-HOUR, due_in=9 * DAY, closes_in=9 * DAY, results_in=40 * DAY
        )
        acts.accommodate(
            director,
            fellow.id,
            percent=200,
            days=3,
            reason="Note",
            starts_on=date(2026, 1, 1),
            now=NOW,
        )
        grant = Grant(due_at=NOW + 10 * DAY, closes_at=NOW + 10 * DAY)
        acts.extend(director, assignment.id, fellow.id, grant=grant, reason="Duty", now=NOW)
    swept(HOUR)
    swept(7 * DAY)
    swept(11 * DAY + HOUR)

    said = {
        each.id: [m.subject for m in told() if m.recipient_id == each.id and m.kind == "quiz_due"]
        for each in (fellow, other)
    }
    assert [subject.split(" is due ")[1] for subject in said[fellow.id]] == [
        "Tue Dec 8, 10:00 AM Eastern"
    ]
    assert [subject.split(" is due ")[1] for subject in said[other.id]] == [
        "Fri Dec 4, 10:00 AM Eastern"
    ]


def withdraw(fellow: User, assignment: Assignment) -> None:
    db.session.get_one(Assignment, assignment.id).withdrawn_at = NOW


def disable(fellow: User, assignment: Assignment) -> None:
    db.session.get_one(User, fellow.id).disabled_at = NOW


def send_on_leave(fellow: User, assignment: Assignment) -> None:
    add(Leave(fellow_id=fellow.id, starts_on=date(2026, 11, 1), ends_on=date(2027, 11, 1)))


def end_membership(fellow: User, assignment: Assignment) -> None:
    row = db.session.scalars(db.select(Membership).where(Membership.fellow_id == fellow.id)).one()
    row.ends_on = date(2026, 11, 1)


@pytest.mark.parametrize("change", [withdraw, disable, send_on_leave, end_membership])
def test_nobody_is_told_of_what_is_not_asked_of_them(
    change: Callable[[User, Assignment], None],
) -> None:
    fellow, assignment = one()
    with transaction():
        change(fellow, assignment)

    assert [swept(hours * HOUR) for hours in range(0, 24 * 12, 12)] == [[]] * 24


def test_who_comes_back_from_leave_is_told_of_what_is_open_and_not_of_each_thing_there_was() -> (
    None
):
    fellow, _ = one(opens_in=DAY)
    with transaction():
        add(Leave(fellow_id=fellow.id, starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 29)))

    assert swept(HOUR) == swept(4 * DAY) == []
    assert swept(5 * DAY) == ["quiz_assigned"]
    assert swept(6 * DAY) == []


def test_a_fellow_to_whom_it_is_given_days_later_is_told_then() -> None:
    _, assignment = one()
    swept(HOUR)
    with transaction():
        later, director = make_fellow(), make_user(Role.DIRECTOR)
        add_audience(director, assignment.id, fellow_id=later.id, now=NOW + 5 * DAY)

    swept(5 * DAY + HOUR)

    of_it = [each for each in told() if each.kind == "quiz_assigned"]
    assert len(of_it) == 2
    assert of_it[-1].recipient_id == later.id


def test_who_joins_the_cohort_later_is_told_and_those_in_it_are_not_told_again() -> None:
    _, assignment = one(opens_in=-HOUR)
    swept(HOUR)
    with transaction():
        newcomer = make_fellow()
        (cohort_id,) = db.session.scalars(
            db.select(Audience.cohort_id).where(Audience.assignment_id == assignment.id)
        )
        add(Membership(cohort_id=cohort_id, fellow_id=newcomer.id, starts_on=date(2026, 11, 29)))

    assert swept(2 * DAY) == []
    assert swept(4 * DAY) == ["quiz_assigned"]
    assert told()[-1].recipient_id == newcomer.id


def test_a_service_that_begins_to_tell_says_nothing_of_what_was_assigned_long_ago() -> None:
    one(opens_in=-HOUR)

    assert swept(NEWS + HOUR) == []
    assert swept(7 * DAY) == ["quiz_due"]


def test_the_end_of_an_attempts_time_is_told_a_day_before_and_once_more_if_it_is_moved() -> None:
    fellow, assignment = one(opens_in=-HOUR)
    swept(HOUR)
    begun(fellow, assignment, HOUR)
    swept(7 * DAY)

    assert swept(9 * DAY - HOUR) == []
    assert swept(9 * DAY + HOUR) == ["time_runs_out"]
    assert swept(9 * DAY + 2 * HOUR) == []
    assert "runs out Sat Dec 5, 10:00 AM Eastern" in told()[-1].subject
    with transaction():
        director = make_user(Role.DIRECTOR)
        grant = Grant(closes_at=NOW + 12 * DAY)
        acts.extend(
            director, assignment.id, fellow.id, grant=grant, reason="Duty", now=NOW + 9 * DAY
        )
    assert swept(9 * DAY + 3 * HOUR) == []
    assert swept(11 * DAY + HOUR) == ["time_runs_out"]


NOT_HANDED_IN = "nothing of the attempt counts, unless it was handed in before."


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({}, "what is saved is handed in."),
        ({"unfinished": Unfinished.GRACE}, "it can still be handed in for 60 minutes; after that"),
        ({"unfinished": Unfinished.GRACE, "results_in": 10 * DAY}, NOT_HANDED_IN),
        ({"unfinished": Unfinished.ABANDON}, NOT_HANDED_IN),
    ],
)
def test_what_becomes_of_it_is_told_with_the_end_of_its_time(terms, says: str) -> None:
    fellow, assignment = one(opens_in=-HOUR, **terms)
    swept(HOUR)
    begun(fellow, assignment, HOUR)

    swept(9 * DAY + HOUR)

    text = " ".join(parts_of(told()[-1]).text.split())
    assert "If the time runs out before that, " in text
    assert says in text


def test_what_was_handed_in_before_is_handed_in_again_and_that_is_told() -> None:
    fellow, assignment = one(opens_in=-HOUR, unfinished=Unfinished.ABANDON)
    swept(HOUR)
    attempt_id = begun(fellow, assignment, HOUR)
    handed_in(fellow, attempt_id, 2 * HOUR, graded=False)
    with transaction():
        director = make_user(Role.DIRECTOR)
        until = NOW + 4 * DAY
        acts.reopen(director, attempt_id, until=until, reason="Power cut", now=NOW + 3 * HOUR)

    assert swept(3 * DAY + HOUR)[-1] == "time_runs_out"
    assert "what is saved is handed in." in " ".join(parts_of(told()[-1]).text.split())


def abandoned(**terms) -> int:
    """Return an attempt of an hour whose time is over: nothing of it counts."""
    terms = {"opens_in": -HOUR, "time_limit": 60, "unfinished": Unfinished.ABANDON} | terms
    fellow, assignment = one(**terms)
    swept(HOUR)
    attempt_id = begun(fellow, assignment, HOUR)
    with transaction():
        attempts.close_overdue(attempt_id, now=NOW + 3 * HOUR)
    return attempt_id


def test_that_an_attempt_was_abandoned_is_told_once() -> None:
    abandoned(attempts_allowed=2)

    assert swept(3 * HOUR) == ["quiz_graded"]
    assert swept(4 * HOUR) == []
    message = told()[-1]
    assert message.subject.endswith("was not handed in in time")
    text = " ".join(parts_of(message).text.split())
    assert "ended Wed Nov 25, 12:00 PM Eastern, and nothing of this attempt counts." in text
    assert "Another attempt can be begun until Sat Dec 5, 10:00 AM Eastern." in text


def test_it_is_not_told_of_what_was_reopened_meanwhile_and_anew_if_it_is_lost_again() -> None:
    attempt_id = abandoned()
    swept(3 * HOUR)
    message = told()[-1]
    assert "Another attempt" not in parts_of(message).text
    assert services.is_true_still(message, NOW + 4 * HOUR)

    with transaction():
        director = make_user(Role.DIRECTOR)
        until = NOW + 9 * HOUR
        acts.reopen(director, attempt_id, until=until, reason="Power cut", now=NOW + 5 * HOUR)

    assert not services.is_true_still(message, NOW + 5 * HOUR)
    with transaction():
        attempts.close_overdue(attempt_id, now=NOW + 10 * HOUR)
    assert swept(10 * HOUR) == ["quiz_graded"]


def test_an_attempt_of_an_hour_has_its_clock_and_gets_no_mail() -> None:
    fellow, assignment = one(opens_in=-HOUR, time_limit=60)
    swept(HOUR)
    begun(fellow, assignment, 2 * HOUR)

    assert swept(2 * HOUR + timedelta(minutes=30)) == []


def test_one_is_told_once_that_it_is_graded_and_once_more_after_a_reopening() -> None:
    fellow, assignment = one(opens_in=-HOUR, feedback=Feedback.CLOSED)
    swept(HOUR)
    attempt_id = begun(fellow, assignment, HOUR)
    handed_in(fellow, attempt_id, 2 * HOUR)

    assert swept(2 * HOUR) == ["quiz_graded"]
    text = parts_of(told()[-1]).text
    assert "Answers and explanations are shown from Fri Dec 25, 10:00 AM Eastern on." in text
    with transaction():
        ledger.score_again(attempt_id)
    assert swept(3 * HOUR) == [], "a score that is computed anew is no news"
    with transaction():
        director = make_user(Role.DIRECTOR)
        acts.reopen(
            director, attempt_id, until=NOW + 2 * DAY, reason="Power cut", now=NOW + 4 * HOUR
        )
    assert swept(4 * HOUR) == []
    handed_in(fellow, attempt_id, 5 * HOUR)
    assert swept(6 * HOUR) == ["quiz_graded"]
    assert SECRET not in parts_of(told()[-1]).text


def test_the_last_mark_is_told_once_and_a_mark_that_is_changed_is_not() -> None:
    with transaction():
        fellow, rater = make_fellow(), make_user(Role.FACULTY)
        cases = [make_case(essay_item("tell-her"), essay_item("tell-him"))]
        assignment = given(fellow, opens_in=-HOUR, cases=cases)
    swept(HOUR)
    attempt_id = begun(fellow, assignment, HOUR)
    with transaction():
        for position in (1, 2):
            row_of(attempt_id, position).answer = {"text": "It does not measure your pain."}
    handed_in(fellow, attempt_id, 2 * HOUR)

    assert swept(2 * HOUR) == ["quiz_graded"]
    assert "2 answers still wait to be marked by a person." in parts_of(told()[-1]).text
    mark(rater, attempt_id, 1, [1, 1], 3 * HOUR)
    assert swept(3 * HOUR) == []
    mark(rater, attempt_id, 2, [1, 0], 4 * HOUR)
    assert swept(4 * HOUR) == ["quiz_graded"]
    assert told()[-1].subject.startswith("Your written answers to")
    mark(rater, attempt_id, 2, [1, 1], 5 * HOUR)
    assert swept(5 * HOUR) == []


def mark(rater: User, attempt_id: int, position: int, levels: list[int], after: timedelta) -> None:
    response_id = row_of(attempt_id, position).id
    with transaction():
        mark_response(rater, response_id, levels, note="", seen=None, now=NOW + after)


def test_five_sweeps_at_once_tell_each_fact_once(app: Flask) -> None:
    with transaction():
        people = [make_fellow() for _ in range(3)]
        make_assignment(*people, opens_in=DAY)
    db.session.remove()
    start = Barrier(5)

    def sweep(_: int) -> None:
        start.wait()
        with app.app_context(), transaction():
            remind(now=NOW + HOUR)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(sweep, range(5)))

    assert sorted(each.recipient_id or 0 for each in told()) == [each.id for each in people]
    assert db.session.scalar(db.select(db.func.count(Notice.id))) == 3


def test_a_sweep_asks_as_much_for_many_fellows_and_quizzes_as_for_one(in_app: Flask) -> None:
    def statements(count: int, after: timedelta) -> int:
        with transaction():
            people = [make_fellow() for _ in range(count)]
            for _ in range(count):
                make_assignment(*people, opens_in=-HOUR).created_at = NOW + after
        with counted(in_app) as asked:
            assert len(swept(after)) == count * count
        return len(asked)

    assert statements(1, HOUR) == statements(6, 2 * HOUR)


def test_one_sweep_tells_so_many_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 4)
    with transaction():
        make_assignment(*(make_fellow() for _ in range(10)), opens_in=-HOUR)

    assert [len(swept(HOUR)) for _ in range(4)] == [4, 4, 2, 0]


def test_a_mail_server_that_hangs_holds_up_no_sweep_and_gets_nothing_twice(
    in_app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_app.extensions["settings"], "smtp_url", f"smtp://127.0.0.1:{sink.port}")
    by_name_today()
    remind_of_quizzes()
    (message,) = told()
    hung, let_go = Event(), Event()

    def hang() -> str:
        hung.set()
        let_go.wait(20)
        return "250 late"

    sink.script["DOT"] = [hang]
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(deliver, message.id)
        assert hung.wait(20)
        remind_of_quizzes()
        deliver(message.id)
        let_go.set()
        sending.result()

    assert [each.state for each in told()] == [MailState.SENT]
    assert len(sink.taken) == 1


def test_the_task_sweeps_and_is_safe_to_run_twice() -> None:
    by_name_today()

    remind_of_quizzes()
    remind_of_quizzes()

    assert [each.kind for each in told()] == ["quiz_assigned"]


def by_name_today() -> None:
    """Assign a quiz by name, at the real time: tasks ask the clock."""
    with transaction():
        fellow, now = make_fellow(), utcnow()
        assignment = make_assignment()
        assignment.audiences[0].cohort_id, assignment.audiences[0].fellow_id = None, fellow.id
        assignment.created_at, assignment.opens_at = now, now + 2 * DAY
        assignment.due_at = assignment.closes_at = assignment.results_at = now + 9 * DAY
