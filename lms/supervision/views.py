"""One assignment's page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.sight import check_sight
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.assigning.services import hold
from lms.signin.access import allow, me
from lms.supervision import services
from lms.supervision.sights import rules_of, sight_of

bp = Blueprint("supervision", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/assignments/<int:assignment_id>")
@_staff
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show to whom a quiz was given, and under which rules."""
    given = queries.assignment_by_id(assignment_id)
    zone = me().time_zone
    return render_template(
        "supervision/assignment.html",
        given=given,
        rules=rules_of(given, zone),
        as_shown=sight_of(given, zone),
    )


@bp.post("/assignments/<int:assignment_id>/withdraw")
@_staff
def withdraw(assignment_id: int) -> ResponseReturnValue:
    """Take an assignment back, if it is as its page showed it; the second time nothing happens."""
    page = url_for("supervision.assignment", assignment_id=assignment_id)
    with transaction():
        hold(assignment_id)
        given = queries.assignment_by_id(assignment_id)
        if given.withdrawn_at is None:
            check_sight(sight_of(given, me().time_zone), page=page)
            services.withdraw(me(), assignment_id, now=utcnow())
    flash("The assignment is withdrawn. Whoever has begun can go on.", "good")
    return redirect(page)
