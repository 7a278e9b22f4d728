"""The search for cases and items to add to a quiz."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.bank.adding.forms import FindForm
from lms.bank.adding.queries import cases_to_add
from lms.core.clock import utcnow
from lms.core.web import page_asked
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.quizzes.queries import quiz_by_id
from lms.quizzes.versions import Archived
from lms.signin.access import allow, me, my_today

bp = Blueprint("adding", __name__)


@bp.get("/quizzes/<int:quiz_id>/add")
@allow(Role.FACULTY, Role.DIRECTOR)
def find(quiz_id: int) -> ResponseReturnValue:
    """List what a quiz may be given; each case unfolds to what it asks."""
    quiz = quiz_by_id(quiz_id)
    if quiz.archived_at is not None:
        raise Archived
    form = FindForm.from_request(formdata=request.args)
    form.offer()
    offer = cases_to_add(quiz, form.wanted(), page_asked(), reader=me(), now=utcnow())
    kept = {"words": form.words.data or "", "approach": form.approach.data or ""}
    return render_template(
        "adding/find.html",
        quiz=quiz,
        form=form,
        offer=offer,
        kept=kept,
        blueprint=blueprint(),
        today=my_today(),
    )
