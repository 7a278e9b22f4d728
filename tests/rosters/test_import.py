import csv
import io
from datetime import date

import pytest
from flask import Flask

from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.core.mail import Message
from lms.people.models import Role, User
from lms.people.queries import user_by_email
from lms.program import queries
from lms.program.models import Cohort, Membership, Mentorship
from lms.rosters.exporting import export_roster
from lms.rosters.importing import import_roster
from lms.rosters.planning import Plan, make_plan
from lms.rosters.reading import read_roster
from tests.factories import NOW, make_cohort, make_fellow, make_mentorship, make_user
from tests.signin.helpers import counted

TODAY = date(2026, 11, 25)


HEAD = "name,email,roles,track,cohort,starts_on,ends_on,mentor_email,time_zone\n"


ROSTER = HEAD + (
    "Dr. Amara Okafor,amara@example.org,fellow,ipm,Class of 2027,,,ruth@example.org,\n"
    "Dr. Ruth Hargrove,ruth@example.org,mentor faculty,,,,,,America/Chicago\n"
    "Dr. Daniel Reyes,daniel@example.org,fellow,,class OF 2027,9/1/2026,,ruth@example.org,\n"
    "Dr. Bad,bad@example.org,fellow,,Class of 1999,,,,\n"
)


@pytest.fixture
def cohort(in_app: Flask) -> Cohort:
    with transaction():
        return make_cohort(name="Class of 2027")


def plan(text: str) -> Plan:
    return make_plan(read_roster(text), on=TODAY)


def run(text: str) -> Plan:
    with transaction():
        return import_roster(None, text, time_zone="America/New_York", on=TODAY, now=NOW)


def flaws(row: str) -> dict[str, str]:
    (planned,) = plan(HEAD + row).rows
    return {flaw.column: flaw.message for flaw in planned.flaws}


def counts(found: Plan) -> tuple[int, int, int]:
    return found.count("import"), found.count("leave"), found.count("known")


def rows() -> tuple[int, int, int, int]:
    kinds = (User, Membership, Mentorship, Message)
    return tuple(len(db.session.scalars(db.select(kind)).all()) for kind in kinds)  # type: ignore[return-value]


def test_a_dry_run_says_what_would_happen_and_changes_nothing(cohort: Cohort) -> None:
    found = plan(ROSTER)

    assert counts(found) == (3, 1, 0)
    assert found.rows[0].deeds == [
        "Invite as fellow.",
        "Add to Class of 2027 from Nov 25, 2026.",
        "Start with mentor ruth@example.org from Nov 25, 2026.",
    ]
    assert rows() == (0, 0, 0, 0)


def test_an_import_does_what_the_dry_run_said(cohort: Cohort) -> None:
    report = run(ROSTER)

    assert counts(report) == (3, 1, 0)
    amara, ruth, daniel = (
        user_by_email(f"{name}@example.org") for name in ("amara", "ruth", "daniel")
    )
    assert amara
    assert ruth
    assert daniel
    assert user_by_email("bad@example.org") is None
    assert ruth.roles == {Role.MENTOR, Role.FACULTY}
    assert (amara.time_zone, ruth.time_zone) == ("America/New_York", "America/Chicago")
    assert queries.members_of(cohort.id, TODAY) == [amara, daniel]
    assert queries.members_of(cohort.id, date(2026, 11, 24)) == [daniel]
    assert queries.fellows_of(ruth.id, TODAY) == [amara, daniel]
    assert rows() == (3, 2, 2, 3)


def test_a_second_import_creates_nothing_twice(cohort: Cohort) -> None:
    run(ROSTER)
    before = rows()

    again = run(ROSTER)

    assert counts(again) == (0, 1, 3)
    assert rows() == before
    events = db.session.scalars(
        db.select(AuditEvent).where(AuditEvent.action == "roster.import").order_by(AuditEvent.id)
    ).all()
    assert [event.after for event in events] == [
        {"imported": 3, "left": 1, "known": 0},
        {"imported": 0, "left": 1, "known": 3},
    ]


def roster_of(people: int, start: int) -> str:
    """Return a roster of as many new fellows, each with a new mentor of their own."""
    numbers = range(start, start + people)
    fellows = (
        f"Dr. Fellow {n},fellow{n}@example.org,fellow,ipm,Class of 2027,,,mentor{n}@example.org,\n"
        for n in numbers
    )
    mentors = (f"Dr. Mentor {n},mentor{n}@example.org,mentor,,,,,,\n" for n in numbers)
    return HEAD + "".join(fellows) + "".join(mentors)


def test_an_import_takes_as_many_statements_for_50_rows_as_for_5(
    app: Flask, cohort: Cohort
) -> None:
    taken = []
    for people, start in ((5, 0), (50, 100)):
        with counted(app) as statements:
            report = run(roster_of(people, start))
        assert report.count("import") == 2 * people
        taken.append(statements())

    assert taken[0] == taken[1]
    assert rows() == (110, 55, 55, 110)


def test_an_import_is_audited_deed_by_deed_in_the_order_of_the_roster(cohort: Cohort) -> None:
    run(ROSTER)

    events = db.session.scalars(db.select(AuditEvent).order_by(AuditEvent.id)).all()
    deeds = [(event.action, (event.after or {}).get("email")) for event in events]
    assert deeds == [
        ("user.invite", "amara@example.org"),
        ("user.invite", "ruth@example.org"),
        ("user.invite", "daniel@example.org"),
        ("membership.start", None),
        ("mentorship.start", None),
        ("membership.start", None),
        ("mentorship.start", None),
        ("roster.import", None),
    ]
    ids = {user.email: user.id for user in db.session.scalars(db.select(User))}
    amara, ruth = ids["amara@example.org"], ids["ruth@example.org"]
    assert [event.after for event in events[3:5]] == [
        {"cohort": "Class of 2027", "fellow_id": amara, "starts_on": "2026-11-25"},
        {"mentor_id": ruth, "fellow_id": amara, "starts_on": "2026-11-25"},
    ]


def test_who_is_in_no_row_with_a_first_day_joins_today_or_when_the_cohort_begins(
    cohort: Cohort,
) -> None:
    with transaction():
        coming = make_cohort(name="Class of 2028")
        coming.starts_on, coming.ends_on = date(2027, 7, 1), date(2028, 6, 30)
    row = "Dr. {0},{0}@example.org,fellow,,{1},,,,\n"

    run(HEAD + row.format("late", "Class of 2027") + row.format("early", "Class of 2028"))

    begun = db.session.execute(db.select(Membership.cohort_id, Membership.starts_on)).all()
    assert sorted(begun) == [(cohort.id, TODAY), (coming.id, date(2027, 7, 1))]


def test_a_roster_that_is_read_again_takes_nobody_back_who_has_left(cohort: Cohort) -> None:
    run(ROSTER)
    with transaction():
        for kind in (Membership, Mentorship):
            db.session.execute(db.update(kind).values(ends_on=date(2026, 12, 1)))
    before = rows()

    again = make_plan(read_roster(ROSTER), on=date(2026, 12, 24))

    assert counts(again) == (0, 1, 3)
    assert rows() == before


def test_a_corrected_row_is_taken_by_the_next_import(cohort: Cohort) -> None:
    run(ROSTER)

    again = run(ROSTER.replace("Class of 1999", "Class of 2027"))

    assert counts(again) == (1, 0, 3)


@pytest.mark.parametrize(
    ("row", "column", "part"),
    [
        (",x@example.org,fellow", "name", "is missing, and the person is new"),
        ("Dr. X,x@example.org,", "roles", "is missing, and the person is new"),
        ("Dr. X,x@example.org,fellow,,Class of 3000", "cohort", "Create it first"),
        ("Dr. X,x@example.org,fellow,fm,Class of 2027", "track", "not of “fm”"),
        ("Dr. X,x@example.org,fellow,ipm", "cohort", "Write which cohort"),
        ("Dr. X,x@example.org,mentor,,Class of 2027", "cohort", "Only a fellow"),
        ("Dr. X,x@example.org,mentor,,,,,a@example.org", "mentor_email", "Only a fellow"),
        ("Dr. X,x@example.org,fellow,,,,,x@example.org", "mentor_email", "their own mentor"),
        ("Dr. X,x@example.org,fellow,,,,,a@example.org", "mentor_email", "has no account"),
        ("Dr. X,x@example.org,fellow,,Class of 2027,2020-01-01", "starts_on", "runs from"),
        ("Dr. X,x@example.org,fellow,,Class of 2027,,2020-01-01", "ends_on", "not before"),
        ("Dr. X,x@example.org,fellow,,,2026-07-01,2026-06-01", "ends_on", "before the first"),
    ],
)
def test_an_error_is_told_by_column(cohort: Cohort, row: str, column: str, part: str) -> None:
    assert part in flaws(row)[column]


def test_people_who_are_known_keep_name_and_roles(cohort: Cohort) -> None:
    with transaction():
        make_user(Role.FACULTY, email="f@example.org", name="Dr. Known")
        shut = make_fellow()
        shut.email, shut.disabled_at = "shut@example.org", NOW

    assert "changes no roles" in flaws("Dr. F,f@example.org,director").get("roles", "")
    assert "is disabled" in flaws("Dr. S,shut@example.org,fellow").get("email", "")
    assert (
        "not an active mentor" in flaws("X,x@example.org,fellow,,,,,f@example.org")["mentor_email"]
    )
    assert counts(run(HEAD + "Another name,f@example.org,faculty")) == (0, 0, 1)
    known = user_by_email("f@example.org")
    assert known is not None
    assert known.name == "Dr. Known"


def test_what_a_row_says_otherwise_of_a_known_person_is_told(cohort: Cohort) -> None:
    run(ROSTER)
    changed = "Amara Okafor-Reyes,amara@example.org,fellow,,Class of 2027,,6/1/2027,,America/Denver"

    (row,) = plan(HEAD + changed).rows

    assert (row.outcome, row.name) == ("known", "Dr. Amara Okafor")
    assert row.kept == (
        "The name stays Dr. Amara Okafor; the row says Amara Okafor-Reyes.",
        "The time zone stays America/New_York; the row says America/Denver.",
        "The last day in the cohort stays open; the row says Jun 1, 2027.",
    )


def test_a_row_that_says_what_is_known_differs_in_nothing(cohort: Cohort) -> None:
    run(ROSTER)

    assert [row.kept for row in plan(ROSTER).rows] == [()] * 4


def test_a_fellow_whose_new_mentor_is_left_is_left_too(cohort: Cohort) -> None:
    text = HEAD + (
        "Dr. A,a@example.org,fellow,,,,,m@example.org,\n"
        "Dr. M,m@example.org,mentor fellow,,,,,n@example.org,\n"
        "Dr. N,n@example.org,mentor,,Class of 2027,,,,\n"
    )

    assert counts(run(text)) == (0, 3, 0)
    assert rows()[0] == 0


def test_a_cohort_name_of_two_tracks_needs_the_track(cohort: Cohort) -> None:
    with transaction():
        other = make_cohort(track="fm", name="Class of 2027")
    row = "Dr. X,x@example.org,fellow,{},Class of 2027"

    assert "Write which track" in flaws(row.format(""))["track"]
    assert plan(HEAD + row.format("fm")).rows[0].cohort == other


def test_a_roster_that_cannot_be_read_is_refused(cohort: Cohort) -> None:
    with pytest.raises(Invalid, match="email"):
        run("name\nx")


def test_planning_takes_as_many_statements_for_60_rows_as_for_one(app: Flask) -> None:
    counted_statements = []
    with app.app_context():
        with transaction():
            make_cohort(name="Class of 2027")
            make_user(Role.MENTOR, email="ruth@example.org")
        for more in (1, 60):
            with transaction():
                fellows = [make_fellow() for _ in range(more)]
            text = HEAD + "".join(
                f"x,{one.email},fellow,,Class of 2027,,,ruth@example.org,\n" for one in fellows
            )
            db.session.expunge_all()
            with counted(app) as count:
                assert counts(plan(text)) == (more, 0, 0)
            counted_statements.append(count())

    assert counted_statements[0] == counted_statements[1] <= 6


def test_an_export_is_a_roster_that_says_nothing_new(cohort: Cohort) -> None:
    with transaction():
        one, two = make_user(Role.MENTOR), make_user(Role.MENTOR)
        hostile = make_fellow("=HYPERLINK(1)")
        former = make_fellow("Former")
        for fellow, end in ((hostile, None), (former, date(2026, 9, 1))):
            db.session.add(
                Membership(
                    cohort_id=cohort.id,
                    fellow_id=fellow.id,
                    starts_on=cohort.starts_on,
                    ends_on=end,
                )
            )
        make_mentorship(one, hostile)
        make_mentorship(two, hostile)

    text = export_roster(queries.cohort_by_id(cohort.id), on=TODAY)

    (_, cells) = csv.reader(io.StringIO(text, newline=""))
    assert cells[0] == "'=HYPERLINK(1)"
    assert cells[7] == f"{one.email} {two.email}"
    assert counts(plan(text)) == (0, 0, 1)
