"""The program decides whether cases are asked that nobody signed, or whose review is overdue."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from lms.attempts import services as attempts
from lms.cases.asking import NotLetIn
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, StoredCase
from lms.cases.search.keeping import index, wanting
from lms.cases.settings import CASE_USE, CaseUse
from lms.core.db import db, transaction
from lms.core.settings import change_settings_of_program
from lms.people.models import Role, User
from lms.quizzes import queries, versions
from lms.quizzes.arranging import services as arranging
from lms.quizzes.assembling import services
from lms.quizzes.assigning.services import AssignmentTerms, assign
from tests.attempts.factories import case_body, choice_item, store_case
from tests.factories import NOW, add, make_cohort, make_fellow, make_user

TERMS = AssignmentTerms(
    opens_at=NOW, due_at=NOW + timedelta(days=7), closes_at=NOW + timedelta(days=14)
)
TODAY = date(2026, 11, 25)

UNSIGNED = "is signed by no clinician"
OVERDUE = "was to be reviewed by Nov 24, 2026"


@pytest.fixture
def faculty(in_app) -> User:
    with transaction():
        return make_user(Role.FACULTY)


@pytest.fixture
def bank(faculty: User) -> dict[str, StoredCase]:
    """Four cases of one topic: signed and in time, or not."""
    with transaction():
        return {
            "good": make_case(faculty, "good", signed=True, review_by=TODAY),
            "unsigned": make_case(faculty, "unsigned", signed=False, review_by=TODAY),
            "overdue": make_case(
                faculty, "overdue", signed=True, review_by=TODAY - timedelta(days=1)
            ),
            "undated": make_case(faculty, "undated", signed=True, review_by=None),
        }


def make_case(by: User, slug: str, *, signed: bool, review_by: date | None) -> StoredCase:
    case = store_case(case_body(choice_item("next"), slug=slug) | {"title": slug.capitalize()})
    kinds = [ApprovalKind.EDITORIAL, *([ApprovalKind.CLINICAL] if signed else [])]
    for kind in kinds:
        act = {"kind": kind, "who": ApprovedBy.PERSON, "user_id": by.id, "at": NOW}
        add(Approval(case_version_id=case.current_id, **act))
    db.session.execute(
        update(StoredCase).where(StoredCase.id == case.id).values(review_by=review_by)
    )
    return case


def let(**use: bool) -> None:
    with transaction():
        change_settings_of_program(None, {CASE_USE: CaseUse(**use)}, now=NOW)


def drawn(faculty: User) -> set[str]:
    with transaction():
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
        services.fill_by_blueprint(faculty, quiz.id, cohort_id=make_cohort().id, items=20, now=NOW)
    return {place.item.case.slug for place in queries.places_of(versions.newest(quiz.id).id)}


@pytest.mark.parametrize(
    ("use", "found"),
    [
        pytest.param({}, {"good", "unsigned", "overdue", "undated"}, id="all, by default"),
        pytest.param({"unsigned": False}, {"good", "overdue", "undated"}, id="signed"),
        pytest.param({"overdue": False}, {"good", "unsigned", "undated"}, id="in time"),
        pytest.param({"unsigned": False, "overdue": False}, {"good", "undated"}, id="both"),
    ],
)
def test_the_draw_takes_what_the_program_lets_in(
    bank, faculty: User, use: dict[str, bool], found: set[str]
) -> None:
    let(**use)

    assert drawn(faculty) == found


@pytest.mark.parametrize(
    ("use", "slug", "why"),
    [
        ({"unsigned": False}, "unsigned", UNSIGNED),
        ({"overdue": False}, "overdue", OVERDUE),
        ({"unsigned": False, "overdue": False}, "unsigned", UNSIGNED),
        ({"unsigned": False, "overdue": False}, "overdue", OVERDUE),
    ],
)
def test_a_case_that_is_not_let_in_is_neither_added_nor_assigned_and_the_reason_is_said(
    bank, faculty: User, use: dict[str, bool], slug: str, why: str
) -> None:
    with transaction():
        ready = services.create_quiz(faculty, title="Ready", now=NOW)
        arranging.add_case(faculty, ready.id, bank[slug].id, now=NOW)
        empty = services.create_quiz(faculty, title="Empty", now=NOW)
        cohort = make_cohort()
    let(**use)

    with pytest.raises(NotLetIn) as not_added, transaction():
        arranging.add_case(faculty, empty.id, bank[slug].id, now=NOW)
    with pytest.raises(NotLetIn) as not_assigned, transaction():
        assign(faculty, ready.id, cohort_id=cohort.id, terms=TERMS, now=NOW)

    sentence = (
        f"“{slug.capitalize()}” {why}, and the settings of the program let no such case be asked. "
        "Leave it out."
    )
    assert (not_added.value.message, not_assigned.value.message) == (sentence, sentence)


@pytest.mark.parametrize("use", [{"unsigned": False}, {"overdue": False}])
def test_only_what_the_program_lets_in_is_offered_to_add_by_hand(
    bank, faculty: User, signed_in, use: dict[str, bool]
) -> None:
    with transaction():
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
        long_ago = update(StoredCase).where(StoredCase.slug == "overdue")
        db.session.execute(long_ago.values(review_by=date(2020, 1, 1)))
        signed_in_time = update(StoredCase).where(StoredCase.slug.in_(["good", "unsigned"]))
        db.session.execute(signed_in_time.values(review_by=date(2100, 1, 1)))
        index(wanting())
    let(**use)

    page = signed_in(faculty).get(f"/quizzes/{quiz.id}/add").text

    kept_out = "Unsigned" if "unsigned" in use else "Overdue"
    for title in ("Good", "Unsigned", "Overdue", "Undated"):
        assert (f"<h2>{title}</h2>" in page) is (title != kept_out)


def test_what_is_assigned_stays_and_can_be_begun(bank, faculty: User) -> None:
    with transaction():
        fellow = make_fellow()
        cohort = make_cohort(fellow)
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
        arranging.add_case(faculty, quiz.id, bank["unsigned"].id, now=NOW)
        given = assign(faculty, quiz.id, cohort_id=cohort.id, terms=TERMS, now=NOW)
    let(unsigned=False, overdue=False)

    with transaction():
        attempt = attempts.start_attempt(fellow, given.id, now=NOW)

    assert attempt.id is not None


def test_overdue_is_asked_by_the_clock_of_who_assigns(bank, faculty: User) -> None:
    let(overdue=False)
    with transaction():
        tokyo = make_user(Role.FACULTY, time_zone="Asia/Tokyo")
        quiz = services.create_quiz(faculty, title="Rounds", now=NOW)
    evening = NOW.replace(hour=20)  # in Tokyo it is November 26, a day after "good" was to be read

    with transaction():
        arranging.add_case(faculty, quiz.id, bank["good"].id, now=evening)
    with pytest.raises(NotLetIn), transaction():
        arranging.add_case(tokyo, quiz.id, bank["good"].id, now=evening)
