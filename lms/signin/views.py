"""Signing in and out, forgotten passwords, and links from mails: open to anyone."""

from datetime import datetime
from http import HTTPStatus

import structlog
from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid
from lms.core.forms import carried_out
from lms.core.networks import network
from lms.people.models import User
from lms.signin import limits, queries, services, sessions, setting_passwords, throttle
from lms.signin.access import allow_anyone, allow_signed_in, enter, leave, me, someone
from lms.signin.forms import ForgotForm, NewPasswordForm, SignInForm
from lms.signin.models import LinkPurpose
from lms.signin.redirects import safe_next

bp = Blueprint("signin", __name__)
log = structlog.get_logger()


@bp.route("/sign-in", methods=["GET", "POST"])
@allow_anyone
def sign_in() -> ResponseReturnValue:
    """Ask who is there, and let them in."""
    onward = safe_next(request.args.get("next")) or url_for("home.index")
    if request.method == "GET" and someone() is not None:
        return redirect(onward)
    form = SignInForm.from_request()
    if form.validate_on_submit():
        try:
            if _check_and_enter(form, now=utcnow()):
                return redirect(onward)
        except services.WrongPassword as refusal:
            form.refuse(refusal)
    return render_template("signin/sign_in.html", form=form), form.status, form.headers


def _check_and_enter(form: SignInForm, *, now: datetime) -> bool:
    """Let in who has the right password; False: it was not looked at, since it came too soon."""
    email, password = form.email.data, form.password.data
    tried = limits.password_try(form, email, now=now)
    if tried is None:
        log.warning("sign_in_slowed", network=network())
        return False
    try:
        user = services.check_password(email, password)
    except services.WrongPassword:
        with transaction():
            whose = services.note_refusal(email, network=network(), now=now)
        log.warning("sign_in_refused", account=whose, network=network())
        raise
    with transaction():
        secret = services.sign_in(user, password, browser=browser(), now=now)
        end_present_session(now)  # after the person, as everybody else locks them
        throttle.give_back(tried, now=now)
        limits.make_known(user.id, now=now)
    enter(user, secret)
    return True


def end_present_session(now: datetime) -> None:
    """End the session that this browser has, if it has one."""
    user = someone()
    if user is not None and user.session is not None:
        sessions.end(user.session.id, now=now)


def browser() -> str:
    """Return what the browser calls itself."""
    return request.user_agent.string


@bp.post("/sign-out")
@allow_anyone
def sign_out() -> ResponseReturnValue:
    """End the session, and have the browser forget what the pages kept on the device."""
    user = someone()
    if user is not None and user.session is not None:
        with transaction():
            services.sign_out(user, user.session.id, now=utcnow())
    return _signed_out("You are signed out.")


@bp.post("/sign-out/everywhere")
@allow_signed_in
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of who asks, in this browser and in all others."""
    with transaction():
        services.sign_out_everywhere(me(), now=utcnow())
    return _signed_out("You are signed out everywhere.")


def _signed_out(sentence: str) -> Response:
    leave()
    flash(sentence, "info")
    page = current_app.make_response(redirect(url_for("signin.sign_in")))
    page.headers["Clear-Site-Data"] = '"storage"'
    return page


@bp.route("/forgot", methods=["GET", "POST"])
@allow_anyone
def forgot() -> ResponseReturnValue:
    """Have a reset link mailed. Nothing here looks whether there is such an account."""
    form, now = ForgotForm.from_request(), utcnow()

    def ask() -> None:
        limits.count_mail(form.email.data, now=now)
        setting_passwords.ask_for_reset(form.email.data, network=network(), now=now)

    if carried_out(form, ask):
        return render_template("signin/forgot_sent.html", email=form.email.data)
    return render_template("signin/forgot.html", form=form), form.status, form.headers


@bp.route("/links/<secret>", methods=["GET", "POST"])
@allow_anyone
def use_link(secret: str) -> ResponseReturnValue:
    """Ask for a new password, and let the owner of the link in. A GET changes nothing."""
    now = utcnow()
    link = queries.open_link(secret, now=now)
    if link is None:
        return render_template("signin/link_spent.html"), HTTPStatus.GONE
    form = NewPasswordForm.from_request()
    form.about = (link.user.email, link.user.name)

    def accept() -> tuple[User, str]:
        user = setting_passwords.accept_link(secret, form.password.data, now=now)
        end_present_session(now)
        limits.make_known(user.id, now=now)
        return user, sessions.start(user, browser=browser(), now=now)

    if done := carried_out(form, accept, shown=Invalid):
        enter(*done.result)
        flash("Your password is set, and you are signed in.", "good")
        return redirect(url_for("home.index"))
    invited = link.purpose is LinkPurpose.INVITATION
    page = render_template("signin/link.html", form=form, person=link.user, invited=invited)
    return page, form.status
