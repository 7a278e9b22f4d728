"""What all pages about quizzes share, in whichever part of the room they stand."""

from flask import Blueprint, url_for

from lms.core.sight import check_sight
from lms.people.models import Role
from lms.quizzes.sights import present_sight
from lms.quizzes.versions import hold
from lms.signin.access import allow

bp = Blueprint("quizzes", __name__)

staff = allow(Role.FACULTY, Role.DIRECTOR)
"""Who sees and changes quizzes."""


def check_as_shown(quiz_id: int, *, archived: bool | None = None) -> None:
    """Check that a quiz is as shown, or *archived* or not as asked, and keep it so.

    Raises:
        NotFound: there is no such quiz.
        NotAsShown: it is not.
    """
    done = ["State"] if archived is (hold(quiz_id) is not None) else []
    check_sight(present_sight(quiz_id), page=url_for("quizzes.quiz", quiz_id=quiz_id), done=done)
