"""What the pages about a quiz show of what their forms act on."""

from collections.abc import Sequence

from lms.core.figures import plural
from lms.core.sight import Sight
from lms.quizzes import queries
from lms.quizzes.models import Quiz
from lms.quizzes.queries import QuizCase, QuizQuestion
from lms.quizzes.wording import count_items


def sight_of(quiz: Quiz, quiz_cases: Sequence[QuizCase]) -> Sight:
    """Return how *quiz* stands: its title and state, its cases in order, and what each asks."""
    said = {case.case.slug: _said(case) for case in quiz_cases}
    return {
        "Title": quiz.title,
        "State": "Archived" if quiz.archived_at else "In use",
        "Items": contents_of(quiz_cases),
        "Order": "; ".join(case.body.title for case in quiz_cases) or "No cases",
        **{f"Case {slug}": words for slug, words in said.items()},
    }


def contents_of(quiz_cases: Sequence[QuizCase]) -> str:
    """Return "12 items in 5 cases"."""
    return f"{plural(count_items(quiz_cases), 'item')} in {plural(len(quiz_cases), 'case')}"


def _said(quiz_case: QuizCase) -> str:
    asked = ", ".join(_weighed(each) for each in quiz_case.items)
    current = quiz_case.case.current
    version = f"version {current.number}, " if current else ""
    return f"{quiz_case.body.title}: {version}{asked}"


def _weighed(question: QuizQuestion) -> str:
    own = question.points == question.own_points
    return question.row.key if own else f"{question.row.key} ({plural(question.points, 'point')})"


def present_sight(quiz_id: int) -> Sight:
    """Return how a quiz stands in the database.

    Raises:
        NotFound: there is no such quiz.
    """
    quiz = queries.quiz_by_id(quiz_id)
    places = queries.places_of(quiz.versions[-1].id)
    return sight_of(quiz, queries.quiz_cases(places))
