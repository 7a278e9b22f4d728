"""The page that shows whom an assignment concerns, and gives it to more."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.forms import carried_out
from lms.people.models import Role
from lms.people.queries import people_with
from lms.program import queries as program
from lms.quizzes import queries
from lms.quizzes.assigning.overlaps import overlaps, say_overlap
from lms.quizzes.assigning.widening import add_audience
from lms.quizzes.wording import say_whom
from lms.signin.access import allow, me, my_today
from lms.supervision.audiences.forms import AudienceForm
from lms.supervision.takers import takers

bp = Blueprint("audiences", __name__)


@bp.route("/assignments/<int:assignment_id>/audience", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def audience(assignment_id: int) -> ResponseReturnValue:
    """Show whom an assignment concerns, and give it to a cohort or a fellow too."""
    now = utcnow()
    form = AudienceForm.from_request()
    form.offer(program.current_cohorts(my_today()), people_with(Role.FELLOW))

    def act() -> bool:
        return add_audience(me(), assignment_id, **form.audience, now=now)

    if done := carried_out(form, act):
        said = "It is given to more fellows; they are told." if done.result else "It was given so."
        flash(said, "good")
        given = queries.assignment_by_id(assignment_id)
        for overlap in overlaps(given, reader=me(), now=now) if done.result else []:
            flash(say_overlap(overlap, me().time_zone), "warn")
        return redirect(url_for("audiences.audience", assignment_id=assignment_id))
    given = queries.assignment_by_id(assignment_id)
    had = {(each.cohort_id, each.fellow_id) for each in given.audiences}
    form.offer(
        [each for each in program.current_cohorts(my_today()) if (each.id, None) not in had],
        [each for each in people_with(Role.FELLOW) if (None, each.id) not in had],
    )
    fellows = takers(assignment_id, now, told_to=me().id)
    page = render_template(
        "audiences/audience.html",
        given=given,
        whom=say_whom(given),
        fellows=fellows,
        form=form,
    )
    return page, form.status
