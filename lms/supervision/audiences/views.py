"""The page that shows whom an assignment concerns, and gives it to more."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.forms import carried_out
from lms.people.models import Role
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
    if form.is_submitted():
        form.offer(my_today())

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
    cohorts = [each.cohort_id for each in given.audiences if each.cohort_id is not None]
    fellows = [each.fellow_id for each in given.audiences if each.fellow_id is not None]
    form.offer(my_today(), cohorts=cohorts, fellows=fellows)
    page = render_template(
        "audiences/audience.html",
        given=given,
        whom=say_whom(given),
        fellows=takers(assignment_id, now, told_to=me().id),
        form=form,
    )
    return page, form.status
