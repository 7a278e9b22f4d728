"""The queue of cases that wait for a clinician, and the page on which one is read and signed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.reviews.contents import items_of
from lms.authoring.signing import queries, services
from lms.cases.knowledge import statements_of
from lms.cases.models import StoredCase
from lms.cases.queries import case_by_slug
from lms.cases.services import locked_case
from lms.cases.signing import signature_of
from lms.core.clock import utcnow
from lms.core.errors import NotFound
from lms.core.forms import BaseForm, carried_out
from lms.core.paging import page_in
from lms.core.sight import Sight, check_sight
from lms.core.web import page_asked
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.signin.access import allow, me, my_today

bp = Blueprint("signing", __name__)

_readers = allow(Role.FACULTY, Role.DIRECTOR, Role.MENTOR)


class SignForm(BaseForm):
    """That a clinician has read what is signed."""

    read = BooleanField("")


@bp.get("/sign")
@_readers
def queue() -> ResponseReturnValue:
    """List the cases that wait for a clinician of the program."""
    _check_reader()
    page = page_in(queries.waiting_cases(me(), my_today()), page_asked(), size=queries.PAGE)
    return render_template("signing/queue.html", page=page, blueprint=blueprint())


@bp.route("/bank/<slug>/sign", methods=["GET", "POST"])
@_readers
def case(slug: str) -> ResponseReturnValue:
    """Show a case on one page with reasons and sources, to be signed by a clinician."""
    _check_reader()
    found = case_by_slug(slug)
    check_may_read_keys(me(), found.case.id, utcnow())
    form = SignForm.from_request()

    def act() -> int:
        check_sight(_sight_of(locked_case(slug)), page=url_for("signing.case", slug=slug))
        return services.sign(me(), slug, read=form.read.data, now=utcnow()).number

    if done := carried_out(form, act):
        flash(f"You have signed version {done.result} of “{found.case.title}”.", "good")
        return _next(slug)
    version, body = found.version, found.shown
    waiting = queries.waiting_cases(me(), my_today())
    page = render_template(
        "signing/case.html",
        case=found.case,
        version=version,
        body=body,
        items=items_of(body, None),
        facts=statements_of(body.facts),
        blueprint=blueprint(),
        signature=signature_of(version),
        why_not=services.why_not_sign(me(), found.case.id),
        waiting=len(waiting),
        beside=queries.beside(waiting, slug),
        form=form,
        as_shown=_sight_of(found.case),
        today=my_today(),
    )
    return page, form.status


def _next(slug: str) -> ResponseReturnValue:
    """Lead to the case that comes next, or to the end of the queue."""
    later = [each.slug for each in queries.waiting_cases(me(), my_today()) if each.slug != slug]
    if later:
        return redirect(url_for("signing.case", slug=later[0]))
    return redirect(url_for("signing.queue"))


def _sight_of(case: StoredCase) -> Sight:
    return {"In use": f"Version {case.current.number}" if case.current else "Nothing"}


def _check_reader() -> None:
    """Let in who looks after the bank, and clinicians.

    Raises:
        NotFound: the person is neither.
    """
    if not (me().clinician or me().roles & {Role.FACULTY, Role.DIRECTOR}):
        raise NotFound
