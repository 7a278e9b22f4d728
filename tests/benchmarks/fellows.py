"""Fellows with a quiz to take."""

from datetime import timedelta

from sqlalchemy import select

from lms.cases.models import Item, StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.people.models import Role
from lms.quizzes.arranging.services import add_item
from lms.quizzes.assembling.services import create_quiz
from lms.quizzes.assigning.services import AssignmentTerms, assign
from lms.signin.passwords import hash_password
from tests.benchmarks.installation import Installation
from tests.factories import make_cohort, make_fellow, make_user

ITEMS = 20
PASSWORD = "a harmless long sentence"


def prepare(place: Installation, fellows: int) -> tuple[int, list[str]]:
    """Return an assignment of a quiz of 20 items, each of another case, and who is to take it."""
    with place.app.app_context(), transaction():
        now = utcnow()
        secret = hash_password(PASSWORD)
        people = [make_fellow() for _ in range(fellows)]
        for each in people:
            each.password_hash = secret
        faculty = make_user(Role.FACULTY)
        quiz = create_quiz(faculty, title="Bench", now=now)
        for item_id in _one_of_each_case():
            add_item(faculty, quiz.id, item_id, now=now)
        day = timedelta(days=1)
        terms = AssignmentTerms(now - day, now + day, now + 2 * day)
        cohort = make_cohort(*people)
        given = assign(faculty, quiz.id, cohort_id=cohort.id, terms=terms, now=now)
        return given.id, [each.email for each in people]


def _one_of_each_case() -> list[int]:
    query = (
        select(Item.case_id, Item.id)
        .join(StoredCase, StoredCase.id == Item.case_id)
        .where(Item.kind == "single_best_answer", Item.use != "formative")
        .where(StoredCase.unfolds.is_(False), StoredCase.fault.is_(None))
        .order_by(Item.id)
    )
    found: dict[int, int] = {}
    for case_id, item_id in db.session.execute(query):
        found.setdefault(case_id, item_id)
    return list(found.values())[:ITEMS]
