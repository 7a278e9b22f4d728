"""The page on which a director writes to those who have not begun."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.figures import plural
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.quizzes import queries
from lms.quizzes.assigning.services import hold
from lms.signin.access import allow, me
from lms.supervision.messaging import services
from lms.supervision.messaging.forms import UnbegunForm

bp = Blueprint("messaging", __name__)


@bp.route("/assignments/<int:assignment_id>/message", methods=["GET", "POST"])
@allow(Role.DIRECTOR)
def write(assignment_id: int) -> ResponseReturnValue:
    """Show who has not begun, and write to them."""
    queries.check_given(assignment_id)
    form = UnbegunForm.from_request()

    def send() -> int:
        hold(assignment_id)
        check_sight(_sight(assignment_id), page=url_for(".write", assignment_id=assignment_id))
        given = queries.assignment_by_id(assignment_id)
        return services.write_to_unbegun(
            me(), given, text=form.text.data, token=form.token.data, now=utcnow()
        )

    if done := carried_out(form, send):
        sent = done.result
        flash(f"Sent to {plural(sent, 'fellow')}." if sent else "It was sent before.", "good")
        return redirect(url_for("supervision.assignment", assignment_id=assignment_id))
    people = services.unbegun(assignment_id, utcnow())
    page = render_template(
        "messaging/write.html",
        given=queries.assignment_by_id(assignment_id),
        form=form,
        names=[each.name for each in people],
        as_shown=_sight(assignment_id),
    )
    return page, form.status


def _sight(assignment_id: int) -> Sight:
    people = services.unbegun(assignment_id, utcnow())
    return {"Not begun": ", ".join(each.name for each in people) or "Nobody"}
