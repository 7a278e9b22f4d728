"""The list of quizzes, the page of one, and its preview."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.core.paging import page_in
from lms.core.web import page_asked
from lms.program.blueprint import blueprint
from lms.quizzes import queries
from lms.quizzes.arranging.forms import PointsForm, points_form
from lms.quizzes.assembling import services
from lms.quizzes.assembling.forms import BlueprintForm, NewQuizForm, QuizForm
from lms.quizzes.cohort_choice import cohorts_to_choose
from lms.quizzes.given import balance_of
from lms.quizzes.models import Assignment, Quiz
from lms.quizzes.pages import bp, check_as_shown, staff
from lms.quizzes.sights import sight_of
from lms.quizzes.terms import published
from lms.quizzes.wording import (
    count_items,
    count_points,
    say_balance,
    say_drawn,
    say_months,
    say_whom,
)
from lms.signin.access import me, my_today
from question_bank.assembly import Form
from question_bank.balance import Balance
from question_bank.terms import PublishedTerms


@bp.get("/quizzes")
@staff
def index() -> ResponseReturnValue:
    """List the quizzes in use, or the archived ones."""
    archived = "archived" in request.args
    page = queries.quizzes(page_asked(), archived=archived)
    return render_template("quizzes/index.html", page=page, archived=archived)


@bp.route("/quizzes/new", methods=["GET", "POST"])
@staff
def new() -> ResponseReturnValue:
    """Create a quiz."""
    form = NewQuizForm.from_request()

    def create() -> Quiz:
        title, formative = form.title.data, form.formative.data
        return services.create_quiz(me(), title=title, formative=formative, now=utcnow())

    if done := carried_out(form, create):
        return redirect(url_for("quizzes.quiz", quiz_id=done.result.id))
    return render_template("quizzes/new.html", form=form), form.status


@bp.get("/quizzes/<int:quiz_id>")
@staff
def quiz(quiz_id: int) -> ResponseReturnValue:
    """Show what is in a quiz, and the ways to change it."""
    return quiz_page(quiz_id)


def quiz_page(
    quiz_id: int,
    *,
    by_blueprint: BlueprintForm | None = None,
    weights: PointsForm | None = None,
    status: int = HTTPStatus.OK,
) -> ResponseReturnValue:
    """Return the page of a quiz, with a form as it was refused, if one was."""
    quiz = queries.quiz_by_id(quiz_id)
    places = queries.places_of(quiz.versions[-1].id)
    quiz_cases = queries.quiz_cases(places)
    by_blueprint = by_blueprint or BlueprintForm.from_request(
        formdata=None, data={"cohort_id": quiz.cohort_id, "items": count_items(quiz_cases) or 20}
    )
    by_blueprint.cohort_id.offer(cohorts_to_choose(my_today()))
    stands = balance_of(quiz, places, my_today())
    page = render_template(
        "quizzes/quiz.html",
        quiz=quiz,
        version=quiz.versions[-1],
        quiz_cases=quiz_cases,
        as_shown=sight_of(quiz, quiz_cases),
        today=my_today(),
        items=count_items(quiz_cases),
        points=count_points(quiz_cases),
        weights=weights or points_form(quiz_cases),
        stands=stands,
        repeats=_repeats(stands, quiz_cases),
        balance=say_balance(quiz_cases, quiz.track),
        by_blueprint=by_blueprint,
        titled=QuizForm.from_request(formdata=None, data={"title": quiz.title}),
        assignments=_assignments(quiz_id),
        names={approach.id: approach.name for approach in blueprint().approaches},
        blueprint=blueprint(),
    )
    return page, status


def _assignments(quiz_id: int) -> list[tuple[Assignment, PublishedTerms, str]]:
    """Return the assignments of a quiz, with what each says for all, and whom it concerns."""
    return [(each, published(each), say_whom(each)) for each in queries.assignments_of(quiz_id)]


def _repeats(
    stands: Balance | None, quiz_cases: list[queries.QuizCase]
) -> list[tuple[str, int, str]]:
    """Return title, items here, and last month of each case that the cohort has had."""
    titles = {quiz_case.case.id: quiz_case.body.title for quiz_case in quiz_cases}
    now, zone = utcnow(), me().time_zone
    return [
        (titles[each.case_id], each.items, say_months([each.last], zone=zone, now=now))
        for each in (stands.had if stands else ())
    ]


@bp.post("/quizzes/<int:quiz_id>/title")
@staff
def rename(quiz_id: int) -> ResponseReturnValue:
    """Give a quiz another title."""
    form = QuizForm.from_request()
    title = form.title.data
    if carried_out(form, lambda: services.rename_quiz(me(), quiz_id, title=title, now=utcnow())):
        flash(f"The quiz is now called “{title}”.", "good")
    else:
        flash(form.title.errors[0] if form.title.errors else "Nothing was changed.", "bad")
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id))


@bp.post("/quizzes/<int:quiz_id>/blueprint")
@staff
def fill(quiz_id: int) -> ResponseReturnValue:
    """Replace the items by a draw from the blueprint."""
    form = BlueprintForm.from_request()
    form.cohort_id.offer(cohorts_to_choose(my_today()))

    def draw() -> Form:
        check_as_shown(quiz_id)
        return services.fill_by_blueprint(
            me(), quiz_id, cohort_id=form.cohort_id.data, items=form.items.data, now=utcnow()
        )

    if done := carried_out(form, draw, shown=Invalid):
        quiz = queries.quiz_by_id(quiz_id)
        stands = balance_of(quiz, queries.places_of(quiz.versions[-1].id), my_today())
        flash(*say_drawn(done.result, stands))
        return redirect(url_for("quizzes.quiz", quiz_id=quiz_id))
    return quiz_page(quiz_id, by_blueprint=form, status=form.status)


@bp.post("/quizzes/<int:quiz_id>/copy")
@staff
def copy(quiz_id: int) -> ResponseReturnValue:
    """Make a new quiz that asks the same."""
    with transaction():
        done = services.copy_quiz(me(), quiz_id, now=utcnow())
        new_id, left_out = done.quiz.id, done.left_out
    flash("This is the copy. It is assigned to nobody, and a change here changes no other.", "good")
    if left_out:
        titles = ", ".join(f"“{title}”" for title in left_out)
        flash(f"Left out, because the bank does not ask it now: items of {titles}.", "warn")
    return redirect(url_for("quizzes.quiz", quiz_id=new_id))


@bp.post("/quizzes/<int:quiz_id>/archive")
@staff
def archive(quiz_id: int) -> ResponseReturnValue:
    """Take a quiz from the list."""
    with transaction():
        check_as_shown(quiz_id, archived=True)
        services.archive_quiz(me(), quiz_id, now=utcnow())
    flash("The quiz is archived. What was assigned goes on.", "good")
    return redirect(url_for("quizzes.index"))


@bp.post("/quizzes/<int:quiz_id>/restore")
@staff
def restore(quiz_id: int) -> ResponseReturnValue:
    """Put an archived quiz back in the list."""
    with transaction():
        check_as_shown(quiz_id, archived=False)
        services.restore_quiz(me(), quiz_id, now=utcnow())
    flash("The quiz is in use again.", "good")
    return redirect(url_for("quizzes.quiz", quiz_id=quiz_id))


@bp.get("/quizzes/<int:quiz_id>/preview")
@staff
def preview(quiz_id: int) -> ResponseReturnValue:
    """Show a quiz as a fellow will see it: no key, no reason."""
    quiz = queries.quiz_by_id(quiz_id)
    quiz_cases = queries.quiz_cases(queries.places_of(quiz.versions[-1].id))
    page = page_in(quiz_cases, request.args.get("case", 1, type=int), size=1)
    return render_template("quizzes/preview.html", quiz=quiz, page=page)
