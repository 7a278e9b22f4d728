"""The versions of a case, what differs between two of them, its owner, and its end."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.history.forms import OwnerForm, WhyForm
from lms.authoring.history.handing_over import hand_over, may_look_after, owner_of
from lms.authoring.reviews.contents import changed_since
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import version_of, versions_of
from lms.cases.revisions import bring_back, retire_case
from lms.cases.services import locked_case
from lms.cases.signing import signatures_of
from lms.core.clock import utcnow
from lms.core.errors import NotFound
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.people.models import Role, User
from lms.signin.access import allow, me

bp = Blueprint("history", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/bank/<slug>/versions")
@_staff
def versions(slug: str) -> ResponseReturnValue:
    """List the versions of a case, and say what two of them say otherwise."""
    current = version_of(slug, None)
    check_may_read_keys(me(), current.case_id, utcnow())
    found = versions_of(current.case_id)
    before, after = _two(found)
    return render_template(
        "history/versions.html",
        case=current.case,
        title=current.case.title,
        versions=found,
        signatures=signatures_of(found),
        before=before,
        after=after,
        changed=changed_since(*(version_of(slug, each) for each in (before, after)))
        if before != after
        else None,
    )


def _two(found: list[CaseVersion]) -> tuple[int, int]:
    """Return the numbers of the two versions that are compared: as asked, else the last two."""
    numbers = [each.number for each in found]
    after = request.args.get("after", numbers[0], type=int)
    before = request.args.get("before", max(after - 1, numbers[-1]), type=int)
    if not {before, after} <= set(numbers):
        raise NotFound
    return before, after


@bp.route("/bank/<slug>/retire", methods=["GET", "POST"])
@_staff
def retire(slug: str) -> ResponseReturnValue:
    """Take a case out of the bank, or bring it back, with a reason."""
    case = version_of(slug, None).case
    form = WhyForm.from_request()
    page = url_for("bank.case", slug=slug)

    def act() -> str:
        now = locked_case(slug)
        check_sight(_sight_of(now), page=page)
        do, word = (bring_back, "brought back") if now.retired_at else (retire_case, "retired")
        do(me(), slug, form.why.data or "", now=utcnow())
        return word

    if done := carried_out(form, act):
        flash(f"“{case.title}” is {done.result}.", "good")
        return redirect(page)
    page_ = render_template("history/retire.html", case=case, form=form, as_shown=_sight_of(case))
    return page_, form.status


def _sight_of(case: StoredCase) -> Sight:
    return {"Case": "Retired" if case.retired_at else "In the bank"}


@bp.route("/bank/<slug>/owner", methods=["GET", "POST"])
@_staff
def owner(slug: str) -> ResponseReturnValue:
    """Ask who is to look after a case."""
    case = version_of(slug, None).case
    stands = owner_of(case)
    form = OwnerForm.from_request(data={"owner": stands.id if stands else me().id})
    form.owner.offer(may_look_after())
    page = url_for("bank.case", slug=slug)

    def act() -> StoredCase:
        now = owner_of(locked_case(slug))
        asked = now is not None and now.id == form.owner.data
        check_sight(_owner_shown(now), page=page, done=_owner_shown(now) if asked else ())
        return hand_over(me(), slug, form.owner.data or 0, now=utcnow())

    if carried_out(form, act):
        flash("That person looks after the case now, and is told.", "good")
        return redirect(page)
    shown = render_template(
        "history/owner.html", case=case, owner=stands, form=form, as_shown=_owner_shown(stands)
    )
    return shown, form.status


def _owner_shown(owner: User | None) -> Sight:
    return {"Looked after by": owner.name if owner else "Nobody"}
