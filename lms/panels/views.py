"""Asking a panel, for staff; answering, for who has a link."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.cases.images import drawing_address, picture_at
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.core.errors import NotFound
from lms.core.forms import Acted, Done, carried_out, pressed
from lms.core.sight import Sight, check_sight
from lms.core.web import picture_page
from lms.panels import answering, queries, services
from lms.panels.forms import InvitePanelForm, read_answers
from lms.panels.models import LONGEST_COMMENT, PanelLink
from lms.panels.queries import LinkStanding, PanelistAnswer, PanelPage
from lms.panels.sights import (
    done_of_closing,
    done_of_withdrawal,
    sight_of,
    sight_with_answers,
)
from lms.people.models import Role
from lms.signin.access import allow, allow_anyone, me
from question_bank.items.script_concordance import FEWEST_PANELISTS

bp = Blueprint("panels", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/bank/<slug>/panel")
@_staff
def panel(slug: str) -> ResponseReturnValue:
    """Show how far the panel on a case is, and the ways to go on."""
    return _panel_page(slug, InvitePanelForm(formdata=None))


def _panel_page(slug: str, form: InvitePanelForm) -> ResponseReturnValue:
    contents = queries.page_of(slug, reader=me(), now=utcnow())
    page = render_template(
        "panels/panel.html",
        case=contents.case,
        wanted=contents.wanted,
        report=contents.report,
        told=contents.told,
        as_shown=sight_of(contents),
        with_answers=sight_with_answers(contents),
        needed=FEWEST_PANELISTS,
        form=form,
    )
    return page, form.status


@bp.post("/bank/<slug>/panel")
@_staff
def invite(slug: str) -> ResponseReturnValue:
    """Invite people to the panel; the first ones open it."""
    form = InvitePanelForm.from_request()

    def invite_more() -> int:
        _check_as_shown(slug)
        return services.invite(me(), slug, form.people.data or "", now=utcnow())

    if done := carried_out(form, invite_more):
        flash(f"{_people(done.result)} invited. The mails are on their way.", "good")
        return _back(slug)
    return _panel_page(slug, form)


def _nothing_done(_contents: PanelPage) -> Collection[str]:
    return ()


def _check_as_shown(
    slug: str,
    of: Callable[[PanelPage], Sight] = sight_of,
    done: Callable[[PanelPage], Collection[str]] = _nothing_done,
) -> None:
    """Check that the panel of a case is as its page showed it, and keep it so until the commit.

    What is *done* already, as the form asks, may be otherwise.
    """
    services.hold(slug)
    contents = queries.page_of(slug, reader=me(), now=utcnow())
    check_sight(of(contents), page=url_for("panels.panel", slug=slug), done=done(contents))


def _pressed(
    slug: str,
    act: Callable[[], Acted],
    of: Callable[[PanelPage], Sight] = sight_of,
    done: Callable[[PanelPage], Collection[str]] = _nothing_done,
) -> Done[Acted] | None:
    """Do *act* with the panel of a case, if that is as the page with the button showed it."""

    def act_as_shown() -> Acted:
        _check_as_shown(slug, of, done)
        return act()

    return pressed(act_as_shown)


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("panels.panel", slug=slug), HTTPStatus.SEE_OTHER)


def _people(count: int) -> str:
    return "1 person was" if count == 1 else f"{count} people were"


@bp.post("/bank/<slug>/panel/reminders")
@_staff
def remind(slug: str) -> ResponseReturnValue:
    """Write again to those who have not answered."""
    if done := _pressed(slug, lambda: services.remind(me(), slug, now=utcnow())):
        flash(f"{_people(done.result)} reminded.", "good")
    return _back(slug)


@bp.post("/bank/<slug>/panel/panelists/<int:panelist_id>/withdraw")
@_staff
def withdraw(slug: str, panelist_id: int) -> ResponseReturnValue:
    """End one invitation."""
    if done := _pressed(
        slug,
        lambda: services.withdraw(me(), slug, panelist_id, now=utcnow()),
        done=lambda contents: done_of_withdrawal(contents, panelist_id),
    ):
        withdrawn = f"The invitation of {done.result} is withdrawn."
        flash(f"{withdrawn} Its link does not work any more.", "good")
    return _back(slug)


@bp.post("/bank/<slug>/panel/close")
@_staff
def close(slug: str) -> ResponseReturnValue:
    """Take no more answers."""
    if _pressed(
        slug,
        lambda: services.close(me(), slug, now=utcnow()),
        sight_with_answers,
        done=done_of_closing,
    ):
        flash("The panel is closed. None of its answers is used.", "good")
    return _back(slug)


@bp.post("/bank/<slug>/panel/use")
@_staff
def use_answers(slug: str) -> ResponseReturnValue:
    """Key the items by what the panel answered."""
    if done := _pressed(
        slug, lambda: services.use_answers(me(), slug, now=utcnow()), sight_with_answers
    ):
        flash(
            f"The answers are proposed as version {done.result.number} of the case. "
            "They reach nobody until somebody else publishes them.",
            "good",
        )
    return _back(slug)


@bp.route("/panel/<secret>", methods=["GET", "POST"])
@allow_anyone
def answer(secret: str) -> ResponseReturnValue:
    """Show the case and what the panel is asked; take the answers. A GET changes nothing."""
    now = utcnow()
    link = _link(secret)
    if link is None or queries.standing_of(link, now) is not LinkStanding.OPEN:
        return _over_page(link, now)
    if request.method == "GET":
        return _answer_page(secret, link, queries.given_by(link.panelist), {})
    given, errors = read_answers(queries.questions_of(link.panelist.panel), request.form)
    if errors:
        return _answer_page(secret, link, given, errors)
    try:
        with transaction():
            answering.answer(secret, given, now=utcnow())
    except answering.LinkOver:
        return _over_page(_link(secret), utcnow())
    return redirect(url_for("panels.thanks", secret=secret), HTTPStatus.SEE_OTHER)


def _link(secret: str) -> PanelLink | None:
    try:
        return queries.link_of(secret)
    except NotFound:
        return None


def _answer_page(
    secret: str, link: PanelLink, given: Mapping[str, PanelistAnswer], errors: Mapping[int, str]
) -> ResponseReturnValue:
    panel = link.panelist.panel
    page = render_template(
        "panels/answer.html",
        secret=secret,
        panelist=link.panelist,
        panel=panel,
        expires_at=link.expires_at,
        parts=queries.parts_shown(panel),
        title=queries.title_of(panel),
        given=given,
        errors=errors,
        longest=LONGEST_COMMENT,
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK


@bp.get("/panel/<secret>/thanks")
@allow_anyone
def thanks(secret: str) -> ResponseReturnValue:
    """Say that the answers are in, and what happens next."""
    now = utcnow()
    link = _link(secret)
    if link is None or queries.standing_of(link, now) is not LinkStanding.OPEN:
        return _over_page(link, now)
    if link.panelist.answered_at is None:
        return redirect(url_for("panels.answer", secret=secret))
    return render_template(
        "panels/thanks.html",
        secret=secret,
        link=link,
        panel=link.panelist.panel,
        needed=FEWEST_PANELISTS,
    )


@bp.get("/panel/<secret>/exhibits/<address>")
@allow_anyone
def exhibit(secret: str, address: str) -> ResponseReturnValue:
    """Send a drawing of the case that the link is about, and no other."""
    link = _link(secret)
    if link is None or queries.standing_of(link, utcnow()) is not LinkStanding.OPEN:
        raise NotFound
    exhibits = [each for part in queries.parts_shown(link.panelist.panel) for each in part.exhibits]
    known = {drawing_address(each.image) for each in exhibits if each.image}
    picture = picture_at(address) if address in known else None
    if picture is None:
        raise NotFound
    return picture_page(picture.content, picture.media_type)


def _over_page(link: PanelLink | None, now: datetime) -> ResponseReturnValue:
    """Say why a link does not work: 404 if we did not make it, else 410."""
    standing = queries.standing_of(link, now) if link else None
    page = render_template("panels/over.html", standing=standing, link=link)
    return page, HTTPStatus.GONE if link else HTTPStatus.NOT_FOUND
