"""Changing by hand what a quiz asks."""

from urllib.parse import parse_qsl, urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.forms import pressed
from lms.quizzes import queries
from lms.quizzes.arranging import services
from lms.quizzes.arranging.forms import CaseForm, ItemForm, points_sent
from lms.quizzes.assembling.views import quiz_page
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
    return redirect(_back(quiz_id, form.case_id.data))


@bp.post("/quizzes/<int:quiz_id>/items")
@staff
def add_item(quiz_id: int) -> ResponseReturnValue:
    """Add one item of a case."""
    form = ItemForm.from_request()
    case_id = None
    if form.validate_on_submit():
        with transaction():
            case_id = services.add_item(me(), quiz_id, form.item_id.data, now=utcnow())
    else:
        flash("Choose an item to add.", "bad")
    return redirect(_back(quiz_id, case_id))


def _back(quiz_id: int, case_id: int | None) -> str:
    """Return where it was asked from: the quiz, or the search for cases, at the case added."""
    search = url_for("adding.find", quiz_id=quiz_id)
    path, _, asked = request.args.get("found", "").partition("?")
    if path != search:
        return url_for("quizzes.quiz", quiz_id=quiz_id, _anchor="quiz-items")
    return f"{search}?{urlencode(parse_qsl(asked))}#case-{case_id}"


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


@bp.post("/quizzes/<int:quiz_id>/items/<int:item_id>/<any(up, down):way>")
@staff
def move_item(quiz_id: int, item_id: int, way: str) -> ResponseReturnValue:
    """Have an item asked earlier or later among those of its case."""
    with transaction():
        check_as_shown(quiz_id)
        services.move_item(me(), quiz_id, item_id, up=way == "up", now=utcnow())
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor=f"item-{item_id}"))


@bp.post("/quizzes/<int:quiz_id>/points")
@staff
def weigh(quiz_id: int) -> ResponseReturnValue:
    """Set how much the items weigh."""
    quiz = queries.quiz_by_id(quiz_id)
    form = points_sent(queries.quiz_cases(queries.places_of(quiz.versions[-1].id)))
    if not form.validate_on_submit():
        return quiz_page(quiz_id, weights=form, status=form.status)

    def weigh_what_was_shown() -> None:
        check_as_shown(quiz_id)
        services.weigh(me(), quiz_id, form.points, now=utcnow())

    if pressed(weigh_what_was_shown):
        flash("The points are saved.", "good")
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id, _anchor="quiz-items"))
