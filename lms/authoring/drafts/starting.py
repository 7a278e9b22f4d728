"""The ways a draft begins, and how one is put away and taken up again."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.access import WRITERS
from lms.authoring.drafts import queries
from lms.authoring.models import OPEN, Draft, DraftEvent, DraftState, Review, ReviewStage
from lms.cases.models import StoredCase
from lms.cases.queries import parsed, version_of
from lms.cases.search.keeping import forget_draft, keep_draft
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from lms.program.blueprint import blueprint
from question_bank.drafts.bodies import Body, taken
from question_bank.drafts.opening import draft_of
from question_bank.drafts.pasted import split_pasted
from question_bank.drafts.starts import blank_body, gap_body, sibling_body

LONGEST_PASTED = 20_000
"""Characters of a text that is pasted to begin with."""


class AnotherIsOpen(Refusal):
    """A case has one open draft at most."""

    message = "Somebody has begun another draft of this case since. Work on that one."


class DraftTurned(Refusal):
    """What can be dropped, or taken up, is not."""

    message = "The draft has been published, dropped or taken up in the meantime."


def blank(person: User, *, now: datetime) -> Draft:
    """Begin a draft with nothing in it."""
    return _begun(person, blank_body(), "Begun with nothing", now=now)


def of_gap(person: User, *, topic: str, level: str, setting: str, now: datetime) -> Draft:
    """Begin a draft for a gap of the bank, with its ids of the blueprint; empty: any.

    Raises:
        Invalid: the blueprint has no such topic, level or setting.
    """
    known = {
        "topic": {each.id for each in blueprint().topics if not each.retired},
        "level": {each.id for each in blueprint().cognitive_levels},
        "setting": blueprint().values_of("setting"),
    }
    asked = {"topic": topic, "level": level, "setting": setting}
    for field, value in asked.items():
        if value and value not in known[field]:
            raise Invalid(f"The blueprint has no {field} “{value[:80]}”.", field=field)
    body = gap_body(topic=topic, level=level, setting=setting)
    return _begun(person, body, "Begun for a gap of the bank", now=now)


def of_text(person: User, text: str, *, now: datetime) -> Draft:
    """Begin a draft with a pasted question, which splits into story, lead-in and options.

    Raises:
        Invalid: there is no text, or too much of it.
    """
    if not text.strip() or len(text) > LONGEST_PASTED:
        raise Invalid(f"Paste 1 to {LONGEST_PASTED:,} characters.", field="text")
    return _begun(person, split_pasted(text), "Begun with a pasted text", now=now)


def of_sibling(person: User, slug: str, *, now: datetime) -> Draft:
    """Begin a case that asks for the same decision as another, in a new story.

    Raises:
        NotFound: there is no such case.
        KeysKept: the person may not read its keys.
    """
    version = version_of(slug, None)
    check_may_read_keys(person, version.case_id, now)
    note = f"Begun as a sibling of “{version.case.title}”"
    return _begun(person, sibling_body(parsed(version)), note, now=now)


def of_version(person: User, slug: str, *, now: datetime) -> Draft:
    """Return the open draft of a case; without one, begin it from the version in use.

    Raises:
        NotFound: there is no such case.
        KeysKept: the person may not read its keys.
    """
    version = version_of(slug, None)
    check_may_read_keys(person, version.case_id, now)
    _lock_case(version.case_id)
    if (known := open_draft_of(version.case_id)) is not None:
        return known
    note = f"Begun from version {version.number}"
    body = draft_of(parsed(version))
    return _begun(person, body, note, case_id=version.case_id, base_id=version.id, now=now)


def open_draft_of(case_id: int) -> Draft | None:
    """Return the draft in which a case is being revised, if there is one."""
    return db.session.scalar(select(Draft).where(Draft.case_id == case_id, Draft.state.in_(OPEN)))


def _lock_case(case_id: int) -> None:
    """Have nobody else begin a draft of the case, or take one up, until the commit."""
    db.session.execute(select(StoredCase.id).where(StoredCase.id == case_id).with_for_update())


def _begun(
    person: User,
    body: Body,
    note: str,
    *,
    case_id: int | None = None,
    base_id: int | None = None,
    now: datetime,
) -> Draft:
    if not person.roles & WRITERS:
        raise NotFound
    draft = Draft(
        case_id=case_id,
        base_id=base_id,
        owner_id=person.id,
        body=taken(body).body,
        revision=0,
        created_at=now,
        changed_at=now,
    )
    db.session.add(draft)
    db.session.flush()
    begun = DraftEvent(
        draft_id=draft.id, revision=0, by_id=person.id, at=now, tab="", changes=[], note=note
    )
    db.session.add(begun)
    keep_draft(draft.id, draft.case_id, draft.body)
    record(person, "draft.begin", "draft", draft.id, now=now, after={"how": note})
    return draft


def drop(person: User, draft_id: int, *, now: datetime) -> None:
    """Put a draft away; it is kept, and can be taken up again. Who reviews it need not any more.

    One that is put away already stays so.

    Raises:
        NotFound, KeysKept, ReviewsIt: *person* may not write in it.
        DraftTurned: it was published.
    """
    draft = queries.open_draft(draft_id, person, now, locked=True)
    if draft.state is DraftState.DROPPED:
        return
    _turn(draft_id, Draft.state.in_(OPEN), DraftState.DROPPED)
    forget_draft(draft_id)
    db.session.execute(
        update(Review)
        .where(
            Review.draft_id == draft_id,
            Review.stage.in_([ReviewStage.ASKED, ReviewStage.ANSWERED]),
        )
        .values(stage=ReviewStage.WITHDRAWN, decided_at=now, reason="The draft was dropped.")
    )
    record(person, "draft.drop", "draft", draft_id, now=now)


def take_up(person: User, draft_id: int, *, now: datetime) -> None:
    """Go on with a draft that was dropped.

    Raises:
        NotFound, KeysKept, ReviewsIt: *person* may not write in it.
        DraftTurned: it is not dropped.
        AnotherIsOpen: the case has another open draft by now.
    """
    draft = queries.open_draft(draft_id, person, now)
    if draft.case_id is not None:
        _lock_case(draft.case_id)
        if open_draft_of(draft.case_id) is not None:
            raise AnotherIsOpen
    _turn(draft_id, Draft.state == DraftState.DROPPED, DraftState.WRITING)
    keep_draft(draft.id, draft.case_id, draft.body)
    record(person, "draft.take_up", "draft", draft_id, now=now)


def _turn(draft_id: int, stands: ColumnElement[bool], state: DraftState) -> None:
    turned = db.session.scalar(
        update(Draft).where(Draft.id == draft_id, stands).values(state=state).returning(Draft.id)
    )
    if turned is None:
        raise DraftTurned
