"""One fact: what it says, where it is to be read, and the cases that rest on it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lms.attempts.secrecy import KeysKept, keys_are_kept_from, to_answer_blind
from lms.authoring.facts.forms import FactForm
from lms.authoring.facts.queries import cases_on, fact_by_id
from lms.authoring.facts.services import change_fact
from lms.cases.models import StoredFact
from lms.core.clock import utcnow
from lms.core.forms import carried_out
from lms.core.sight import Sight, check_sight
from lms.people.models import Role
from lms.signin.access import allow, me
from question_bank.knowledge import address_of

bp = Blueprint("facts", __name__)


@bp.route("/facts/<fact_id>", methods=["GET", "POST"])
@allow(Role.FACULTY, Role.DIRECTOR)
def fact(fact_id: str) -> ResponseReturnValue:
    """Show a fact; a POST changes one of the program's own."""
    if keys_are_kept_from(me(), utcnow()):
        raise KeysKept
    found = fact_by_id(fact_id)
    said = {"statement": found.statement, "source": "; ".join(found.sources), "read": found.read}
    form, page = FactForm.from_request(data=said), url_for("facts.fact", fact_id=fact_id)

    def change() -> StoredFact:
        stands = fact_by_id(fact_id)
        asked = stands.statement == form.statement.data
        check_sight(_sight_of(stands), page=page, done=_sight_of(stands) if asked else ())
        statement, source = form.statement.data, form.source.data
        return change_fact(me(), fact_id, statement, source, read=form.read.data, now=utcnow())

    if carried_out(form, change):
        flash("The fact is changed. Who looks after a case that rests on it is told.", "good")
        return redirect(page)
    blind = to_answer_blind(me())
    shown = render_template(
        "facts/fact.html", fact=found, form=form,
        cases=[each for each in cases_on(fact_id) if each.id not in blind],
        as_shown=_sight_of(found), address_of=address_of,
        looks_due=found.next_look is not None and found.next_look <= utcnow().date(),
    )  # fmt: skip
    return shown, form.status


def _sight_of(fact: StoredFact) -> Sight:
    return {"Statement": fact.statement, "Source": "; ".join(fact.sources)}
