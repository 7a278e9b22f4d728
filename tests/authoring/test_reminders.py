"""An owner is told 60 days, 14 days and on the day, and of changed facts: each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from lms.authoring.facts.services import Shipped, change_fact
from lms.authoring.work.reminding import remind
from lms.authoring.work.tasks import remind as remind_task
from lms.cases.adding_facts import add_fact
from lms.cases.knowledge import keep_lists
from lms.cases.models import Approval, StoredCase, StoredFact
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from tests.attempts.factories import choice_item, make_case
from tests.factories import NOW, make_user

DAY = date(2027, 3, 10)
"""By when the case is to be reviewed."""


@pytest.fixture
def owner(in_app: Flask) -> User:
    with transaction():
        return make_user(Role.FACULTY)


@pytest.fixture
def case(owner: User) -> StoredCase:
    with transaction():
        case = make_case(choice_item())
        case.owner_id, case.review_by = owner.id, DAY
    return case


def at_noon(days_before: int) -> datetime:
    """Return noon in New York, so many days before the day."""
    day = DAY - timedelta(days=days_before)
    return datetime(day.year, day.month, day.day, 17, tzinfo=UTC)


def swept(now: datetime) -> list[str]:
    """Sweep, and return the subjects of all mails there are."""
    with transaction():
        remind(now=now)
    return subjects()


def subjects() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(Message.subject).order_by(Message.id)))


@pytest.mark.usefixtures("case")
def test_the_owner_is_told_at_60_and_14_days_and_on_the_day_and_at_no_other() -> None:
    told: dict[int, int] = {}
    for days in range(70, -40, -1):
        before = len(subjects())
        if len(swept(at_noon(days))) > before:
            told[days] = len(subjects()) - before

    assert told == {60: 1, 14: 1, 0: 1}
    first, _, last = subjects()
    assert "is to be reviewed by Mar 10, 2027" in first
    assert "was to be reviewed by Mar 10, 2027" in last


@pytest.mark.usefixtures("case")
def test_a_service_that_was_away_tells_what_is_due_then_and_not_what_was() -> None:
    assert len(swept(at_noon(5))) == 1
    assert len(swept(at_noon(3))) == 1


def test_the_day_is_that_of_the_owners_clock(owner: User, case: StoredCase) -> None:
    with transaction():
        db.session.get_one(User, owner.id).time_zone = "Pacific/Honolulu"
    seven_hours_into_the_day = datetime(2027, 1, 9, 7, tzinfo=UTC)  # the 8th in Honolulu

    assert swept(seven_hours_into_the_day) == []
    assert len(swept(seven_hours_into_the_day + timedelta(hours=4))) == 1


def test_five_sweeps_at_once_write_one_mail(app: Flask, case: StoredCase) -> None:
    start = Barrier(5)

    def sweep(_: int) -> None:
        start.wait()
        with app.app_context(), transaction():
            remind(now=at_noon(14))

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(sweep, range(5)))

    assert len(subjects()) == 1


def test_a_new_approval_sets_a_new_day_and_new_reminders(case: StoredCase) -> None:
    swept(at_noon(0))
    with transaction():
        stored = db.session.get_one(StoredCase, case.id)
        stored.review_by = DAY + timedelta(days=365)

    assert len(swept(at_noon(-1))) == 1
    assert len(swept(at_noon(-305))) == 2


@pytest.mark.parametrize("change", ["no owner", "retired", "closed", "no day"])
def test_nobody_is_told_of_what_nobody_looks_after(
    owner: User, case: StoredCase, change: str
) -> None:
    with transaction():
        stored = db.session.get_one(StoredCase, case.id)
        if change == "no owner":
            stored.owner_id = None
        elif change == "retired":
            stored.retired_at = NOW
        elif change == "no day":
            stored.review_by = None
        else:
            db.session.get_one(User, owner.id).disabled_at = NOW

    assert swept(at_noon(0)) == []


def test_who_has_stopped_these_reminders_gets_none(owner: User, case: StoredCase) -> None:
    with transaction():
        set_wanted(owner.id, "review_due", False, now=NOW)
    swept(at_noon(14))
    (message_id,) = db.session.scalars(db.select(Message.id))
    db.session.rollback()

    with transaction():
        claim(message_id, now=at_noon(14))

    assert db.session.get_one(Message, message_id).state is MailState.CANCELLED


def test_the_task_can_run_whenever_it_likes(in_app: Flask) -> None:
    remind_task()
    remind_task()

    assert subjects() == []


@pytest.fixture
def fact(in_app: Flask) -> StoredFact:
    """A shipped fact that the case rests on."""
    with transaction():
        keep_lists(now=NOW)
    return db.session.get_one(StoredFact, "P11")


def test_a_shipped_fact_that_changes_with_a_load_names_every_case_on_it(
    case: StoredCase, fact: StoredFact, owner: User
) -> None:
    with transaction():
        other = make_case(choice_item())
        other.owner_id = make_user(Role.FACULTY).id
        unowned = make_case(choice_item())
        fact = db.session.get_one(StoredFact, "P11", populate_existing=True)
        assert fact.changed_at is None
        fact.statement = "What an older list said."
    later = NOW + timedelta(days=1)
    with transaction():
        keep_lists(now=later)

    told = swept(later)
    again = swept(later + timedelta(hours=1))

    assert told == again
    assert sorted(told) == sorted(
        f"A fact behind “{each.title}” has changed" for each in (case, other)
    )
    assert unowned.title not in str(told)
    assert fact.statement not in str(told)


@pytest.mark.parametrize("what", ["status", "sources", "nothing"])
def test_a_fact_has_changed_if_its_state_or_sources_have(
    case: StoredCase, fact: StoredFact, what: str
) -> None:
    with transaction():
        row = db.session.get_one(StoredFact, "P11", populate_existing=True)
        if what == "status":
            row.status = "check" if row.status == "solid" else "solid"
        elif what == "sources":
            row.sources = ["Somewhere else"]
    with transaction():
        keep_lists(now=NOW + timedelta(days=1))

    assert len(swept(NOW + timedelta(days=1))) == int(what != "nothing")


def test_publishing_after_the_change_settles_it(case: StoredCase, fact: StoredFact) -> None:
    with transaction():
        row = db.session.get_one(StoredFact, "P11", populate_existing=True)
        row.changed_at = NOW + timedelta(days=1)
        act = db.session.scalars(db.select(Approval)).one()
        act.at = NOW + timedelta(days=2)

    assert swept(NOW + timedelta(days=3)) == []


def test_a_fact_of_the_programs_own_can_be_changed_and_a_shipped_one_cannot(
    owner: User, fact: StoredFact
) -> None:
    with transaction():
        own = add_fact(owner, "Warmth helps.", "A book, page 3.", read="all", now=NOW)
    later = NOW + timedelta(hours=1)

    with transaction():
        change_fact(owner, own.id, "Warmth helps some.", "A book, page 3.", read="part", now=later)
    with pytest.raises(Shipped), transaction():
        change_fact(owner, "P11", "Else.", "A book.", read="all", now=later)
    with pytest.raises(Invalid), transaction():
        change_fact(owner, own.id, "", "A book.", read="all", now=later)

    stands = db.session.get_one(StoredFact, own.id, populate_existing=True)
    assert (stands.statement, stands.status, stands.changed_at) == (
        "Warmth helps some.", "check", later,
    )  # fmt: skip


@pytest.mark.parametrize("left_behind", [True, False], ids=["owner left", "nobody ever"])
def test_directors_are_told_once_a_day_of_review_of_all_that_nobody_looks_after(
    owner: User, case: StoredCase, left_behind: bool
) -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
        make_user(Role.FACULTY)
        for each in (make_case(choice_item()), make_case(choice_item())):
            each.owner_id, each.review_by = None, DAY
        if left_behind:
            db.session.get_one(User, owner.id).disabled_at = NOW
        else:
            db.session.get_one(StoredCase, case.id).owner_id = None

    told = {days: swept(at_noon(days))[-1] for days in (60, 59, 14, 0, -3)}

    recipients = db.session.scalars(db.select(Message.recipient_id)).all()
    assert recipients == [director.id] * 3
    assert told[60] == told[59] == "3 cases without an owner are to be reviewed by Mar 10, 2027"
    assert told[0] == told[-3] == "3 cases without an owner were to be reviewed by Mar 10, 2027"


def test_one_case_that_nobody_looks_after_is_spoken_of_as_one(case: StoredCase) -> None:
    with transaction():
        make_user(Role.DIRECTOR)
        db.session.get_one(StoredCase, case.id).owner_id = None

    assert swept(at_noon(14)) == [
        "A case that nobody looks after is to be reviewed by Mar 10, 2027"
    ]


@pytest.mark.usefixtures("case")
def test_directors_are_not_told_of_what_somebody_looks_after() -> None:
    with transaction():
        director = make_user(Role.DIRECTOR)
    swept(at_noon(0))

    assert director.id not in db.session.scalars(db.select(Message.recipient_id)).all()
