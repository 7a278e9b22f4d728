"""Who marks and who directs is told in time, at most once a day, and nothing a page would hide."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.attempts.models import RefusedAnswer, ResponseEvent
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import Outcome, claim, conclude
from lms.core.mail.reading import parts_of
from lms.grading.services import grade_attempt
from lms.people.models import Role, User, UserRole
from lms.program.models import Leave
from lms.quizzes.models import Assignment
from lms.supervision import services as acts
from lms.supervision.reminding.services import remind
from question_bank.terms import Grant
from tests.attempts.factories import make_assignment, make_case, row_of
from tests.attempts.kinds import essay_item
from tests.factories import NOW, add, make_fellow, make_user
from tests.mail.test_delivery import make_message
from tests.progress.statements import counted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

TO_STAFF = ("essays_wait", "not_begun", "mails_failed", "answers_to_look_at")

pytestmark = pytest.mark.usefixtures("in_app")


def told(*kinds: str) -> list[Message]:
    db.session.rollback()
    rows = db.select(Message).where(Message.kind.in_(kinds or TO_STAFF)).order_by(Message.id)
    return list(db.session.scalars(rows))


def swept(after: timedelta) -> list[Message]:
    """Sweep so long after `NOW`; return what staff was told by it."""
    before = len(told())
    with transaction():
        remind(now=NOW + after)
    return told()[before:]


def essays(assignment: Assignment, fellow: User, after: timedelta, answers: int = 1) -> int:
    """Hand in an attempt with so many essays, which is graded."""
    with transaction():
        attempt_id = attempts.start_attempt(fellow, assignment.id, now=NOW + after, seed=1).id
        for position in range(1, answers + 1):
            row_of(attempt_id, position).answer = {"text": "It does not measure your pain."}
    with transaction():
        attempts.submit_attempt(fellow, attempt_id, now=NOW + after)
    with transaction():
        grade_attempt(attempt_id, now=NOW + after)
    return attempt_id


def with_essays(*fellows: User) -> Assignment:
    cases = [make_case(essay_item("tell-her"), essay_item("tell-him"))]
    return make_assignment(*fellows, cases=cases, due_in=20 * DAY, closes_in=20 * DAY)


def test_that_answers_wait_is_told_once_a_day_and_only_while_new_ones_come() -> None:
    with transaction():
        one, other = make_fellow(), make_fellow()
        assignment = with_essays(one, other)
        owner = db.session.scalars(db.select(User).join(UserRole).where(UserRole.role == "faculty"))
        faculty = owner.one()
    essays(assignment, one, HOUR, answers=2)

    (message,) = swept(2 * HOUR)
    assert message.recipient_id == faculty.id
    assert message.subject.startswith("2 answers to “Quiz")
    assert one.name not in parts_of(message).text
    essays(assignment, other, 3 * HOUR)
    assert swept(4 * HOUR) == [], "not twice on a day"
    (message,) = swept(DAY)
    assert message.subject.startswith("3 answers to")
    assert swept(2 * DAY) == [], "no new ones came"


def test_nobody_is_called_to_the_own_answers() -> None:
    with transaction():
        both = make_user(Role.FELLOW, Role.FACULTY)
        assignment = with_essays(both)
        director = make_user(Role.DIRECTOR)
    essays(assignment, both, HOUR)

    told_to = {each.recipient_id for each in swept(2 * HOUR)}
    assert director.id in told_to
    assert both.id not in told_to


def due(*fellows: User, due_in: timedelta = 5 * DAY) -> Assignment:
    return make_assignment(*fellows, due_in=due_in, closes_in=due_in + DAY, results_in=20 * DAY)


def test_directors_alone_are_told_who_has_not_begun_a_day_before_it_is_due() -> None:
    with transaction():
        idle, busy, away = make_fellow("Dr. Idle"), make_fellow("Dr. Busy"), make_fellow("Dr. Away")
        director = make_user(Role.DIRECTOR)
        make_user(Role.MENTOR)
        assignment = due(idle, busy, away)
        add(Leave(fellow_id=away.id, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 20)))
        attempts.start_attempt(busy, assignment.id, now=NOW + HOUR, seed=1)

    assert swept(4 * DAY - HOUR) == []
    (message,) = swept(4 * DAY)
    assert swept(4 * DAY + HOUR) == []
    text = parts_of(message).text
    assert message.recipient_id == director.id
    assert message.subject.startswith("1 fellow has not begun “Quiz")
    assert "It is due Mon Nov 30, 10:00 AM Eastern." in text
    assert "As of Sun Nov 29, 10:00 AM Eastern: Dr. Idle." in text
    assert "Dr. Busy" not in text
    assert "Dr. Away" not in text


def test_a_date_that_was_moved_or_is_a_fellows_own_is_a_fact_of_its_own() -> None:
    with transaction():
        one, other = make_fellow("Dr. One"), make_fellow("Dr. Other")
        director = make_user(Role.DIRECTOR)
        assignment = due(one, other)
        grant = Grant(due_at=NOW + 8 * DAY, closes_at=NOW + 8 * DAY)
        acts.extend(director, assignment.id, other.id, grant=grant, reason="Duty", now=NOW)

    (first,) = swept(4 * DAY)
    assert "Dr. Other" not in parts_of(first).text
    (second,) = swept(7 * DAY)
    assert "Dr. Other" in parts_of(second).text
    assert "Dr. One" not in parts_of(second).text


@pytest.mark.parametrize("change", ["handed out late", "withdrawn", "nobody directs"])
def test_no_director_is_told_of_what_could_not_be_begun_before(change: str) -> None:
    with transaction():
        if change != "nobody directs":
            make_user(Role.DIRECTOR)
        assignment = due(make_fellow())
        if change == "handed out late":
            assignment.opens_at = NOW + 4 * DAY + HOUR
        if change == "withdrawn":
            assignment.withdrawn_at = NOW

    assert swept(4 * DAY + 2 * HOUR) == []


def test_a_long_list_of_names_is_cut_and_says_how_many_more_there_are() -> None:
    with transaction():
        make_user(Role.DIRECTOR)
        due(*(make_fellow(f"Dr. {number:02}") for number in range(20)))

    (message,) = swept(4 * DAY)
    text = " ".join(parts_of(message).text.split())
    assert message.subject.startswith("20 fellows have not begun")
    assert "Dr. 11, 8 more." in text
    assert "Dr. 12" not in text


def failed(
    after: timedelta,
    *,
    kind: str = "note",
    to: User | None = None,
    state: MailState = MailState.FAILED,
) -> None:
    with transaction():
        message = make_message(kind=kind, user=to or make_fellow())
        message.created_at = message.next_try_at = NOW + after
        message_id = message.id
    with transaction():
        parcel = claim(message_id, now=NOW + after)
    assert parcel is not None
    with transaction():
        conclude(parcel, Outcome(state, "550 no"), now=NOW + after)


def test_mails_that_failed_are_told_of_to_directors_once_a_day() -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
        make_user(Role.FACULTY)
    failed(HOUR)
    failed(HOUR, state=MailState.UNCERTAIN)
    failed(HOUR, state=MailState.SENT)

    (message,) = swept(2 * HOUR)
    assert message.recipient_id == director.id
    assert message.subject == "2 mails may not have arrived"
    failed(3 * HOUR)
    assert swept(4 * HOUR) == [], "not twice on a day"
    (message,) = swept(DAY)
    assert message.subject == "1 mail may not have arrived"
    assert swept(2 * DAY) == []


def test_a_mail_about_failed_mails_that_fails_calls_for_no_other() -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
    failed(HOUR, kind="mails_failed", to=director)
    before = len(told())

    with transaction():
        remind(now=NOW + 3 * HOUR)
    assert len(told()) == before


def late(attempt_id: int, after: timedelta) -> None:
    with transaction():
        add(
            ResponseEvent(
                response_id=row_of(attempt_id, 1).id,
                tab="a",
                tab_seq=int(after.total_seconds()),
                answer={"text": "Too late"},
                given_at=None,
                received_at=NOW + after,
                late=True,
            )
        )


def test_late_and_refused_answers_are_told_of_to_directors_once_a_day() -> None:
    with transaction():
        fellow, director = make_fellow(), make_user(Role.DIRECTOR)
        assignment = make_assignment(fellow)
    attempt_id = essays(assignment, fellow, HOUR, answers=0)
    late(attempt_id, 2 * HOUR)
    with transaction():
        response_id = row_of(attempt_id, 3).id
        received_at = NOW + HOUR / 2
        refused = {"tab": "a", "typed": "many", "why": "Give a number."}
        add(RefusedAnswer(response_id=response_id, received_at=received_at, **refused))

    (message,) = swept(3 * HOUR)
    text = parts_of(message).text
    assert message.recipient_id == director.id
    assert message.subject == "2 answers want to be looked at"
    assert "1 answer came after the attempt was closed." in text
    assert "1 answer could not be taken as typed." in text
    assert "Too late" not in text
    assert "many" not in text
    late(attempt_id, 4 * HOUR)
    assert swept(5 * HOUR) == [], "not twice on a day"
    (message,) = swept(DAY)
    assert message.subject == "1 answer wants to be looked at"
    assert swept(2 * DAY) == []


def test_a_day_is_that_of_the_readers_clock() -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
        db.session.get_one(User, director.id).time_zone = "Asia/Tokyo"  # a minute to Nov 26
    failed(-HOUR)
    assert len(swept(-timedelta(minutes=1))) == 1
    failed(-timedelta(seconds=59))

    assert len(swept(2 * HOUR)) == 1


def test_five_sweeps_at_once_tell_each_director_once(app: Flask) -> None:
    with transaction():
        directors = [make_user(Role.DIRECTOR) for _ in range(2)]
        due(make_fellow())
    failed(4 * DAY - HOUR)
    start = Barrier(5)

    def sweep(_: int) -> None:
        start.wait()
        with app.app_context(), transaction():
            remind(now=NOW + 4 * DAY)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(sweep, range(5)))

    for kind in ("not_begun", "mails_failed"):
        assert [each.recipient_id for each in told(kind)] == [each.id for each in directors]


def test_a_sweep_asks_as_much_for_many_people_as_for_one(in_app: Flask) -> None:
    def statements(count: int, after: timedelta) -> int:
        with transaction():
            for _ in range(count):
                make_user(Role.DIRECTOR)
                due(make_fellow(), due_in=after + DAY)
        failed(after - HOUR)
        with counted(in_app) as asked:
            assert len(swept(after)) > count
        return len(asked)

    assert statements(1, 2 * DAY) == statements(5, 4 * DAY)


def test_marking_is_told_the_same_of_a_fellow_with_more_time_as_of_one_without() -> None:
    def mails(accommodated: bool) -> list[str]:
        with transaction():
            fellow, director = make_fellow(), make_user(Role.DIRECTOR)
            faculty = make_user(Role.FACULTY)
            assignment = with_essays(fellow)
            if accommodated:
                acts.accommodate(
                    director,
                    fellow.id,
                    percent=200,
                    days=3,
                    reason="Note",
                    starts_on=date(2026, 1, 1),
                    now=NOW,
                )
        essays(assignment, fellow, HOUR)
        title = assignment.version.quiz.title
        swept(2 * HOUR)
        own = [each for each in told() if each.recipient_id == faculty.id and title in each.subject]
        return [f"{each.kind} {each.subject} {each.created_at}".replace(title, "") for each in own]

    without, with_more = mails(False), mails(True)
    assert len(without) == 1
    assert with_more == without
