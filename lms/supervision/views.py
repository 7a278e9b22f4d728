"""One assignment's page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.terms import published
from lms.signin.access import allow, me
from lms.supervision import services

bp = Blueprint("supervision", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/assignments/<int:assignment_id>")
@_staff
def assignment(assignment_id: int) -> ResponseReturnValue:
    """Show to whom a quiz was given, and under which rules."""
    given = queries.assignment_by_id(assignment_id)
    return render_template("supervision/assignment.html", given=given, published=published(given))


@bp.post("/assignments/<int:assignment_id>/withdraw")
@_staff
def withdraw(assignment_id: int) -> ResponseReturnValue:
    """Take an assignment back."""
    with transaction():
        services.withdraw(me(), assignment_id, now=utcnow())
    flash("The assignment is withdrawn. Whoever has begun can go on.", "good")
    return redirect(url_for("supervision.assignment", assignment_id=assignment_id))
