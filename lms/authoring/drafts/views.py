"""The pages around a draft: beginning one, two texts for one place, earlier states."""

from collections.abc import Callable

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.drafts import queries, services, starting
from lms.authoring.drafts.choosing import WhichText, choose
from lms.authoring.drafts.finding import cases_saying
from lms.authoring.drafts.forms import ChoiceForm, StartForm
from lms.authoring.drafts.pages import (
    TextsAtOdds,
    changes_shown,
    said_in_full,
    states_shown,
    texts_at_odds,
    title_of,
    told_since,
)
from lms.authoring.drafts.presence import note_visit, others_in
from lms.authoring.models import OPEN, Draft
from lms.cases.queries import version_of
from lms.core.clock import say_hour, utcnow
from lms.core.db import transaction
from lms.core.errors import Invalid
from lms.core.forms import carried_out, pressed
from lms.core.sight import Sight, check_sight
from lms.core.web import page_asked
from lms.people.models import Role
from lms.signin.access import allow, me, my_today

bp = Blueprint("drafts", __name__)

writers = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/drafts/new")
@writers
def new() -> ResponseReturnValue:
    """Show the ways to begin a case; the address may name a gap, or a case to begin from."""
    asked = {name: request.args.get(name, "") for name in ("topic", "level", "setting")}
    form = StartForm.from_request(formdata=None, data=asked)
    form.offer()
    return _new_page(form)


def _new_page(form: StartForm) -> ResponseReturnValue:
    words, slug = request.args.get("words", "")[:200], request.args.get("case", "")
    found = cases_saying(words, me(), my_today(), utcnow()) if words.strip() else []
    version = version_of(slug, None) if slug else None
    if version is not None:
        check_may_read_keys(me(), version.case_id, utcnow())
    page = render_template(
        "drafts/new.html",
        form=form,
        words=words,
        found=found,
        case=version.case if version else None,
        being_revised=starting.open_draft_of(version.case_id) if version else None,
    )
    return page, form.status


@bp.post("/drafts/new")
@writers
def begin() -> ResponseReturnValue:
    """Begin a case in the way that the button says."""
    form = StartForm.from_request()
    form.offer()
    ways = _ways(form, request.form.get("case", ""))
    way = ways.get(request.form.get("how", ""), ways["blank"])
    if done := carried_out(form, way):
        return redirect(url_for("authoring.edit", draft_id=done.result.id))
    return _new_page(form)


def _ways(form: StartForm, slug: str) -> dict[str, Callable[[], Draft]]:
    """Return what each button of the page begins."""
    now, person = utcnow(), me()

    def for_gap() -> Draft:
        topic, level, setting = (each.data or "" for each in (form.topic, form.level, form.setting))
        if not (topic or level or setting):
            raise Invalid("Choose a topic, a level or a setting.", field="topic")
        return starting.of_gap(person, topic=topic, level=level, setting=setting, now=now)

    return {
        "blank": lambda: starting.blank(person, now=now),
        "gap": for_gap,
        "text": lambda: starting.of_text(person, form.text.data or "", now=now),
        "sibling": lambda: starting.of_sibling(person, slug, now=now),
        "revise": lambda: starting.of_version(person, slug, now=now),
    }


@bp.get("/drafts/<int:draft_id>/conflict")
@writers
def conflict(draft_id: int) -> ResponseReturnValue:
    """Show two texts for one place."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    return _conflict_page(draft, None)


def _conflict_page(draft: Draft, sent: ChoiceForm | None) -> ResponseReturnValue:
    waiting = queries.waiting_of(draft, me())
    if not waiting:
        flash("No two texts wait for a choice.", "info")
        return redirect(url_for("authoring.edit", draft_id=draft.id))
    mine = {"choice": "mine", "both": waiting[0].mine}
    form = sent or ChoiceForm.from_request(formdata=None, data=mine)
    shown = texts_at_odds(draft, waiting[0])
    page = render_template(
        "drafts/conflict.html",
        draft=draft,
        title=title_of(draft),
        form=form,
        shown=shown,
        as_shown=_sight_of_choice(shown),
        count=len(waiting),
    )
    return page, form.status


def _sight_of_choice(texts: TextsAtOdds) -> Sight:
    """Return between what one chooses, and where."""
    return {"Where": texts.place, "The other text": texts.theirs_said}


@bp.post("/drafts/<int:draft_id>/conflict")
@writers
def choose_text(draft_id: int) -> ResponseReturnValue:
    """Have one of two texts stand, or a third one."""
    form = ChoiceForm.from_request()

    def act() -> str:
        now = utcnow()
        draft = services.open_for_writing(me(), draft_id, now)
        named = (form.tab.data, form.path.data)
        waiting = {(each.tab, each.path): each for each in queries.waiting_of(draft, me())}
        text = waiting.get(named)
        if text is None:
            return ""
        stands = texts_at_odds(draft, text)
        page = url_for(".conflict", draft_id=draft_id)
        check_sight(_sight_of_choice(stands), page=page)
        written = form.both.data or ""
        choose(me(), draft, text, WhichText(form.choice.data), written=written, now=now)
        return stands.place

    if done := carried_out(form, act):
        place = done.result or "this place already"
        flash(f"Chosen for {place}. Both texts stay in the earlier states.", "good")
        return redirect(url_for(".conflict", draft_id=draft_id))
    return _conflict_page(queries.open_draft(draft_id, me(), utcnow()), form)


@bp.get("/drafts/<int:draft_id>/states")
@writers
def states(draft_id: int) -> ResponseReturnValue:
    """List the earlier states of a draft."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    page = queries.states(draft, page_asked())
    return render_template(
        "drafts/states.html",
        draft=draft,
        title=title_of(draft),
        page=page,
        states=states_shown(draft, page),
        as_shown=_sight_of(draft),
        is_open=draft.state in OPEN,
    )


@bp.get("/drafts/<int:draft_id>/states/<int:revision>")
@writers
def state(draft_id: int, revision: int) -> ResponseReturnValue:
    """Show how a draft stood, and what would change if it stood so again."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    then = queries.body_at(draft, revision)
    return render_template(
        "drafts/state.html",
        draft=draft,
        title=title_of(draft),
        event=queries.event_of(draft, revision),
        changes=changes_shown(draft.body, then),
        in_full=said_in_full(then),
        as_shown=_sight_of(draft),
        is_open=draft.state in OPEN,
    )


def _sight_of(draft: Draft) -> Sight:
    """Return what is replaced by bringing a state back."""
    return {"As it is now": f"State {draft.revision}"}


@bp.post("/drafts/<int:draft_id>/states/<int:revision>")
@writers
def restore(draft_id: int, revision: int) -> ResponseReturnValue:
    """Bring an earlier state of a draft back."""

    def act() -> None:
        now = utcnow()
        draft = services.open_for_writing(me(), draft_id, now)
        sight, page = _sight_of(draft), url_for(".state", draft_id=draft_id, revision=revision)
        is_back = draft.body == queries.body_at(draft, revision)
        check_sight(sight, page=page, done=sight if is_back else ())
        if not is_back:
            services.restore(me(), draft, revision, now=now)

    if pressed(act):
        flash(f"State {revision} is back. What was written since stays among the states.", "good")
        return redirect(url_for("authoring.edit", draft_id=draft_id))
    return redirect(url_for(".states", draft_id=draft_id))


@bp.post("/drafts/<int:draft_id>/drop")
@writers
def drop(draft_id: int) -> ResponseReturnValue:
    """Put a draft away."""

    def act() -> None:
        now = utcnow()
        draft = queries.open_draft(draft_id, me(), now, locked=True)
        check_sight(_sight_of(draft), page=url_for(".states", draft_id=draft_id))
        starting.drop(me(), draft_id, now=now)

    if pressed(act):
        flash("The draft is put away. You can take it up again here.", "good")
    return redirect(url_for(".states", draft_id=draft_id))


@bp.post("/drafts/<int:draft_id>/take-up")
@writers
def take_up(draft_id: int) -> ResponseReturnValue:
    """Go on with a draft that was put away."""
    if pressed(lambda: starting.take_up(me(), draft_id, now=utcnow())):
        return redirect(url_for("authoring.edit", draft_id=draft_id))
    return redirect(url_for(".states", draft_id=draft_id))


@bp.post("/drafts/<int:draft_id>/here")
@writers
def here(draft_id: int) -> ResponseReturnValue:
    """Note where somebody is in a draft; say who else is there, and what they have chosen."""
    now, tab = utcnow(), services.tab_of(request.form.get("tab", ""))
    with transaction():
        draft = queries.open_draft(draft_id, me(), now)
        note_visit(draft, me(), tab=tab, place=request.form.get("place", ""), now=now)
    shown = request.form.get("revision", draft.revision, type=int)
    return jsonify(
        revision=draft.revision,
        told=told_since(draft, shown, me()),
        others=[
            {
                "name": each.name,
                "place": each.place,
                "since": say_hour(each.since, me().time_zone),
            }
            for each in others_in(draft, me(), now)
        ],
    )
