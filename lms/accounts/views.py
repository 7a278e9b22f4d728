"""One's own settings; people, for directors."""

from collections.abc import Callable, Collection
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.accounts import services
from lms.accounts.forms import (
    ChangePasswordForm,
    InviteForm,
    PeopleFilter,
    PersonForm,
    ProfessionForm,
    RolesForm,
    SettingsForm,
)
from lms.accounts.sights import (
    done_of_profession,
    done_when_mended,
    done_with_account,
    done_with_roles,
    sight_of,
)
from lms.config import Settings
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.forms import BaseForm, carried_out, pressed
from lms.core.sight import check_sight
from lms.core.web import page_asked
from lms.notices.forms import OwnMailsForm
from lms.people import queries as people_queries
from lms.people.locking import locked_with_directors
from lms.people.models import Discipline, Role, User
from lms.people.rules import warning_of
from lms.signin import inviting, limits, queries, sessions, setting_passwords, throttle
from lms.signin import services as signin
from lms.signin.access import allow, allow_signed_in, enter, me, my_today
from lms.signin.throttle import Try
from lms.signin.views import browser, end_present_session
from lms.supervision.accommodating.queries import allowed_on
from lms.supervision.accommodating.wording import say_own
from lms.supervision.calendar.forms import CalendarForm

bp = Blueprint("accounts", __name__)

_directors = allow(Role.DIRECTOR)


@bp.route("/settings", methods=["GET", "POST"])
@allow_signed_in
def settings() -> ResponseReturnValue:
    """Show and change what is one's own."""
    form = SettingsForm.from_request(obj=me())

    def change() -> None:
        services.change_settings(
            me(),
            name=form.name.data,
            time_zone=form.time_zone.data,
            theme=form.theme.data,
            now=utcnow(),
        )

    if carried_out(form, change):
        flash("Your settings are saved.", "good")
        return redirect(url_for("accounts.settings"))
    return _settings_page(form, ChangePasswordForm(formdata=None), form.status)


@bp.post("/settings/password")
@allow_signed_in
def change_password() -> ResponseReturnValue:
    """Change one's own password; other browsers are signed out."""
    form, now = ChangePasswordForm.from_request(), utcnow()
    form.about = (me().email, me().name)

    def change(tried: Try) -> None:
        current, password = form.current.data, form.password.data
        setting_passwords.change_password(me(), current, password, but=_session_id(), now=now)
        throttle.give_back(tried, now=now)
        limits.make_known(me().id, now=now)

    tried = limits.password_try(form, me().email, now=now) if form.validate_on_submit() else None
    if tried is not None and carried_out(form, lambda: change(tried)):
        flash("Your password is changed. Other browsers are signed out.", "good")
        return redirect(url_for("accounts.settings"))
    return _settings_page(SettingsForm(formdata=None, obj=me()), form, form.status)


@bp.post("/settings/sessions/<int:session_id>/end")
@allow_signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out of another browser."""
    with transaction():
        signin.sign_out(me(), session_id, now=utcnow())
    flash("That browser is signed out.", "good")
    return redirect(url_for("accounts.settings"))


def _session_id() -> int:
    present = me().session
    return present.id if present is not None else -1


def _settings_page(
    form: SettingsForm, password: ChangePasswordForm, status: int
) -> ResponseReturnValue:
    open_sessions = queries.open_sessions(me().id, now=utcnow())
    page = render_template(
        "accounts/settings.html",
        form=form,
        password=password,
        mails=OwnMailsForm.of(me()),
        allowed=say_own(allowed_on(me().id, my_today()), my_today()),
        calendar=CalendarForm.of(me()) if Role.FELLOW in me().roles else None,
        sessions=[(one, sessions.describe(one.browser)) for one in open_sessions],
        present=_session_id(),
    )
    return page, status, password.headers


@bp.get("/people")
@_directors
def people() -> ResponseReturnValue:
    """List people, a page at a time."""
    form = PeopleFilter(formdata=request.args)
    criteria = form.criteria()
    return render_template(
        "accounts/people.html",
        form=form,
        page=people_queries.people(page_asked(), **criteria),
        kept={name: value for name, value in form.data.items() if value},
        filtered=any(criteria.values()),
        state_of=people_queries.state_of,
    )


@bp.route("/people/invite", methods=["GET", "POST"])
@_directors
def invite() -> ResponseReturnValue:
    """Invite a person."""
    own: Settings = current_app.extensions["settings"]
    form = InviteForm.from_request(data={"time_zone": own.time_zone})

    def add() -> User:
        return inviting.invite_user(
            me(),
            email=form.email.data,
            name=form.name.data,
            roles=[Role(role) for role in form.roles.data],
            time_zone=form.time_zone.data,
            now=utcnow(),
        )

    if done := carried_out(form, add):
        flash(f"An invitation is on its way to {done.result.email}.", "good")
        _warn(done.result)
        return redirect(url_for("accounts.people"))
    return render_template("accounts/invite.html", form=form), form.status


def _warn(user: User) -> None:
    if warning := warning_of(user.name, user.roles):
        flash(warning, "warn")


@bp.get("/people/<int:user_id>")
@_directors
def person(user_id: int) -> ResponseReturnValue:
    """Show a person, and what a director may change."""
    return _person_page(user_id)


@bp.post("/people/<int:user_id>")
@_directors
def mend_person(user_id: int) -> ResponseReturnValue:
    """Give a person another name or address."""
    form = PersonForm.from_request(prefix="person-")

    def mend() -> User:
        name, email = form.name.data, form.email.data
        _check_as_shown(user_id, lambda person: done_when_mended(person, name, email))
        return services.mend_person(me(), user_id, name=name, email=email, now=utcnow())

    if done := carried_out(form, mend):
        flash(f"Name and address of {done.result.name} are saved.", "good")
        return redirect(url_for("accounts.person", user_id=user_id))
    return _person_page(user_id, mended=form)


@bp.post("/people/<int:user_id>/roles")
@_directors
def change_roles(user_id: int) -> ResponseReturnValue:
    """Give a person other roles; who is signed in elsewhere has to sign in again."""
    form, now = RolesForm.from_request(), utcnow()

    def change() -> tuple[User, str | None]:
        roles = [Role(role) for role in form.roles.data]
        _check_as_shown(user_id, lambda person: done_with_roles(person, roles))
        user = services.change_roles(me(), user_id, roles, now=now)
        return user, _renewed(user, now)

    if done := carried_out(form, change):
        user, cookie = done.result
        if cookie:
            enter(user, cookie)
        flash(f"The roles of {user.name} are saved.", "good")
        _warn(user)
        stays = cookie is None or Role.DIRECTOR in user.roles
        return redirect(url_for("accounts.person", user_id=user_id) if stays else "/")
    return _person_page(user_id, roles=form)


@bp.post("/people/<int:user_id>/profession")
@_directors
def change_profession(user_id: int) -> ResponseReturnValue:
    """Say what a person was trained in, and whether the person treats patients."""
    form = ProfessionForm.from_request()

    def change() -> User:
        discipline = Discipline(form.discipline.data) if form.discipline.data else None
        clinician = form.clinician.data
        _check_as_shown(user_id, lambda person: done_of_profession(person, discipline, clinician))
        return services.change_profession(
            me(), user_id, discipline=discipline, clinician=clinician, now=utcnow()
        )

    if done := carried_out(form, change):
        flash(f"The discipline of {done.result.name} is saved.", "good")
        return redirect(url_for("accounts.person", user_id=user_id))
    return _person_page(user_id, profession=form)


def _check_as_shown(user_id: int, done: Callable[[User], Collection[str]]) -> None:
    """Check that a person is as the page showed the person, and keep it so until the commit.

    What is *done* already, as the form asks, may be otherwise.
    """
    person, _directors_now = locked_with_directors(user_id)
    page = url_for("accounts.person", user_id=user_id)
    check_sight(sight_of(person), page=page, done=done(person))


def _renewed(user: User, now: datetime) -> str | None:
    """Return the secret of a new session if *user* is the one who acts."""
    if user.id != me().id:
        return None
    end_present_session(now)
    return sessions.start(user, browser=browser(), now=now)


def _person_page(
    user_id: int,
    *,
    roles: RolesForm | None = None,
    profession: ProfessionForm | None = None,
    mended: PersonForm | None = None,
) -> ResponseReturnValue:
    user = people_queries.user_by_id(user_id)
    held = {"roles": [role.value for role in user.roles]}
    of_the_person = {"discipline": user.discipline or "", "clinician": user.clinician}
    form = roles or RolesForm(formdata=None, data=held)
    mended = mended or PersonForm(formdata=None, prefix="person-", obj=user)
    profession = profession or ProfessionForm(formdata=None, data=of_the_person)
    page = render_template(
        "accounts/person.html",
        person=user,
        as_shown=sight_of(user),
        state=people_queries.state_of(user),
        invitation=queries.latest_invitation(user_id),
        form=form,
        profession=profession,
        mended=mended,
        blank=BaseForm(formdata=None),
    )
    return page, max(form.status, profession.status, mended.status)


@bp.post("/people/<int:user_id>/<any(disable, enable, invite):deed>")
@_directors
def change_person(user_id: int, deed: str) -> ResponseReturnValue:
    """Close or open an account, or send the invitation again."""
    act, sentence = _DEEDS[deed]

    def do() -> User:
        _check_as_shown(user_id, lambda person: done_with_account(person, deed))
        return act(me(), user_id, now=utcnow())

    if done := pressed(do):
        flash(sentence.format(name=done.result.name), "good")
    return redirect(url_for("accounts.person", user_id=user_id))


_DEEDS = {
    "disable": (services.disable, "The account of {name} is disabled and signed out everywhere."),
    "enable": (services.enable, "The account of {name} is open again."),
    "invite": (inviting.invite_again, "A new invitation is on its way to {name}."),
}
