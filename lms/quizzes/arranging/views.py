"""Changing by hand what a quiz asks."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.quizzes.arranging import services
from lms.quizzes.arranging.forms import CaseForm
from lms.quizzes.pages import bp, check_as_shown, staff
from lms.signin.access import me


@bp.post("/quizzes/<int:quiz_id>/cases")
@staff
def add_case(quiz_id: int) -> ResponseReturnValue:
    """Add a case's items."""
    form = CaseForm.from_request()
    if form.validate_on_submit():
        with transaction():
            services.add_case(me(), quiz_id, form.case_id.data, now=utcnow())
    else:
        flash("Choose a case to add.", "bad")
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor="quiz-items"))


@bp.post("/quizzes/<int:quiz_id>/cases/<int:case_id>/remove")
@staff
def remove_case(quiz_id: int, case_id: int) -> ResponseReturnValue:
    """Take a case out."""
    with transaction():
        check_as_shown(quiz_id)
        services.remove_case(me(), quiz_id, case_id, now=utcnow())
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor="quiz-items"))


@bp.post("/quizzes/<int:quiz_id>/cases/<int:case_id>/<any(up, down):way>")
@staff
def move_case(quiz_id: int, case_id: int, way: str) -> ResponseReturnValue:
    """Have a case asked earlier or later."""
    with transaction():
        check_as_shown(quiz_id)
        services.move_case(me(), quiz_id, case_id, up=way == "up", now=utcnow())
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor=f"case-{case_id}"))


@bp.post("/quizzes/<int:quiz_id>/items/<int:item_id>/remove")
@staff
def remove_item(quiz_id: int, item_id: int) -> ResponseReturnValue:
    """Take one item out."""
    with transaction():
        check_as_shown(quiz_id)
        services.remove_item(me(), quiz_id, item_id, now=utcnow())
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor="quiz-items"))
