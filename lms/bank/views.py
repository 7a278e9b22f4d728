"""The bank, for those who write and assign."""

from collections.abc import Collection

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import check_answered_first, may_read_keys, readable_keys
from lms.authoring.history.handing_over import owner_of
from lms.bank.finding import queries as finding
from lms.bank.usage import usage_of
from lms.cases import queries
from lms.cases.covering import bank_covered, topics_short
from lms.cases.gate import fault_in_short
from lms.cases.images import picture_at
from lms.cases.knowledge import harm_said, statements_of
from lms.cases.models import Approval, ApprovedBy, CaseVersion
from lms.cases.search.forms import FinderForm
from lms.cases.search.meant import did_you_mean
from lms.cases.search.queries import search
from lms.cases.search.tagging import tag_name
from lms.cases.signing import signature_of
from lms.cases.withholding import items_in
from lms.core.clock import local, say_date, utcnow
from lms.core.errors import NotFound
from lms.core.web import page_asked, picture_page
from lms.grading.earlier_keys import earlier_keys
from lms.panels.models import PanelState
from lms.panels.queries import answered_of_latest
from lms.people.models import Role
from lms.program.blueprint import blueprint
from lms.signin.access import allow, allow_signed_in, me, my_today
from question_bank.case import Case
from question_bank.feedback import feedback_as_authored, with_harms_said
from question_bank.items.script_concordance import FEWEST_PANELISTS
from question_bank.panels import asked, wanting

bp = Blueprint("bank", __name__)

_staff = allow(Role.FACULTY, Role.DIRECTOR)


@bp.get("/bank")
@_staff
def index() -> ResponseReturnValue:
    """Find cases by their words and tags."""
    latest = finding.latest_cohorts()
    form = FinderForm.from_request(formdata=request.args)
    form.offer(finding.facets_for(latest))
    asked, readable = form.asked(), finding.readable_by(me(), utcnow())
    within = [finding.open_ones()]
    proposals = queries.proposals()
    found = search(
        asked,
        page_asked(),
        today=my_today(),
        also=finding.also_for(me(), latest),
        within=within,
        readable=readable,
    )
    return render_template(
        "bank/index.html",
        form=form,
        found=found,
        lines=finding.lines_of(found.hits, latest),
        meant=None
        if found.total or form.chosen
        else did_you_mean(asked.words, within=within, readable=readable),
        bank=finding.in_the_bank(),
        topics_short=topics_short(),
        blueprint=blueprint(),
        proposals=proposals,
        told=_told(proposals, all_of_them=readable is None),
        not_drawn=queries.faulty_cases(),
        fault_in_short=fault_in_short,
        act_in_words=_act_in_words,
    )


def _told(proposals: Collection[CaseVersion], *, all_of_them: bool) -> set[int]:
    """Return of which cases the reader may know what was changed in a proposal."""
    cases = {each.case_id for each in proposals}
    return cases if all_of_them else readable_keys(me(), cases, utcnow())


@bp.get("/bank/coverage")
@_staff
def coverage() -> ResponseReturnValue:
    """Show what the bank covers of the blueprint, track by track."""
    covered = bank_covered()
    return render_template(
        "bank/coverage.html",
        covered=covered,
        track=covered.of(request.args.get("track", "")),
        blueprint=blueprint(),
        tag_name=tag_name,
    )


@bp.get("/exhibits/<address>")
@allow_signed_in
def exhibit(address: str) -> ResponseReturnValue:
    """Send a picture of the bank."""
    picture = picture_at(address)
    if picture is None:
        raise NotFound
    return picture_page(picture.content, picture.media_type)


@bp.get("/bank/<slug>")
@_staff
def case(slug: str) -> ResponseReturnValue:
    """Show a case, as it is in use or in the version asked for; its keys to who may read them."""
    version = queries.version_of(slug, request.args.get("version", type=int))
    check_answered_first(me(), version.case_id)
    body = queries.shown(version)
    versions = queries.versions_of(version.case_id)
    told = may_read_keys(me(), version.case_id, utcnow())
    proposal = None if versions[0].published else versions[0]
    return render_template(
        "bank/case.html",
        case=version.case,
        version=version,
        body=body,
        told=told,
        fault_in_short=fault_in_short,
        blueprint=blueprint(),
        proposal=proposal,
        signature=signature_of(version),
        owner=owner_of(version.case),
        versions=versions,
        used=usage_of(version.case_id),
        earlier=earlier_keys(version.case_id),
        facts=statements_of(body.facts) if told else (),
        act_in_words=_act_in_words,
        today=my_today(),
        panel=_panel_link(version.case_id, body),
        items=items_in(version.case_id),
        numbers={item.key: number for number, item in enumerate(body.questions, 1)},
        results={
            item.key: with_harms_said(feedback_as_authored(number, item), harm_said)
            for number, item in enumerate(body.questions, 1)
            if told
        },
    )


def _act_in_words(act: Approval) -> str:
    """Return by whom and when something was approved."""
    day = say_date(local(act.at, me().time_zone).date())
    if act.who is ApprovedBy.INSTALLATION:
        return f"From the starter bank, {day}; nobody of your program has read it"
    if act.user is None:
        return f"By a command, {day}; nobody is named"
    return f"{act.user.name}, {day}"


def _panel_link(case_id: int, body: Case) -> str:
    """Return what the link to a case's panel says; empty: there is nothing to link to."""
    if not asked(body):
        return ""
    wanted = bool(wanting(body))
    latest = answered_of_latest(case_id)
    if latest is None or (wanted and latest[0] is PanelState.CLOSED):
        return "Ask a panel" if wanted else ""
    answered = latest[1]
    share = f" of {FEWEST_PANELISTS}" if answered < FEWEST_PANELISTS else ""
    return f"Panel: {answered}{share} answered"
