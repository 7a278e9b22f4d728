"""Revisions of a case: proposing one, publishing it with what it changes, retiring a case."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from lms.cases.models import CaseVersion, StoredCase
from lms.cases.publishing import Publication, act_of, publish
from lms.cases.queries import parsed
from lms.cases.services import CaseChanged, locked_case
from lms.cases.versions import add_version, newest_version
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.people.models import User
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase
from question_bank.editions import items_that_differ
from question_bank.items import AnyItem
from question_bank.turning import items_that_turned


def propose_revision(
    actor: User, case_id: int, body: CaseBody, *, of: int, note: str, now: datetime
) -> CaseVersion:
    """Propose that a case says *body* from now on; return the new version.

    It reaches nobody until somebody publishes it.

    Args:
        actor: Who changes it.
        case_id: The case.
        body: What it is to say, under the slug it has.
        of: The id of the version that *body* was made from.
        note: What has changed, for its history.
        now: When.

    Raises:
        NotFound: there is no such case.
        CaseChanged: version *of* is not in use any more.
    """
    case = _locked(case_id)
    if case.current_id != of or case.slug != body.slug:
        raise CaseChanged
    version = add_version(case, body, author=actor, note=note, of=case.current, now=now)
    record(actor, "case.revise", "case", case.id, now=now, after={"version": version.number})
    return version


class RightChanged(Invalid):
    """Who publishes says that only words change, and the items *numbers* have another answer."""

    def __init__(self, numbers: Sequence[int]) -> None:
        which = " and ".join(f"item {number}" for number in numbers)
        super().__init__(
            f"Another answer is right than before in {which}, so this changes what is right.",
            field="changes_right",
        )


def publish_version(
    person: User,
    version: CaseVersion,
    changes_right: bool | None,
    now: datetime,
    *,
    items: Collection[str] = (),
    note: str = "",
    review_by: date | None = None,
) -> CaseVersion:
    """Have a case say what is proposed of it, as *person* who has read it says of the change.

    Whether the person may is asked by who calls. Running attempts keep the version they began with.

    Args:
        person: Who publishes it, and answers for it.
        version: The proposal that the person has seen.
        changes_right: Whether it changes what is right: then signatures end, and so do the
            editions of *items*. None: there is nothing in use that it could change.
        now: When.
        items: Keys of the items whose answer changes; none named: those that ask otherwise by
            their texts, or all if none does. Those whose answer certainly does are among them.
        note: What is to be known of the act.
        review_by: By which day the case is to be reviewed; None: in as long as a review is good.

    Raises:
        NotFound: there is no such case.
        CaseChanged: that version is not what is proposed, or not any more.
        RightChanged: only words are said to change, and another answer is right.
        MayNotPublish, Unpublishable: the person may not, or the gate does not let it pass.
    """
    case = _locked(version.case_id)
    newest = newest_version(case)
    if newest is None or newest.id != version.id or newest.published:
        raise CaseChanged
    changed = _changed(case, newest, changes_right, items)
    act = replace(act_of(person), review_by=review_by)
    publish([Publication(case, newest, act, changed, note)], now=now)
    after = {"version": newest.number}
    said = {} if changed is None else {"changes_right": bool(changed), "items": changed}
    record(person, "case.publish", "case", case.id, now=now, after=after | said)
    return newest


def _changed(
    case: StoredCase, version: CaseVersion, changes_right: bool | None, items: Collection[str]
) -> list[str] | None:
    """Return the keys of the items whose editions end; None: fingerprints are to tell."""
    if case.current is None or changes_right is None:
        return None
    asked = parsed(version).questions
    turned = turning(case.current, asked)
    if not changes_right:
        if turned:
            raise RightChanged([n for n, item in enumerate(asked, 1) if item.key in turned])
        return []
    named = items or differing(case.current, asked)
    return [e.key for e in asked if e.key in named or e.key in turned] or [e.key for e in asked]


def differing(replaced: CaseVersion, asked: Sequence[AnyItem]) -> tuple[str, ...]:
    """Return the keys of *asked* that ask otherwise, by their texts, than in what is *replaced*."""
    try:
        return items_that_differ(parsed(replaced).questions, asked)
    except InvalidCase:
        return ()


def turning(replaced: CaseVersion, asked: Sequence[AnyItem]) -> tuple[str, ...]:
    """Return the keys of *asked* whose answer is certainly another than in what is *replaced*."""
    try:
        return items_that_turned(parsed(replaced).questions, asked)
    except InvalidCase:
        return ()


class RetiredAlready(Refusal):
    """Somebody else was first."""

    message = "This case is retired already."


class NotRetired(Refusal):
    """Somebody else was first, or it never was."""

    message = "This case is not retired."


def retire_case(actor: User, slug: str, why: str, *, now: datetime) -> None:
    """Take a case out of the bank: no new quiz asks it. What is assigned or running stays.

    Raises:
        NotFound: there is no such case.
        RetiredAlready: it is retired.
    """
    case = locked_case(slug)
    if case.retired_at is not None:
        raise RetiredAlready
    case.retired_at = now
    record(actor, "case.retire", "case", case.id, now=now, after={"why": why})


def bring_back(actor: User, slug: str, why: str, *, now: datetime) -> None:
    """Have a retired case be asked again, as it was published last.

    Raises:
        NotFound: there is no such case.
        NotRetired: it is not retired.
    """
    case = locked_case(slug)
    if case.retired_at is None:
        raise NotRetired
    case.retired_at = None
    record(actor, "case.bring_back", "case", case.id, now=now, after={"why": why})


def _locked(case_id: int) -> StoredCase:
    slug = db.session.scalar(select(StoredCase.slug).where(StoredCase.id == case_id))
    if slug is None:
        raise NotFound
    return locked_case(slug)
