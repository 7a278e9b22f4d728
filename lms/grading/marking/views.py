"""Marking by those who teach: a list, and one answer at a time, without a name."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_may_read_keys
from lms.core.clock import utcnow
from lms.core.forms import carried_out
from lms.core.web import page_asked
from lms.grading.marking import queries, services
from lms.grading.marking.forms import mark_form
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("marking", __name__)


@bp.get("/marking")
@allow(Role.FACULTY, Role.DIRECTOR)
def index() -> ResponseReturnValue:
    """List the answers that wait for a person."""
    return render_template("marking/index.html", page=queries.waiting(me().id, page_asked()))


@bp.route("/marking/<alias:response_id>", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def answer(response_id: int) -> ResponseReturnValue:
    """Show one answer with its rubric; a POST marks it and goes on to the next."""
    waiting = queries.answer_to_mark(me().id, response_id)
    check_may_read_keys(me(), waiting.response.item.case_id, utcnow())
    form = mark_form(waiting)

    def mark() -> None:
        services.mark_response(
            me(),
            response_id,
            list(form.levels.values()),
            note=form.note.data or "",
            seen=form.seen.data,
            now=utcnow(),
        )

    if carried_out(form, mark):
        flash("The answer is marked, and the score follows.", "good")
        return _onward()
    if form.overtaken:
        waiting = queries.answer_to_mark(me().id, response_id)
        form.seen.data = waiting.newest_id
    page = render_template(
        "marking/answer.html",
        answer=waiting,
        form=form,
        waiting=queries.count_waiting(me().id),
        longest_note=services.LONGEST_NOTE,
    )
    return page, form.status


def _onward() -> ResponseReturnValue:
    for following in queries.waiting(me().id, 1, size=1).items:
        return redirect(url_for("marking.answer", response_id=following.response_id))
    return redirect(url_for("marking.index"))
