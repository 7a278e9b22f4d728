"""Pages for taking a quiz: rules, cases, all items, hand in."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.attempts import closing, freezing, queries, services
from lms.core.bodies import takes_json
from lms.core.clock import say_day, say_hour, say_time, utcnow
from lms.core.db import transaction
from lms.core.errors import NotFound
from lms.core.web import json_sent
from lms.people.models import Role, User
from lms.quizzes.terms import terms_with
from lms.signin.access import allow, me
from lms.taking import forms, refusing, saving
from lms.taking.case_sheets import Sheet, sheet_of
from lms.taking.incoming_saves import InvalidAnswer, Packet
from lms.taking.paper import ItemState, Paper, paper_of, runs

bp = Blueprint("taking", __name__)

STANDS = 60.0
"""Seconds that a page is told of a clock that stands: it hands nothing in, and asks again."""


@bp.route("/assignments/<int:assignment_id>/begin", methods=["GET", "POST"])
@allow(Role.FELLOW)
def begin(assignment_id: int) -> ResponseReturnValue:
    """Show the rules; a POST starts the attempt or goes on with it."""
    now = utcnow()
    if request.method == "POST":
        with transaction():
            attempt = services.start_attempt(me(), assignment_id, now=now)
        paper = paper_of(me().id, attempt.id)
        return _see_other(_place_url(paper, paper.next_open or paper.items[0]))
    assignment = queries.assignment_for(me(), assignment_id, now)
    attempts = queries.attempts_at(me().id, assignment_id)
    last = attempts[-1] if attempts else None
    running = last if last and queries.is_running(last, now) else None
    terms = terms_with(assignment_id, me().id, told_to=me().id)
    return render_template(
        "taking/begin.html",
        assignment=assignment,
        terms=terms,
        to_hand_in=closing.to_hand_in(last, terms, now),
        items=queries.count_items(assignment, running),
        attempts=attempts,
        running=running,
        now=now,
    )


@bp.route("/attempts/<int:attempt_id>/cases/<int:number>", methods=["GET", "POST"])
@allow(Role.FELLOW)
def case(attempt_id: int, number: int) -> ResponseReturnValue:
    """Show a case with its items; a POST keeps what changed on the page and goes on."""
    now = utcnow()
    paper = paper_of(me().id, attempt_id)
    sheet = sheet_of(paper, number)
    if request.method == "GET":
        if not paper.open or now > paper.deadline_at:
            return redirect(url_for("taking.overview", attempt_id=attempt_id))
        return _case_page(paper, sheet)
    page = forms.read_page(sheet, request.form, now)
    posted = [_save_posted(attempt_id, each) for each in page]
    closed = next((e.error for e in posted if isinstance(e.error, saving.AttemptClosed)), None)
    if closed:
        flash(closed.message, "warn")
        return _see_other(url_for("results.result", attempt_id=attempt_id))
    refusal = next((each.error for each in posted if each.error), None)
    if refusal:
        return _case_again(attempt_id, number, posted), refusal.http_status
    go = request.form.get("go", "next")
    if go.startswith("lock-"):
        return _unfold(paper, sheet, posted, now)
    return _see_other(_next_url(paper, number, go))


def _unfold(
    paper: Paper, sheet: Sheet, posted: Sequence[forms.Posted], now: datetime
) -> ResponseReturnValue:
    """Lock the stage whose button was pressed, and show what comes next.

    If that button was pressed before, what comes next is the stage that is open.
    """
    here = sheet.parts[-1].places[0].position
    after = url_for(
        "taking.case", attempt_id=paper.attempt_id, number=sheet.number, _anchor="stage-new"
    )
    if not sheet.unfolds or request.form["go"] != f"lock-{here}":
        return _see_other(after)
    try:
        with transaction():
            saving.lock_stage(me(), paper.attempt_id, here, now=now)
    except saving.AttemptClosed as refusal:
        flash(refusal.message, "warn")
        return _see_other(url_for("results.result", attempt_id=paper.attempt_id))
    except saving.StageIncomplete as refusal:
        blank = refusal.positions
        marked = [
            replace(each, error=refusal) if each.place.position in blank else each
            for each in posted
        ]
        again = _case_again(paper.attempt_id, sheet.number, marked)
        return again, HTTPStatus.UNPROCESSABLE_ENTITY
    return _see_other(after)


def _save_posted(attempt_id: int, posted: forms.Posted) -> forms.Posted:
    """Keep an item of a posted form, if it was changed, and note what was wrong with it."""
    if posted.packet is None:
        return posted
    save = (me(), attempt_id, posted.place.position, posted.packet)
    try:
        with _refused_is_kept(*save), transaction():
            saving.save_response(*save)
    except saving.AttemptClosed as refusal:
        with suppress(InvalidAnswer), _refused_is_kept(*save), transaction():
            saving.keep_late(*save)
        return replace(posted, error=refusal)
    except (InvalidAnswer, saving.StageLocked) as refusal:
        return replace(posted, error=refusal)
    return posted


@contextmanager
def _refused_is_kept(
    fellow: User, attempt_id: int, position: int, packet: Packet
) -> Iterator[None]:
    """Keep as it was typed what the transaction inside refuses to take."""
    try:
        yield
    except (InvalidAnswer, saving.StageLocked) as refusal:
        with transaction():
            refusing.keep_refused(fellow, attempt_id, position, packet, why=refusal.message)
        raise


def _case_again(attempt_id: int, number: int, posted: Sequence[forms.Posted]) -> str:
    """Return the page of a case as it is stored by now, with what was refused as it was posted."""
    paper = paper_of(me().id, attempt_id)
    return _case_page(paper, sheet_of(paper, number), [each for each in posted if each.error])


def _case_page(paper: Paper, sheet: Sheet, refused: Sequence[forms.Posted] = ()) -> str:
    posted = {each.place.position: each for each in refused}
    invalid = [key for key, each in posted.items() if isinstance(each.error, InvalidAnswer)]
    return render_template(
        "taking/case.html",
        paper=paper,
        sheet=sheet,
        shown={
            place.position: replace(place, controls=posted[place.position].place.controls)
            for place in sheet.places
            if place.position in posted and not place.locked
        },
        before={
            place.position: json.dumps(
                forms.NOT_TAKEN if place.position in invalid else place.controls
            )
            for place in sheet.places
        },
        errors={each.place.position: each.error for each in refused},
        terms=paper.terms,
        seconds_left=paper.seconds_left(utcnow()),
        clock_text=_clock_text(paper),
    )


def _clock_text(paper: Paper) -> str:
    zone = me().time_zone
    if paper.frozen_at:
        return "stopped"
    if paper.seconds_left(utcnow()) > 12 * 3600:
        return f"until {say_day(paper.deadline_at, zone)}"
    return f"until {say_hour(paper.deadline_at, zone)}"


def _next_url(paper: Paper, number: int, go: str) -> str:
    """Return where the button *go* of case *number* leads."""
    if go == "leave":
        return url_for("home.fellow")
    if len(go) < 6 and go.isascii() and go.isdigit() and 1 <= int(go) <= len(paper.items):
        return _place_url(paper, paper.items[int(go) - 1])
    target = number + {"back": -1, "stay": 0}.get(go, 1)
    if go == "all" or not 1 <= target <= paper.cases:
        return url_for("taking.overview", attempt_id=paper.attempt_id)
    return url_for("taking.case", attempt_id=paper.attempt_id, number=target, _anchor="case-title")


def _place_url(paper: Paper, item: ItemState) -> str:
    """Return where an item is; the first one of a case is below its text, which comes first."""
    first = next(each for each in paper.items if each.case == item.case)
    anchor = "case-title" if item == first else f"item-{item.position}"
    return url_for("taking.case", attempt_id=paper.attempt_id, number=item.case, _anchor=anchor)


def _see_other(url: str) -> ResponseReturnValue:
    return redirect(url, HTTPStatus.SEE_OTHER)


@bp.post("/attempts/<int:attempt_id>/items/<int:position>")
@allow(Role.FELLOW)
@takes_json
def item(attempt_id: int, position: int) -> ResponseReturnValue:
    """Keep one answer, sent by a script or by a form."""
    now = utcnow()
    if request.is_json:
        return _save_packet(attempt_id, position, now)
    paper = paper_of(me().id, attempt_id)
    if not 1 <= position <= len(paper.items):
        raise NotFound
    item = paper.items[position - 1]
    sheet = sheet_of(paper, item.case)
    place = next((place for place in sheet.places if place.position == position), None)
    if place is None or place.locked:
        raise saving.StageLocked
    posted = _save_posted(attempt_id, forms.read_place(place, request.form, now))
    if posted.error:
        raise posted.error
    return _see_other(_place_url(paper, item))


def _save_packet(attempt_id: int, position: int, now: datetime) -> ResponseReturnValue:
    packet = forms.read_packet(json_sent(), now)
    save = (me(), attempt_id, position, packet)
    try:
        with _refused_is_kept(*save), transaction():
            saved = saving.save_response(*save)
    except saving.StageLocked as refusal:
        stored = saving.kept_answer(me(), attempt_id, position)
        answer = jsonify(error=refusal.message, seq=packet.tab_seq, locked=True, stored=stored)
        return answer, refusal.http_status
    except saving.AttemptClosed as refusal:
        with _refused_is_kept(*save), transaction():
            stored = saving.keep_late(*save)
        frozen = isinstance(refusal, saving.AttemptFrozen)
        told = {"error": refusal.message, "seq": packet.tab_seq, "stored": stored}
        return jsonify(told | {"frozen": frozen}), refusal.http_status
    return jsonify(
        saved_at=say_time(saved.saved_at, me().time_zone),
        revision=saved.revision,
        other_tab=saved.other_tab,
        stored=saving.kept_answer(me(), attempt_id, position) if saved.stands else None,
        deadline_in=(saved.deadline_at - utcnow()).total_seconds(),
        seq=packet.tab_seq,
    )


@bp.get("/attempts/<int:attempt_id>")
@allow(Role.FELLOW)
def overview(attempt_id: int) -> ResponseReturnValue:
    """Show all items of a running attempt, what has no answer, and the way to hand it in."""
    paper = paper_of(me().id, attempt_id)
    if not paper.open:
        return redirect(url_for("results.result", attempt_id=attempt_id))
    left = paper.seconds_left(utcnow())
    return render_template(
        "taking/overview.html",
        paper=paper,
        terms=paper.terms,
        hand_in_by=None if left else closing.last_call(attempt_id, paper.deadline_at, paper.terms),
        used=freezing.own_freezes(me().id, attempt_id),
        freeze=freezing.open_freeze(attempt_id) if paper.frozen_at else None,
        runs=runs,
        seconds_left=left,
        clock_text=_clock_text(paper),
    )


@bp.post("/attempts/<int:attempt_id>/submit")
@allow(Role.FELLOW)
def submit(attempt_id: int) -> ResponseReturnValue:
    """Hand an attempt in. The second time leads to the same place."""
    with transaction():
        services.submit_attempt(me(), attempt_id, now=utcnow())
    return _see_other(url_for("results.result", attempt_id=attempt_id))


@bp.get("/attempts/<int:attempt_id>/status")
@allow(Role.FELLOW)
def status(attempt_id: int) -> ResponseReturnValue:
    """Say where an attempt is, for the pages that wait for its result or for its end."""
    attempt = queries.attempt_of(me().id, attempt_id)
    frozen = attempt.frozen_at is not None
    left = STANDS if frozen else (attempt.stops_at - utcnow()).total_seconds()
    return jsonify(state=attempt.state.value, deadline_in=left, frozen=frozen)
