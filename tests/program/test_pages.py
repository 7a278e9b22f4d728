import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.db import db, transaction
from lms.jobs import tasks
from lms.jobs.models import Job
from lms.people.models import Role, User
from lms.people.queries import user_by_email
from lms.program import queries
from lms.program.models import Cohort, Membership, Mentorship
from tests.factories import make_cohort, make_fellow, make_mentorship, make_track, make_user
from tests.reading import place_of, words
from tests.signin.helpers import counted, send, sight_of, token_of

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def director(app: Flask, signed_in: SignIn) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR)
    return signed_in(user)


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    with app.app_context(), transaction():
        return make_cohort(name="Class of 2027")


def test_a_cohort_is_created_at_the_page(app: Flask, director: FlaskClient) -> None:
    with app.app_context(), transaction():
        track = make_track()
    data = {
        "track_id": track.id,
        "name": "Class of 2027",
        "starts_on": "2026-07-01",
        "ends_on": "2027-06-30",
    }

    done = send(director, "/cohorts/new", data)
    twice = send(director, "/cohorts/new", data)
    wrong = send(director, "/cohorts/new", {**data, "starts_on": "soon", "name": ""})

    assert place_of(done) == "/cohorts"
    assert "Class of 2027" in director.get("/cohorts").text
    assert twice.status_code == wrong.status_code == 422
    assert "has a cohort with this name already" in twice.text
    assert 'href="#name"' in wrong.text


def test_a_cohort_is_in_no_track_until_one_is_chosen(app: Flask, director: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_track()
    days = {"starts_on": "2026-07-01", "ends_on": "2027-06-30"}

    page = send(director, "/cohorts/new", {"track_id": "", "name": "Class of 2027", **days})

    assert page.status_code == 422
    assert "Choose a track." in page.text


def test_a_fellow_is_added_given_a_mentor_and_ended(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow("Dr. Amara Okafor")
        mentor = make_user(Role.MENTOR, name="Dr. Ruth Hargrove")
    page = f"/cohorts/{cohort.id}"

    send(director, f"{page}/members", {"person_id": fellow.id, "starts_on": "2026-07-01"}, at=page)

    with app.app_context():
        (member,) = queries.memberships(cohort.id)
    assert "No mentor" in director.get(page).text
    own = f"/memberships/{member.id}"
    data = {"mentor-person_id": mentor.id, "mentor-starts_on": "2026-07-01"}
    send(director, f"{own}/mentors", data, at=own)
    assert "Dr. Ruth Hargrove" in director.get(page).text
    with app.app_context():
        (bond,) = queries.mentorships([fellow.id], date(2026, 7, 1))[fellow.id]

    again = send(director, f"{own}/mentors", data, at=own)
    early = send(
        director, f"{own}/mentors/{bond.id}/end", {f"m{bond.id}-ends_on": "2026-01-01"}, at=own
    )
    over = send(
        director, f"{own}/mentors/{bond.id}/end", {f"m{bond.id}-ends_on": "2026-08-01"}, at=own
    )
    left = send(director, f"{own}/end", {"ends_on": "2026-09-01"}, at=own)

    assert again.status_code == early.status_code == 422
    assert "mentor already" in again.text
    assert "began on Jul 1, 2026" in early.text
    assert place_of(over) == own
    assert place_of(left) == page
    assert "Sep 1, 2026" in director.get(page).text


def test_a_second_mentor_is_added_beside_the_first(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
        row = Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=cohort.starts_on)
        db.session.add(row)
        names = ["Dr. Lena Hargrove", "Dr. Ben Calloway"]
        mentors = [make_user(Role.MENTOR, name=name) for name in names]
    own = f"/memberships/{row.id}"

    for mentor in mentors:
        data = {"mentor-person_id": mentor.id, "mentor-starts_on": "2026-07-01"}
        assert place_of(send(director, f"{own}/mentors", data, at=own)) == own

    assert "Dr. Ben Calloway, Dr. Lena Hargrove" in words(director.get(f"/cohorts/{cohort.id}"))
    with app.app_context():
        for mentor in mentors:
            assert queries.looked_after_by(mentor.id, date(2026, 8, 1)) == {fellow.id}


def test_a_year_that_nobody_means_is_refused_at_the_field(
    app: Flask, director: FlaskClient
) -> None:
    with app.app_context(), transaction():
        track = make_track()
    days = {"starts_on": "0001-01-01", "ends_on": "2027-06-30"}

    page = send(director, "/cohorts/new", {"track_id": track.id, "name": "Early", **days})

    assert page.status_code == 422
    assert "Give a year from 2000 to 2100." in page.text


def test_a_name_is_taken_in_any_case_also_beyond_ascii(app: Flask, director: FlaskClient) -> None:
    with app.app_context(), transaction():
        track = make_track()
    data = {"track_id": track.id, "starts_on": "2026-07-01", "ends_on": "2027-06-30"}

    first = send(director, "/cohorts/new", {**data, "name": "École 2027"})
    again = [
        send(director, "/cohorts/new", {**data, "name": f"{n} 2027"}) for n in ("École", "ÉCOLE")
    ]

    assert first.status_code == 302
    assert [page.status_code for page in again] == [422, 422]
    assert all("has a cohort with this name already" in page.text for page in again)


def test_ending_what_is_over_already_says_so(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    with app.app_context(), transaction():
        fellow, mentor = make_fellow(), make_user(Role.MENTOR)
        db.session.add(
            Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=date(2026, 7, 1))
        )
        bond = Mentorship(
            mentor_id=mentor.id, fellow_id=fellow.id,
            starts_on=date(2026, 7, 1), ends_on=date(2026, 7, 2),
        )  # fmt: skip
        db.session.add(bond)
    with app.app_context():
        (member,) = queries.memberships(cohort.id)
    own = f"/memberships/{member.id}"

    page = send(
        director, f"{own}/mentors/{bond.id}/end", {f"m{bond.id}-ends_on": "2026-09-01"}, at=own
    )

    assert "That mentorship is over already, so nothing was changed." in page.text


def test_what_cannot_be_done_is_told_with_the_page(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    with app.app_context(), transaction():
        fellow = make_fellow()
    page = f"/cohorts/{cohort.id}"

    early = send(
        director, f"{page}/members", {"person_id": fellow.id, "starts_on": "2020-01-01"}, at=page
    )
    foreign = send(
        director, f"{page}/members", {"person_id": 987, "starts_on": "2026-07-01"}, at=page
    )

    assert early.status_code == foreign.status_code == 422
    assert "Class of 2027 runs from Jul 1, 2026 to Jun 30, 2027" in early.text


def test_a_large_cohort_is_listed_a_page_at_a_time(app: Flask, director: FlaskClient) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(*(make_fellow(f"Dr. Number {number:02}") for number in range(51)))
    page = f"/cohorts/{cohort.id}"

    first, second = director.get(page), director.get(f"{page}?page=2")
    roster = director.get(f"{page}/roster.csv").text

    assert "Page 1 of 2" in words(first)
    assert first.text.count("Dates and mentors") == 50
    assert "Dr. Number 50" not in first.text
    assert second.text.count("Dates and mentors") == 1
    assert "Dr. Number 50" in second.text
    assert f'href="{page}?page=1"' in second.text
    assert roster.count("Dr. Number") == 51


def test_nobody_is_chosen_before_the_director_chooses(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    with app.app_context(), transaction():
        make_fellow()
    page = f"/cohorts/{cohort.id}"

    first = re.search(r'<select[^>]+name="person_id".*?</option>', director.get(page).text, re.S)
    sent = send(director, f"{page}/members", {"person_id": "", "starts_on": "2026-07-01"}, at=page)

    assert first
    assert first[0].endswith('<option value="">Choose a fellow</option>')
    assert sent.status_code == 422
    assert "Choose a person." in sent.text
    with app.app_context():
        assert queries.memberships(cohort.id) == []


@pytest.mark.parametrize("path", ["/cohorts/987", "/memberships/987", "/cohorts/987/roster.csv"])
def test_what_is_not_there_is_not_found(director: FlaskClient, path: str) -> None:
    assert director.get(path).status_code == 404


@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR, Role.FACULTY])
def test_only_directors_see_cohorts_and_rosters(
    app: Flask, signed_in: SignIn, cohort: Cohort, role: Role
) -> None:
    with app.app_context(), transaction():
        user = make_user(role)
    client = signed_in(user)

    for path in ("/cohorts", "/cohorts/new", f"/cohorts/{cohort.id}", "/roster"):
        assert client.get(path).status_code == 403
    assert client.get(f"/cohorts/{cohort.id}/roster.csv").status_code == 403


ROSTER = "name,email,roles,cohort\nDr. Ana,ana@example.org,fellow,Class of 2027\nBad,bad,fellow,\n"


def carry_out(app: Flask) -> None:
    """Have a worker take all steps of all jobs."""
    with app.app_context():
        for _ in range(4):
            for job_id in db.session.scalars(db.select(Job.id)).all():
                tasks.run(job_id)


def test_a_roster_is_checked_then_imported(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    file = (io.BytesIO(("\ufeff" + ROSTER).encode()), "roster.csv")

    checked = send(director, "/roster", {"file": file})

    assert checked.status_code == 200
    assert "Import 1, leave 1" in checked.text
    assert "“bad” is not a mail address." in checked.text
    with app.app_context():
        assert user_by_email("ana@example.org") is None
    data = {
        "csrf_token": token_of(checked),
        "text": ROSTER.replace("\n", "\r\n"),
        **sight_of(checked, "/roster/import"),
    }
    job = place_of(director.post("/roster/import", data=data))
    asked = words(director.get(job))
    carry_out(app)
    done = words(director.get(job))
    again = director.post("/roster/import", data=data)

    assert "Waiting for a worker 0 % done." in asked
    assert "1 imported, 1 not imported." in done
    assert again.status_code == 409
    assert "Nothing new." in words(again)
    with app.app_context():
        assert len(queries.memberships(cohort.id)) == 1


def test_a_new_name_of_a_known_person_is_not_called_as_the_row_says(
    app: Flask, director: FlaskClient
) -> None:
    with app.app_context(), transaction():
        make_user(Role.FACULTY, email="f@example.org", name="Dr. Known")
    text = "name,email,roles\nDr. Renamed,f@example.org,faculty\n"

    page = words(send(director, "/roster", {"text": text}))

    assert "as the row says" not in page
    assert "The name stays Dr. Known; the row says Dr. Renamed." in page


def test_a_pasted_roster_is_checked_and_comes_back_whole(
    director: FlaskClient, cohort: Cohort
) -> None:
    text = ROSTER + '"Dr. ""Q"" </textarea><script>",q@example.org,mentor,\n'

    page = send(director, "/roster", {"text": text})

    assert "Import 2, leave 1" in page.text
    assert "<script>" not in page.text


def test_a_row_with_errors_is_not_imported_and_its_columns_are_told_in_words(
    director: FlaskClient,
) -> None:
    text = "name,email,roles,starts_on,mentor_email\nDr. Ana,ana@example.org,fellow,x,nobody\n"

    page = words(send(director, "/roster", {"text": text}))

    assert "ana@ example.org Not imported" in page
    assert "starts_on (first day) : “x” is not a date." in page
    assert "mentor_email (mentor’s address) : “nobody” is not a mail address." in page


def test_a_roster_with_more_mentors_than_one_statement_can_ask_for_is_read(director) -> None:
    rows = [
        f"p{row}@example.org," + " ".join(f"{row}{number:x}@b.co" for number in range(9_000))
        for row in range(8)
    ]

    page = send(director, "/roster", {"text": "\n".join(["email,mentor_email", *rows])})

    assert page.status_code == 200
    assert page.text.count("The row names 9,000 mentors. Name at most 20.") == len(rows)


@pytest.mark.parametrize(
    ("sent", "part"),
    [
        ({}, "The roster is empty."),
        ({"text": "a,b\n1,2"}, "does not name an “email” column"),
        ("Müller".encode("latin-1"), "not UTF-8"),
        (b"x" * 1_000_001, "larger than 1 MB"),
    ],
)
def test_a_roster_that_cannot_be_read_is_told_at_the_field(
    director: FlaskClient, sent: dict[str, object] | bytes, part: str
) -> None:
    data = {"file": (io.BytesIO(sent), "x.csv")} if isinstance(sent, bytes) else sent

    page = send(director, "/roster", data)

    assert page.status_code == 422
    assert part in page.text
    assert "error-summary" in page.text


def test_a_file_over_the_limit_of_a_request_is_a_page_that_says_so(director: FlaskClient) -> None:
    page = send(director, "/roster", {"file": (io.BytesIO(b"x" * 2_200_000), "x.csv")})

    assert page.status_code == 413
    assert "larger than 2 MB" in page.text


def test_the_download_is_a_guarded_csv(app: Flask, director: FlaskClient) -> None:
    with app.app_context(), transaction():
        cohort = make_cohort(make_fellow("@SUM(1+1)"))

    page = director.get(f"/cohorts/{cohort.id}/roster.csv")

    assert page.mimetype == "text/csv"
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "\r\n'@SUM(1+1)," in page.text


def test_pages_take_as_many_statements_for_60_fellows_as_for_one(
    app: Flask, director: FlaskClient, cohort: Cohort
) -> None:
    counts: list[list[int]] = []
    for more in (1, 60):
        with app.app_context(), transaction():
            mentor = make_user(Role.MENTOR)
            for _ in range(more):
                fellow = make_fellow()
                make_mentorship(mentor, fellow)
                db.session.add(
                    Membership(cohort_id=cohort.id, fellow_id=fellow.id, starts_on=cohort.starts_on)
                )
                make_cohort()
        here = []
        for path in ("/cohorts", f"/cohorts/{cohort.id}", f"/cohorts/{cohort.id}/roster.csv"):
            with counted(app) as count:
                assert director.get(path).status_code == 200
            here.append(count())
        counts.append(here)

    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12
