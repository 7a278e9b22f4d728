"""My work lists what waits for who looks, each with its one button, and nothing of anybody else."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.models import Draft, DraftEvent, DraftState, Review, ReviewStage
from lms.authoring.signing.services import sign
from lms.authoring.work.queries import count_unsigned
from lms.cases import withholding
from lms.cases.adding_facts import add_fact
from lms.cases.models import CaseVersion, StoredCase, StoredFact
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.notices.models import Notice
from lms.notices.occasions import Occasion
from lms.notices.telling import Telling, tell
from lms.people.models import Role, User
from tests.attempts.factories import choice_item, make_case
from tests.cases.texts import case_file, load
from tests.factories import NOW, add, make_cohort, make_user
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send

Enter = Callable[[User], FlaskClient]


@pytest.fixture
def faculty(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.FACULTY, name="Dr. Lena Lind")


def make_draft(owner: User, title: str, state: DraftState = DraftState.WRITING) -> Draft:
    body = {"title": title} if title else {}
    return add(Draft(owner_id=owner.id, body=body, state=state, created_at=NOW, changed_at=NOW))


def make_review(
    reviewer: User, asker: User, title: str, stage: ReviewStage = ReviewStage.ASKED
) -> Review:
    """Return the review of a new version of a case with *title*, made of a draft of the asker."""
    case = make_case(choice_item())
    case.title = title
    body = db.session.get_one(CaseVersion, case.current_id).body
    version = add(
        CaseVersion(
            case_id=case.id, number=2, body=body, content_hash=f"second-{case.id}", change_note="",
            created_at=NOW,
        )
    )  # fmt: skip
    over = stage not in (ReviewStage.ASKED, ReviewStage.ANSWERED)
    draft = make_draft(asker, title, DraftState.IN_REVIEW)
    draft.case_id, draft.version_id = case.id, version.id
    return add(
        Review(
            draft_id=draft.id,
            case_version_id=version.id,
            reviewer_id=reviewer.id,
            asked_by_id=asker.id,
            asked_at=NOW,
            due_on=date(2020, 12, 4),
            stage=stage,
            decided_at=NOW if over else None,
        )
    )


def make_all(me: User, number: int) -> None:
    """Make one of everything that can wait for *me*."""
    with transaction():
        other = make_user(Role.FACULTY, name=f"Dr. Other {number}")
        make_draft(me, f"My draft {number}")
        make_draft(me, "")
        make_draft(me, f"Came back {number}", DraftState.RETURNED)
        shared = make_draft(other, f"Written together {number}")
        add(DraftEvent(draft_id=shared.id, revision=1, by_id=me.id, at=NOW, tab="a", changes=[]))
        make_draft(other, f"Foreign {number}")
        make_review(me, other, f"To judge {number}")
        make_review(other, me, f"Sent away {number}")
        make_review(other, me, f"Was advanced {number}", ReviewStage.ADVANCED)
        case = make_case(choice_item())
        case.title, case.owner_id = f"Mine {number}", me.id
        case.review_by = date(2021, 1, 1)
        withholding.withhold(me, case.items[0], "", now=NOW)
        fact = db.session.get(StoredFact, "P11") or add(
            StoredFact(id="P11", status="solid", read="all", statement="So.", sources=["A"])
        )
        fact.changed_at = NOW + timedelta(days=1)
        told = Telling(Occasion.CASE_PUBLISHED, str(number), ("case", case.id),
                       f"Told of {number}", ("Yes.",), "Open", "/bank")  # fmt: skip
        tell(told, [me], now=utcnow())


def test_everything_that_waits_is_listed_with_its_button(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context():
        make_all(faculty, 1)

    page = words(signed_in(faculty).get("/work"))

    for heading, title, button in (
        ("To review", "To judge 1", "Review"),
        ("Returned to you", "Came back 1", "Mend it"),
        ("Advanced, to publish", "Was advanced 1", "Read and publish"),
        ("Withheld items", "Mine 1, item 1", "Look at it"),
        ("Cases on facts that changed", "Mine 1", "See the fact"),
        ("To be reviewed again", "Mine 1", "Read and approve"),
        ("Drafts", "My draft 1", "Go on writing"),
        ("Drafts you write in with others", "Written together 1", "Go on writing"),
        ("Sent to review", "Sent away 1", "Open the draft"),
        ("Told lately", "Told of 1", "New"),
    ):
        assert heading in page
        assert title in page.split(heading, 1)[1]
        assert button in page.split(heading, 1)[1]
    assert "A case without a title" in page
    assert "Foreign" not in page
    assert "Wait for a clinician" not in page


def test_a_draft_waits_for_each_of_two_reviewers(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        first, second = (make_user(Role.FACULTY, name=f"Dr. {n}") for n in ("One", "Two"))
        review = make_review(first, faculty, "Sent to two")
        again = {"reviewer_id": second.id, "asked_by_id": faculty.id, "asked_at": NOW}
        of_it = {"draft_id": review.draft_id, "case_version_id": review.case_version_id}
        add(Review(**of_it, **again, stage=ReviewStage.ASKED))

    page = words(signed_in(faculty).get("/work"))

    assert "Waits for Dr. One" in page
    assert "Waits for Dr. Two" in page


def test_who_has_nothing_to_do_is_told_so(app: Flask, faculty: User, signed_in: Enter) -> None:
    with app.app_context(), transaction():
        other = make_user(Role.FACULTY)
        make_draft(other, "Foreign")

    page = words(signed_in(faculty).get("/work"))

    assert "Nothing waits for you" in page
    assert "Foreign" not in page


def test_a_clinician_is_told_how_many_cases_wait_for_a_signature(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        db.session.get_one(User, faculty.id).clinician = True
        for _ in range(3):
            make_case(choice_item())

    assert "3 cases wait" in words(signed_in(faculty).get("/work"))


def test_a_case_that_was_worded_anew_since_it_was_signed_does_not_wait_for_a_clinician(
    in_app: Flask,
) -> None:
    load(case_file("ward", choice_item()))
    with transaction():
        person = make_user(Role.DIRECTOR)
        person.clinician = True
        sign(person, "ward", read=True, now=NOW)
    assert count_unsigned() == 0

    load(case_file("ward", choice_item(), title="Told in other words"))

    assert count_unsigned() == 0
    load(case_file("tent", choice_item()))
    assert count_unsigned() == 1


def test_the_page_takes_as_many_statements_for_ten_of_each_as_for_one(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    browser, counts = signed_in(faculty), []
    for numbers in (range(1), range(1, 10)):
        with app.app_context():
            for number in numbers:
                make_all(faculty, number)
        with counted(app) as statements:
            assert browser.get("/work").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_what_was_told_is_new_once(app: Flask, faculty: User, signed_in: Enter) -> None:
    with app.app_context():
        make_all(faculty, 1)
    browser = signed_in(faculty)

    first, second = (words(browser.get("/work")) for _ in range(2))

    assert "Told of 1 New" in first
    assert "Told of 1 New" not in second
    with app.app_context():
        assert db.session.scalars(db.select(Notice.seen_at)).one() is not None


def test_what_was_told_leads_where_its_mail_leads(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        told = Telling(
            Occasion.REVIEW_ASKED, "1", ("review", 41), "Asked", ("Yes.",), "Open", "/reviews/41"
        )
        tell(told, [faculty], now=utcnow())

    client = signed_in(faculty)
    address = re.search(r'href="(/news/\d+)">Asked<', client.get("/work").text)

    assert address is not None
    assert place_of(client.get(address[1])) == "/reviews/41"


def test_faculty_start_there(app: Flask, faculty: User, signed_in: Enter) -> None:
    assert place_of(signed_in(faculty).get("/")) == "/work"


def test_a_fact_names_the_cases_on_it_and_one_of_the_own_can_be_changed(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        own = add_fact(faculty, "Warmth helps.", "A book.", read="all", now=NOW)
        add(StoredFact(id="P11", status="solid", read="all", statement="So.", sources=["A"]))
        case = make_case(choice_item())
    browser = signed_in(faculty)

    shipped = words(browser.get("/facts/P11"))
    changed = {"statement": "Warmth helps some.", "source": "A book.", "read": "part"}
    done = send(browser, f"/facts/{own.id}", changed)
    refused = send(browser, f"/facts/{own.id}", changed | {"statement": " "})
    with app.app_context():
        stands = db.session.get_one(StoredFact, own.id)

    assert case.title in shipped
    assert "Change the fact" not in shipped
    assert (done.status_code, refused.status_code) == (302, 422)
    assert (stands.statement, stands.status) == ("Warmth helps some.", "check")
    assert browser.get("/facts/Z99").status_code == 404


def test_a_fact_says_where_and_when_its_source_is_to_be_opened(
    app: Flask, faculty: User, signed_in: Enter
) -> None:
    with app.app_context(), transaction():
        for fact_id, by in (("P11", date(2126, 1, 2)), ("P12", date(2001, 1, 2))):
            add(
                StoredFact(
                    id=fact_id, status="solid", read="all", statement="So.",
                    sources=["Roe, Pain 2020. doi:10.1000/182", "A book, 2019"],
                    looked_up=date(2000, 1, 2), next_look=by,
                )
            )  # fmt: skip
    browser = signed_in(faculty)

    shown, due = (browser.get(f"/facts/{fact_id}") for fact_id in ("P11", "P12"))

    assert '<a href="https://doi.org/10.1000/182">Roe, Pain 2020. doi:10.1000/182</a>' in shown.text
    assert "<li>A book, 2019</li>" in shown.text
    assert "Looked up on Jan 2, 2000; to be looked up again by Jan 2, 2126." in words(shown)
    assert "To be looked up again" not in shown.text
    assert "To be looked up again" in due.text


def test_who_may_be_asked_reads_no_fact(app: Flask, signed_in: Enter) -> None:
    with app.app_context(), transaction():
        both = make_user(Role.FACULTY, Role.FELLOW)
        make_cohort(both)
        add(StoredFact(id="P11", status="solid", read="all", statement="So.", sources=["A"]))
    browser = signed_in(both)

    assert browser.get("/facts/P11").status_code == 403
    assert browser.get("/work").status_code == 200


def test_who_publishes_first_looks_after_the_case(app: Flask, faculty: User) -> None:
    with app.app_context():
        with transaction():
            load_cases(faculty, [case_file("a-day", choice_item())], now=NOW)
        assert db.session.scalars(db.select(StoredCase.owner_id)).one() == faculty.id
