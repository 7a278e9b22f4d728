"""Stopping mails from a mail, without signing in, or choosing which come; reading news."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.forms import carried_out
from lms.core.web import csrf
from lms.notices import services
from lms.notices.forms import OwnMailsForm
from lms.notices.kinds import StoppableKind, stoppable_kind
from lms.notices.news import kinds_of_news
from lms.notices.queries import is_stopped
from lms.notices.stop_links import read_token
from lms.people.models import Role
from lms.signin.access import allow, allow_anyone, allow_signed_in, me, someone

bp = Blueprint("notices", __name__)


@bp.get("/unsubscribe/<token>")
@allow_anyone
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show the button that stops the mails; opening the page changes nothing."""
    user_id, mail = _meant_by(token)
    return _stop_page(user_id, mail, stopped=is_stopped(user_id, mail.kind))


@bp.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator]
@allow_anyone
def stop(token: str) -> ResponseReturnValue:
    """Stop the mails: from the button, or from a mail program with one click (RFC 8058)."""
    user_id, mail = _meant_by(token)
    with transaction():
        services.set_wanted(user_id, mail.kind, False, now=utcnow())
    return _stop_page(user_id, mail, stopped=True)


@bp.get("/news/<int:notice_id>")
@allow_signed_in
def read(notice_id: int) -> ResponseReturnValue:
    """Go to what the person was told of, which is noted to be seen."""
    with transaction():
        path = services.open_notice(me().id, notice_id, now=utcnow())
    return redirect(path)


@bp.post("/news/seen")
@allow(Role.FELLOW)
def see_all() -> ResponseReturnValue:
    """Note that a fellow has seen all news."""
    with transaction():
        services.mark_all_seen(me().id, kinds_of_news(Role.FELLOW), now=utcnow())
    return redirect(url_for("home.fellow"))


@bp.post("/settings/mails")
@allow_signed_in
def choose() -> ResponseReturnValue:
    """Choose which mails come to oneself."""
    form = OwnMailsForm.from_request()
    form.offer(me())
    if carried_out(form, lambda: services.choose_mails(me(), form.wanted.data, now=utcnow())):
        flash("Your mails are saved.", "good")
    else:
        flash("Choose among the mails that come to you. Nothing was changed.", "bad")
    return redirect(url_for("accounts.settings", _anchor="mails-card"))


def _meant_by(token: str) -> tuple[int, StoppableKind]:
    user_id, kind = read_token(token)
    return user_id, stoppable_kind(kind)


def _stop_page(user_id: int, mail: StoppableKind, *, stopped: bool) -> ResponseReturnValue:
    user = someone()
    own = user is not None and user.id == user_id and not mail.roles.isdisjoint(user.roles)
    return render_template("notices/unsubscribe.html", mail=mail, stopped=stopped, own=own)
