"""A mentor's mails, and stopping them."""

from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts.access import allow, allow_anyone, me, someone
from lms.accounts.models import Role
from lms.core.clock import local, utcnow
from lms.core.db import transaction
from lms.core.errors import NotFound
from lms.core.mail.stopping import is_stopped, read_token
from lms.core.web import csrf
from lms.mentoring import queries, services
from lms.mentoring.queries import KIND
from lms.mentoring.said import from_json
from lms.program.queries import looked_after_by

bp = Blueprint("mentoring", __name__)

LAST_PAGE = 10_000
"""Nobody has more mails; databases have no greater offsets without end."""


@bp.get("/digests")
@allow(Role.MENTOR)
def digests() -> ResponseReturnValue:
    """List the mentor's own past mails."""
    page = min(max(request.args.get("page", 1, type=int), 1), LAST_PAGE)
    found, more = queries.past_digests(me().id, page)
    return render_template(
        "mentoring/digests.html",
        digests=[(digest, from_json(digest.said)) for digest in found],
        page=page,
        more=more,
        stopped=is_stopped(me().id, KIND),
    )


@bp.get("/digests/<int:digest_id>")
@allow(Role.MENTOR)
def digest(digest_id: int) -> ResponseReturnValue:
    """Show what one mail said of the fellows whom the mentor still has."""
    found = queries.own_digest(me().id, digest_id)
    said = from_json(found.said)
    own = looked_after_by(me().id, local(utcnow(), me().time_zone).date())
    shown = replace(said, fellows=tuple(one for one in said.fellows if one.fellow_id in own))
    gone = len(said.fellows) - len(shown.fellows)
    return render_template("mentoring/digest.html", digest=found, said=shown, gone=gone)


@bp.post("/digests/mails")
@allow(Role.MENTOR)
def set_mails() -> ResponseReturnValue:
    """Stop the weekly mails, or have them sent again."""
    wanted = request.form.get("wanted") == "yes"
    with transaction():
        services.want_digests(me().id, wanted, now=utcnow())
    flash("The weekly mail will come on Mondays." if wanted else "The weekly mail is stopped.")
    return redirect(url_for(".digests"))


@bp.get("/unsubscribe/<token>")
@allow_anyone
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button that stops the mails; opening the page changes nothing."""
    user_id = _holder_of(token)
    return _stop_page(user_id, stopped=is_stopped(user_id, KIND))


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@allow_anyone
def stop(token: str) -> ResponseReturnValue:
    """Stop the mails: from the button, or from a mail program with one click (RFC 8058)."""
    user_id = _holder_of(token)
    with transaction():
        services.want_digests(user_id, False, now=utcnow())
    return _stop_page(user_id, stopped=True)


def _holder_of(token: str) -> int:
    user_id, kind = read_token(token)
    if kind != KIND:
        raise NotFound
    return user_id


def _stop_page(user_id: int, *, stopped: bool) -> ResponseReturnValue:
    user = someone()
    own = user is not None and user.id == user_id and Role.MENTOR in user.roles
    return render_template("mentoring/unsubscribe.html", stopped=stopped, own=own)
