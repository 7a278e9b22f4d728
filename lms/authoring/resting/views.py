"""The page on which an author finds the facts that a draft rests on, and writes down others."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lms.authoring.drafts import queries
from lms.authoring.drafts.pages import title_of
from lms.authoring.drafts.services import open_for_writing
from lms.authoring.drafts.views import bp, writers
from lms.authoring.facts.forms import FactForm
from lms.authoring.models import OPEN, Draft
from lms.authoring.resting.services import facts_named, leave_fact, take_fact
from lms.cases.adding_facts import add_fact
from lms.cases.finding_facts import facts_saying
from lms.cases.knowledge import statements_of
from lms.cases.models import StoredFact
from lms.core.clock import utcnow
from lms.core.forms import Done, carried_out, pressed
from lms.signin.access import me


@bp.get("/drafts/<int:draft_id>/facts")
@writers
def facts(draft_id: int) -> ResponseReturnValue:
    """Show the facts of a draft, and those of the fact base that say what is asked for."""
    draft = queries.open_draft(draft_id, me(), utcnow())
    return _facts_page(draft, FactForm.from_request(formdata=None))


def _facts_page(draft: Draft, form: FactForm) -> ResponseReturnValue:
    words, named = request.args.get("words", "")[:200], facts_named(draft.body)
    page = render_template(
        "drafts/facts.html",
        draft=draft,
        title=title_of(draft),
        named=statements_of(named),
        words=words,
        found=facts_saying(words, besides=named),
        form=form,
        is_open=draft.state in OPEN,
    )
    return page, form.status


@bp.post("/drafts/<int:draft_id>/facts")
@writers
def write_fact(draft_id: int) -> ResponseReturnValue:
    """Add a fact with its source to the fact base, and rest the draft on it."""
    form = FactForm.from_request()

    def act() -> StoredFact:
        now = utcnow()
        said = (form.statement.data, form.source.data)
        open_for_writing(me(), draft_id, now)
        fact = add_fact(me(), *said, read=form.read.data, now=now)
        take_fact(me(), draft_id, fact.id, now=now)
        return fact

    if done := carried_out(form, act):
        flash(_said_of(done), "good")
        return redirect(url_for(".facts", draft_id=draft_id))
    return _facts_page(queries.open_draft(draft_id, me(), utcnow()), form)


def _said_of(done: Done[StoredFact]) -> str:
    fact = done.result
    carries = "" if fact.status == "solid" else " It carries no key until its source was read."
    return f"{fact.id} is written down, and the draft rests on it.{carries}"


@bp.post("/drafts/<int:draft_id>/facts/<fact_id>/<any(take, leave):step>")
@writers
def change_facts(draft_id: int, fact_id: str, step: str) -> ResponseReturnValue:
    """Rest a draft on a fact, or on it no more."""
    act = take_fact if step == "take" else leave_fact
    if pressed(lambda: act(me(), draft_id, fact_id, now=utcnow())):
        flash(f"{fact_id} {'added' if step == 'take' else 'taken out'}.", "good")
    words = request.form.get("words", "")[:200]
    return redirect(url_for(".facts", draft_id=draft_id, words=words or None))
