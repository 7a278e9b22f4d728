"""Clinicians who read a case and sign it."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from lms.authoring.signing import services
from lms.authoring.signing.queries import beside, waiting_cases
from lms.cases.models import Approval, ApprovalKind, StoredCase
from lms.cases.signing import signed_cases
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import Invalid
from lms.people.models import Role
from lms.people.queries import user_by_id
from tests.attempts.factories import choice_item
from tests.authoring.reviews.factories import make_revision
from tests.cases.texts import case_file, load, publisher, stored
from tests.factories import NOW, make_cohort, make_user
from tests.progress.statements import counted
from tests.reading import words
from tests.signin.helpers import send, token_of

TODAY = date(2026, 11, 25)


def clinician(*roles: Role, name: str = ""):
    person = make_user(*(roles or (Role.FACULTY,)), name=name)
    person.clinician = True
    return person


def signatures() -> int:
    clinical = select(Approval.id).where(Approval.kind == ApprovalKind.CLINICAL)
    return len(db.session.scalars(clinical).all())


@pytest.mark.usefixtures("in_app")
def test_a_clinician_signs_what_is_in_use_and_sets_the_next_review() -> None:
    load(case_file("ward", choice_item()))
    with transaction():
        db.session.execute(update(StoredCase).values(review_by=TODAY - timedelta(days=1)))
        person = clinician()
    assert [each.slug for each in waiting_cases(person, TODAY)] == ["ward"]

    with pytest.raises(Invalid), transaction():
        services.sign(person, "ward", read=False, now=NOW)
    with transaction():
        services.sign(user_by_id(person.id), "ward", read=True, now=NOW)

    case = stored("ward")
    assert signed_cases([case.id]) == {case.id}
    assert case.review_by == date(2028, 11, 25)
    assert waiting_cases(person, TODAY) == []
    deeds = db.session.scalars(select(AuditEvent.action)).all()
    assert deeds[-1] == "case.sign"


@pytest.mark.usefixtures("in_app")
def test_an_overdue_case_waits_again_and_is_approved_anew_by_one_more_signature() -> None:
    load(case_file("ward", choice_item()))
    with transaction():
        person = clinician()
        services.sign(person, "ward", read=True, now=NOW)
    later = NOW + timedelta(days=800)

    waiting = waiting_cases(person, later.date())
    with transaction():
        services.sign(person, "ward", read=True, now=later)

    assert [(each.slug, each.overdue) for each in waiting] == [("ward", True)]
    assert signatures() == 2
    assert waiting_cases(person, later.date()) == []


@pytest.mark.usefixtures("in_app")
def test_who_wrote_in_a_case_or_is_no_clinician_does_not_sign_it() -> None:
    load(case_file("ward", choice_item()))
    with transaction():
        plain, author, loader = make_user(Role.FACULTY), clinician(), publisher()
        loader.clinician = True
        make_revision(author, choice_item(points=2))

    for person, refusal in (
        (plain, services.NotAClinician),
        (author, services.OwnCase),
        (loader, services.OwnCase),
    ):
        with pytest.raises(refusal), transaction():
            services.sign(user_by_id(person.id), "ward", read=True, now=NOW)
    assert signatures() == 0
    assert waiting_cases(user_by_id(author.id), TODAY) == []


@pytest.mark.usefixtures("in_app")
def test_what_is_retired_is_not_signed() -> None:
    load(case_file("ward", choice_item()))
    with transaction():
        db.session.execute(update(StoredCase).values(retired_at=NOW))
        person = clinician()

    with pytest.raises(services.NotInUse), transaction():
        services.sign(person, "ward", read=True, now=NOW)


@pytest.mark.usefixtures("in_app")
def test_the_queue_has_a_case_before_and_one_after() -> None:
    load(*(case_file(slug, choice_item(), title=f"Case {slug}") for slug in ("a", "b", "c")))
    with transaction():
        person = clinician()
    waiting = waiting_cases(person, TODAY)

    assert [beside(waiting, slug) for slug in ("a", "b", "c", "gone")] == [
        (None, "b"),
        ("a", "c"),
        ("b", None),
        (None, "a"),
    ]


def test_a_case_is_read_and_signed_on_one_page_and_the_next_one_follows(app, signed_in) -> None:
    with app.app_context():
        load(*(case_file(slug, choice_item(), title=f"Case {slug}") for slug in ("a", "b")))
        with transaction():
            person = clinician(Role.MENTOR, name="Dr. Leonora Hart")
            other = make_user(Role.FACULTY)
            mentor = make_user(Role.MENTOR)
    reader = signed_in(person)

    queue = reader.get("/sign")
    page = reader.get("/bank/a/sign")
    without = send(reader, "/bank/a/sign", {})
    done = send(reader, "/bank/a/sign", {"read": "y"})
    after = reader.get("/bank/a/sign")
    plain = signed_in(other).get("/bank/b/sign")

    assert "2 cases wait for a clinician of your program" in words(queue)
    assert "zanzibar" in page.text
    assert "Not signed" in words(page)
    assert without.status_code == 422
    assert "Say that you have read it, then sign." in words(without)
    assert done.location.startswith("/bank/b/sign")
    assert "Signed by Dr. Leonora Hart" in words(after)
    assert "Only clinicians sign." in words(plain)
    assert "as a clinician</button>" not in plain.text
    assert signed_in(mentor).get("/bank/b/sign").status_code == 404


def test_a_clinician_who_wrote_in_the_case_reads_it_and_cannot_sign(app, signed_in) -> None:
    with app.app_context():
        load(case_file("ward", choice_item()))
        with transaction():
            author = clinician()
            make_revision(author, choice_item(points=2))
    browser = signed_in(author)

    page = browser.get("/bank/ward/sign")
    refused = browser.post("/bank/ward/sign", data={"csrf_token": token_of(page), "read": "y"})

    assert "You wrote in this case. Another clinician signs it." in words(page)
    assert 'name="read"' not in page.text
    assert refused.status_code in (403, 409)
    with app.app_context():
        assert signatures() == 0


def test_a_clinician_who_is_a_fellow_here_reads_no_key(app, signed_in) -> None:
    with app.app_context():
        load(case_file("ward", choice_item()))
        with transaction():
            both = clinician(Role.FACULTY, Role.FELLOW)
            make_cohort(both)

    page = signed_in(both).get("/bank/ward/sign")

    assert page.status_code == 403
    assert "zanzibar" not in page.text


def test_the_queue_lists_twenty_cases_a_page_and_counts_all(app, signed_in) -> None:
    with app.app_context():
        names = [f"case-{n:02}" for n in range(23)]
        load(*(case_file(name, choice_item(), title=f"Told {name}") for name in names))
        with transaction():
            person = clinician()
    reader = signed_in(person)

    first, second, beyond = (
        reader.get(f"/sign?page={number}") for number in ("1", "2", "9" * 5_000)
    )

    told = [re.findall(r"Told case-\d\d", each.text) for each in (first, second)]
    assert [len(each) for each in told] == [20, 3]
    assert len({*told[0], *told[1]}) == 23
    assert "23 cases wait for a clinician of your program" in words(second)
    assert "Page 2 of 2" in words(second)
    assert "/bank/case-20/sign" in second.text
    assert beyond.status_code == 200


@pytest.mark.parametrize("cases", [1, 6])
def test_the_queue_takes_as_many_statements_for_many_cases_as_for_one(
    app, signed_in, cases: int
) -> None:
    with app.app_context():
        load(*(case_file(f"case-{n}", choice_item()) for n in range(cases)))
        with transaction():
            person = clinician()
    client = signed_in(person)
    client.get("/sign")

    with counted(app) as statements:
        assert client.get("/sign").status_code == 200

    assert len(statements) <= 6
