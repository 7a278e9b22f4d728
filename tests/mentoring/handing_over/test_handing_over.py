"""A fellow is handed over: all three hear of it once, on the first day; links of before die."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.mentoring.handing_over import queries, services
from lms.mentoring.meetings.services import Talk, note_meeting
from lms.mentoring.prompts.models import Prompt
from lms.mentoring.prompts.queries import PromptStanding, standing_of
from lms.mentoring.prompts.services import ask_for_words
from lms.people.models import Role, User
from lms.program.deputies.services import Absence, name_deputy
from lms.program.handover.services import hand_over
from lms.program.models import Membership, Mentorship
from lms.program.queries import may_mentor_see
from lms.program.services import end_mentorship, start_mentorship
from tests.factories import NOW, make_cohort, make_fellow, make_mentorship, make_user
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of, token_of

TODAY = date(2026, 11, 25)

DAY = timedelta(days=1)

SignIn = Callable[[User], FlaskClient]


class Staff:
    """A fellow with a mentor, a new mentor, and a director."""

    def __init__(self) -> None:
        with transaction():
            self.former = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
            self.new = make_user(Role.MENTOR, name="Dr. Ben Calloway")
            self.director = make_user(Role.DIRECTOR)
            self.fellow = make_fellow("Dr. Amara Okafor")
            self.cohort = make_cohort(self.fellow)
            self.bond = make_mentorship(self.former, self.fellow)

    def hand_over(self, day: date = TODAY, to: User | None = None) -> None:
        with transaction():
            hand_over(
                self.director,
                self.bond.id,
                mentor_id=(to or self.new).id,
                starts_on=day,
                now=NOW,
            )


@pytest.fixture
def staff(in_app: Flask) -> Staff:
    return Staff()


def told(now: datetime) -> dict[str, str]:
    """Let the sweep run twice, and return who has been told what."""
    for _ in range(2):
        with transaction():
            services.tell_handovers(now=now)
    rows = db.session.execute(
        select(User.name, Message.subject)
        .join(User, User.id == Message.recipient_id)
        .where(Message.kind == "handed_over")
    ).all()
    found = {row.name: row.subject for row in rows}
    assert len(found) == len(rows), "nobody is told twice"
    return found


ALL_THREE = {
    "Dr. Ben Calloway": "Dr. Amara Okafor is handed over to you",
    "Dr. Amara Okafor": "Dr. Ben Calloway is your mentor now",
    "Dr. Lena Hargrove": "Dr. Ben Calloway looks after Dr. Amara Okafor now",
}


def test_one_ends_with_the_day_before_the_other_begins(staff: Staff) -> None:
    for _ in range(2):
        staff.hand_over(TODAY + 3 * DAY)

    for number, who in ((2, staff.former), (3, staff.new)):
        other = staff.new if who is staff.former else staff.former
        assert may_mentor_see(who.id, staff.fellow.id, TODAY + number * DAY)
        assert not may_mentor_see(other.id, staff.fellow.id, TODAY + number * DAY)
    assert len(db.session.scalars(select(Mentorship.id)).all()) == 2


def test_a_second_mentor_goes_on_alone(staff: Staff) -> None:
    with transaction():
        make_mentorship(staff.new, staff.fellow)

    staff.hand_over()

    rows = db.session.execute(select(Mentorship.mentor_id, Mentorship.ends_on)).all()
    assert {tuple(row) for row in rows} == {
        (staff.former.id, TODAY - DAY),
        (staff.new.id, None),
    }


def test_what_cannot_be_handed_over_is_refused(staff: Staff) -> None:
    with pytest.raises(Invalid, match="another mentor"):
        staff.hand_over(to=staff.former)
    with pytest.raises(Invalid, match="not an active mentor"):
        staff.hand_over(to=staff.director)
    with pytest.raises(Invalid, match="It began on Jul 1, 2026"):
        staff.hand_over(date(2026, 7, 1))
    with pytest.raises(NotFound), transaction():
        hand_over(staff.director, 987, mentor_id=staff.new.id, starts_on=TODAY, now=NOW)


def test_all_three_are_told_once_and_not_before_the_first_day(staff: Staff) -> None:
    staff.hand_over(TODAY + 2 * DAY)

    assert told(NOW + DAY) == {}
    assert told(NOW + 2 * DAY) == ALL_THREE
    assert told(NOW + 5 * DAY) == ALL_THREE


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Pacific/Auckland", datetime(2026, 11, 26, 11, tzinfo=UTC)),
        ("Pacific/Honolulu", datetime(2026, 11, 27, 10, tzinfo=UTC)),
    ],
)
def test_the_first_day_begins_by_the_new_mentors_clock(
    staff: Staff, zone: str, begins: datetime
) -> None:
    with transaction():
        db.session.merge(staff.new).time_zone = zone
    staff.hand_over(TODAY + 2 * DAY)

    assert told(begins - timedelta(minutes=1)) == {}
    assert told(begins) == ALL_THREE


def test_two_acts_are_a_hand_over_too(staff: Staff) -> None:
    with transaction():
        end_mentorship(staff.director, staff.bond.id, ends_on=TODAY - DAY, now=NOW)
        start_mentorship(
            staff.director,
            mentor_id=staff.new.id,
            fellow_id=staff.fellow.id,
            starts_on=TODAY,
            now=NOW,
        )

    assert told(NOW) == ALL_THREE


def test_no_hand_over_is_told_of_a_first_nor_of_a_second_mentor_nor_of_a_deputy(
    staff: Staff,
) -> None:
    with transaction():
        other = make_fellow()
        for fellow in (staff.fellow, other):
            start_mentorship(
                staff.director,
                mentor_id=staff.new.id,
                fellow_id=fellow.id,
                starts_on=TODAY,
                now=NOW,
            )
        absence = Absence(staff.new.id, [staff.fellow.id], TODAY, TODAY)
        name_deputy(staff.former, staff.former.id, absence, now=NOW)

    assert told(NOW + DAY) == {}


def test_of_two_mentors_of_whom_one_leaves_nothing_is_handed_over(staff: Staff) -> None:
    with transaction():
        start_mentorship(
            staff.director,
            mentor_id=staff.new.id,
            fellow_id=staff.fellow.id,
            starts_on=date(2026, 9, 1),
            now=NOW,
        )
        end_mentorship(staff.director, staff.bond.id, ends_on=TODAY - DAY, now=NOW)

    assert told(NOW) == {}


def test_who_follows_two_mentors_is_told_once_and_each_of_them(staff: Staff) -> None:
    with transaction():
        second = make_user(Role.MENTOR, name="Dr. Sam Ito")
        bond = make_mentorship(second, staff.fellow)
        end_mentorship(staff.director, bond.id, ends_on=TODAY - DAY, now=NOW)
    staff.hand_over()

    assert set(told(NOW)) == {*ALL_THREE, "Dr. Sam Ito"}


def test_what_is_long_over_is_no_news(staff: Staff) -> None:
    staff.hand_over()

    assert told(NOW + queries.TOLD_WITHIN) == {}
    assert told(NOW + queries.TOLD_WITHIN - DAY) == ALL_THREE


def test_a_mentor_who_comes_back_was_not_replaced(staff: Staff) -> None:
    staff.hand_over()
    with transaction():
        start_mentorship(
            staff.director,
            mentor_id=staff.former.id,
            fellow_id=staff.fellow.id,
            starts_on=TODAY + DAY,
            now=NOW,
        )

    assert told(NOW) == {}


def test_a_hand_over_that_is_undone_sends_no_mail(staff: Staff) -> None:
    staff.hand_over()
    told(NOW)
    with transaction():
        db.session.execute(db.delete(Mentorship).where(Mentorship.mentor_id == staff.new.id))

    with transaction():
        ids = db.session.scalars(select(Message.id).where(Message.kind == "handed_over")).all()
        assert [claim(each, now=NOW) for each in ids] == [None] * 3


def test_links_of_the_former_mentor_die(staff: Staff) -> None:
    with transaction():
        ask_for_words(staff.former.id, "2026-W47", {staff.fellow.id: []}, now=NOW - DAY)
    staff.hand_over(TODAY + DAY)
    (prompt,) = db.session.scalars(
        select(Prompt).options(joinedload(Prompt.mentor).selectinload(User.role_rows))
    )

    assert standing_of(prompt, NOW) is PromptStanding.OPEN
    assert standing_of(prompt, NOW + DAY) is PromptStanding.OVER


def test_a_sweep_takes_as_many_statements_for_ten_as_for_one(in_app: Flask) -> None:
    for _ in range(10):
        Staff().hand_over()
    with transaction():
        services.tell_handovers(now=NOW)

    assert len(queries.handovers(NOW)) == 10
    assert len(db.session.scalars(select(Message.id)).all()) == 30


@pytest.fixture
def site(app: Flask, signed_in: SignIn) -> Staff:
    with app.app_context():
        return Staff()


def test_the_new_mentor_reads_what_was_agreed_and_who_was_before(
    app: Flask, signed_in: SignIn, site: Staff
) -> None:
    long_ago = datetime(2026, 9, 1, 15, tzinfo=UTC)
    with app.app_context():
        with transaction():
            talk = Talk(date(2026, 8, 31), notes="Between us two.", agreed="To read on ESI.")
            note_meeting(site.former, site.fellow.id, talk, now=long_ago)
        site.hand_over(date(2026, 9, 2))

    page = words(signed_in(site.new).get(f"/fellows/{site.fellow.id}"))

    assert "Dr. Lena Hargrove Before, from Jul 1, 2026 to Sep 1, 2026" in page
    assert "To read on ESI." in page
    assert "Between us two." not in page
    assert signed_in(site.former).get(f"/fellows/{site.fellow.id}").status_code == 404


def test_a_director_hands_over_at_the_page(app: Flask, signed_in: SignIn, site: Staff) -> None:
    with app.app_context():
        member = db.session.scalars(select(Membership.id)).one()
    director = signed_in(site.director)
    own = f"/memberships/{member}"
    page = f"{own}/mentors/{site.bond.id}/hand-over"
    first = director.get(page)
    data = {"person_id": site.new.id, "starts_on": "2026-08-01", "csrf_token": token_of(first)}
    data |= sight_of(first, page)

    wrong = send(director, page, {"person_id": site.new.id, "starts_on": "2026-07-01"})
    done = director.post(page, data=data)
    twice = director.post(page, data=data)
    late = director.post(page, data=data | {"starts_on": "2026-09-01"})

    assert wrong.status_code == 422
    assert "It began on Jul 1, 2026." in wrong.text
    assert place_of(done) == place_of(twice) == own
    assert late.status_code == 409
    said = words(director.get(own))
    assert "Dr. Ben Calloway since Aug 1, 2026" in said
