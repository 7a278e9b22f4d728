"""The page on which a director writes to mentors of a cohort; it is shown before it is sent."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.figures import plural
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.mentoring.directing.messaging import services
from lms.mentoring.directing.messaging.forms import MentorsForm
from lms.mentoring.directing.messaging.services import CohortMentor
from lms.notices.typed import lines_of
from lms.people.models import Role
from lms.program.mending import locked_cohort
from lms.program.models import Cohort
from lms.program.queries import cohort_by_id
from lms.signin.access import allow, me, my_today

bp = Blueprint("writing", __name__)

LOOK, SEND, EDIT = "look", "send", "edit"
"""What the buttons ask for."""


@bp.route("/cohorts/<int:cohort_id>/mentors/message", methods=["GET", "POST"])
@allow(Role.DIRECTOR)
def write(cohort_id: int) -> ResponseReturnValue:
    """Write to mentors, look at it, and send it."""
    cohort, do = cohort_by_id(cohort_id), request.form.get("do", "")[:10]
    form = MentorsForm.from_request()
    form.offer(_everybody(cohort_id), me().time_zone)
    if do == EDIT or not form.is_submitted():
        return _page("writing/write.html", cohort, form)
    if do != SEND:
        sound = form.validate_on_submit()
        return _page("writing/look.html" if sound else "writing/write.html", cohort, form)

    def send() -> int:
        locked_cohort(cohort_id)
        chosen = _chosen(cohort_id, form)
        check_sight(_sight(chosen, form), page=url_for(".write", cohort_id=cohort_id))
        return services.write_to_mentors(
            me(), cohort, chosen, text=form.text.data, token=form.token.data, now=utcnow()
        )

    if done := carried_out(form, send):
        sent = done.result
        flash(f"Sent to {plural(sent, 'mentor')}." if sent else "It was sent before.", "good")
        return redirect(url_for("mentoring.cohort", cohort_id=cohort_id))
    return _page("writing/write.html", cohort, form)


def _everybody(cohort_id: int) -> list[CohortMentor]:
    return services.mentors_of_cohort(cohort_id, my_today(), utcnow())


def _chosen(cohort_id: int, form: MentorsForm) -> list[CohortMentor]:
    return [each for each in _everybody(cohort_id) if each.mentor.id in set(form.mentors.data)]


def _sight(chosen: Sequence[CohortMentor], form: MentorsForm) -> Sight:
    """Return what is shown before it is sent: to whom it goes, and what it says."""
    to = ", ".join(each.mentor.name for each in chosen) or "Nobody"
    return {"To": to, "Message": form.text.data or ""}


def _page(template: str, cohort: Cohort, form: MentorsForm) -> ResponseReturnValue:
    chosen = _chosen(cohort.id, form) if form.mentors.data else []
    page = render_template(
        template,
        cohort=cohort,
        form=form,
        chosen=chosen,
        as_shown=_sight(chosen, form),
        subject=services.subject_of(me(), cohort),
        lines=lines_of(form.text.data or ""),
    )
    return page, form.status
