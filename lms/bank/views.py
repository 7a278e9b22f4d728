"""The bank, for those who write and assign."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lms.bank.forms import FilterForm
from lms.cases import queries
from lms.cases.content import harms
from lms.cases.images import drawing_at
from lms.cases.secrecy import may_read_keys
from lms.core.errors import NotFound
from lms.core.web import drawing_page, page_asked
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
    """List the cases."""
    form = FilterForm.from_request(formdata=request.args)
    form.offer()
    page = queries.cases(form.wanted(), page_asked())
    kept = {name: value for name, value in form.data.items() if value}
    return render_template(
        "bank/index.html", form=form, page=page, kept=kept, blueprint=blueprint()
    )


@bp.get("/exhibits/<address>")
@allow_signed_in
def exhibit(address: str) -> ResponseReturnValue:
    """Send a drawing of the bank."""
    drawing = drawing_at(address)
    if drawing is None:
        raise NotFound
    return drawing_page(drawing)


@bp.get("/bank/<slug>")
@_staff
def case(slug: str) -> ResponseReturnValue:
    """Show a case; its keys, reasons and sources to who may read them."""
    shown = queries.case_by_slug(slug)
    told = may_read_keys(me(), shown.case.id, my_today())
    return render_template(
        "bank/case.html",
        case=shown.case,
        version=shown.version,
        body=shown.shown,
        blueprint=blueprint(),
        panel=_panel_link(shown.case.id, shown.body),
        numbers={item.key: number for number, item in enumerate(shown.shown.questions, 1)},
        results={
            item.key: with_harms_said(feedback_as_authored(number, item), harms())
            for number, item in enumerate(shown.shown.questions, 1)
            if told
        },
    )


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
