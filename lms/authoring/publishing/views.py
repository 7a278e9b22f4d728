"""The page on which a proposal is published, by somebody who says what it changes."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.publishing.forms import PublishForm
from lms.authoring.publishing.services import clearance, publish_cleared
from lms.authoring.reviews.contents import changed_since
from lms.cases.models import CaseVersion
from lms.cases.queries import shown, version_of
from lms.cases.revisions import differing, turning
from lms.cases.services import CaseChanged, locked_case
from lms.cases.signing import signature_of
from lms.cases.versions import newest_version
from lms.core.clock import utcnow
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.signin.access import allow, me

bp = Blueprint("publishing", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.route("/bank/<slug>/versions/<int:number>/publish", methods=["GET", "POST"])
@_staff
def publish(slug: str, number: int) -> ResponseReturnValue:
    """Show what a proposal changes, and publish it with the word of who does."""
    version = version_of(slug, number)
    check_may_read_keys(me(), version.case_id, utcnow())
    form = PublishForm.from_request()
    page = url_for("bank.case", slug=slug)
    asks = version.case.current_id is not None

    def act() -> None:
        case = locked_case(slug)
        newest = newest_version(case)
        check_sight(_sight_of(newest, case.current), page=page)
        if newest is None or newest.number != number:
            raise CaseChanged
        if asks and form.changes_right.data not in ("yes", "no"):
            raise Invalid("Say whether it changes what is right.", field="changes_right")
        word, items = form.word(asks), form.items.data or []
        publish_cleared(me(), version, word, items, now=utcnow())

    if carried_out(form, act):
        flash(f"Version {number} is published. New quizzes ask it from now on.", "good")
        return redirect(page)
    return _page(version_of(slug, number), form)


def _page(version: CaseVersion, form: PublishForm) -> ResponseReturnValue:
    case, body = version.case, shown(version)
    cleared = clearance(me(), version)
    newest = newest_version(case)
    differ = differing(case.current, body.questions) if case.current else ()
    turned = turning(case.current, body.questions) if case.current else ()
    page = render_template(
        "publishing/publish.html",
        case=case,
        version=version,
        body=body,
        form=form,
        cleared=cleared,
        proposed=newest is not None and newest.id == version.id and not newest.published,
        changed=changed_since(case.current, version),
        differ=differ,
        turned=turned,
        chosen=form.items.data if form.is_submitted() else differ,
        signature=signature_of(case.current) if case.current else None,
        as_shown=_sight_of(newest, case.current),
    )
    return page, form.status


def _sight_of(newest: CaseVersion | None, current: CaseVersion | None) -> Sight:
    """Return what is proposed of a case, and what that would replace."""
    proposed = newest if newest and not newest.published else None
    return {
        "Proposed": f"Version {proposed.number}" if proposed else "Nothing",
        "In use": f"Version {current.number}" if current else "Nothing yet",
    }
