from datetime import date, timedelta

from flask import Flask

from lms.core.db import db, transaction
from lms.people.models import Role
from lms.program import queries
from lms.program.models import Membership, Mentorship
from tests.factories import NOW, make_cohort, make_fellow, make_mentorship, make_user
from tests.signin.helpers import counted

TODAY = date(2026, 11, 25)


DAY = timedelta(days=1)


def test_a_mentor_has_the_active_fellows_of_that_day_by_name(in_app: Flask) -> None:
    with transaction():
        mentor, other = make_user(Role.MENTOR), make_user(Role.MENTOR)
        zoe, amara = make_fellow("Zoe"), make_fellow("Amara")
        past, ahead, gone, theirs = (make_fellow() for _ in range(4))
        gone.disabled_at = NOW
        for fellow in (zoe, amara, gone):
            make_mentorship(mentor, fellow)
        make_mentorship(mentor, past, ends_on=TODAY - DAY)
        make_mentorship(other, theirs)
        db.session.add(Mentorship(mentor_id=mentor.id, fellow_id=ahead.id, starts_on=TODAY + DAY))

    assert queries.fellows_of(mentor.id, TODAY) == [amara, zoe]
    assert past in queries.fellows_of(mentor.id, TODAY - DAY)
    assert ahead in queries.fellows_of(mentor.id, TODAY + DAY)
    assert all(fellow.roles == {Role.FELLOW} for fellow in queries.fellows_of(mentor.id, TODAY))


def test_mentors_get_mail_while_they_have_an_active_fellow_and_the_role(in_app: Flask) -> None:
    with transaction():
        mentor, idle, retired, lost, shut = (make_user(Role.MENTOR) for _ in range(5))
        fellow, gone = make_fellow(), make_fellow()
        gone.disabled_at = shut.disabled_at = NOW
        make_mentorship(mentor, fellow)
        make_mentorship(retired, fellow, ends_on=TODAY - DAY)
        make_mentorship(lost, gone)
        make_mentorship(shut, fellow)

    assert queries.mentors_with_fellows(TODAY) == [mentor]
    assert idle not in queries.mentors_with_fellows(TODAY)


def test_a_mentor_sees_own_fellows_only_and_only_as_a_mentor(in_app: Flask) -> None:
    with transaction():
        mentor, other = make_user(Role.MENTOR), make_user(Role.MENTOR)
        fellow = make_fellow()
        make_mentorship(mentor, fellow)
    assert queries.may_mentor_see(mentor.id, fellow.id, TODAY)
    assert not queries.may_mentor_see(other.id, fellow.id, TODAY)
    assert not queries.may_mentor_see(mentor.id, other.id, TODAY)

    with transaction():
        db.session.delete(mentor.role_rows[0])

    assert not queries.may_mentor_see(mentor.id, fellow.id, TODAY)


def test_a_fellow_is_in_the_running_cohort_joined_last(in_app: Flask) -> None:
    with transaction():
        fellow, former = make_fellow(), make_fellow()
        first, second = make_cohort(fellow), make_cohort(track="fm")
        for cohort, who, start, end in (
            (second, fellow, date(2026, 9, 1), None),
            (first, former, date(2026, 7, 1), TODAY - DAY),
        ):
            db.session.add(
                Membership(cohort_id=cohort.id, fellow_id=who.id, starts_on=start, ends_on=end)
            )

    found = queries.cohort_of(fellow.id, TODAY)
    assert found is not None
    assert found.track.slug == "fm"
    assert queries.cohort_of(former.id, TODAY) is None
    assert queries.cohort_of(fellow.id, first.ends_on + DAY) is None
    assert queries.members_of(first.id, TODAY) == [fellow]
    assert queries.members_of(first.id, first.ends_on + DAY) == []
    both = [first.id, second.id]
    assert queries.sizes(both, TODAY) == {first.id: 1, second.id: 1}
    assert queries.sizes([second.id], TODAY) == {second.id: 1}
    assert queries.sizes(both, max(first.ends_on, second.ends_on) + DAY) == {}
    assert queries.current_cohorts(TODAY, among=both) == [second, first]
    assert queries.current_cohorts(TODAY, among=[first.id]) == [first]
    assert queries.current_cohorts(first.ends_on + DAY, among=both) == []


def test_lists_take_as_many_statements_for_60_as_for_one(app: Flask) -> None:
    counts = []
    with app.app_context():
        with transaction():
            mentor = make_user(Role.MENTOR)
            cohort = make_cohort()
        for more in (1, 60):
            with transaction():
                for _ in range(more):
                    fellow = make_fellow()
                    make_mentorship(mentor, fellow)
                    db.session.add(
                        Membership(
                            cohort_id=cohort.id, fellow_id=fellow.id, starts_on=cohort.starts_on
                        )
                    )
            db.session.expunge_all()
            with counted(app) as count:
                fellows = queries.fellows_of(mentor.id, TODAY)
                members = queries.memberships(cohort.id)
                [one.fellow.roles for one in members]
                queries.mentorships([one.id for one in fellows], TODAY)
            counts.append(count())

    assert len(fellows) == 61
    assert counts[0] == counts[1]
