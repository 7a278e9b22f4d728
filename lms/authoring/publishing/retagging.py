"""Tagging a case anew: a version that says the same, published where one person may."""

from dataclasses import dataclass
from datetime import date, datetime

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.publishing.services import ALONE, clearance
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.cases.revisions import propose_revision, publish_version
from lms.cases.versions import newest_version
from lms.core.errors import Refusal
from lms.people.models import User
from question_bank.case import Case, InvalidCase
from question_bank.retagging import TagMisfit, retagged
from question_bank.reviewing import next_review


class NotRetagged(Refusal):
    """The case stays as it is, with why."""


@dataclass(frozen=True)
class TagChange:
    """A tag of `question_bank.retagging.RETAGGED`, given or taken; `said` is that in words."""

    dimension: str
    tag: str
    add: bool
    said: str


@dataclass(frozen=True)
class Retagged:
    """The version that has the change. `why_not`: why it is only proposed; empty: it is in use."""

    number: int
    why_not: str = ""


def retag(person: User, case: StoredCase, change: TagChange, now: datetime) -> Retagged | None:
    """Have *case*, which nobody else changes, say *change*; return None if it does already.

    What is right does not change, so signatures and editions go on, and nobody has read the case
    anew, so it is to be reviewed when it was. Who tags it has written in it from then on. Where
    this person may not publish it, the new version is proposed.

    Raises:
        KeysKept: the person may not read its keys.
        NotRetagged: it is retired, nothing of it is in use, another version waits to be published,
            or the tag does not fit.
        Unpublishable: a rule finds a fault in it.
    """
    check_may_read_keys(person, case.id, now)
    newest = newest_version(case)
    if newest is not None and not newest.published and has(newest, change):
        return None
    said = _said(case, newest, change)
    if said is None or case.current is None:
        return None
    version = propose_revision(
        person, case.id, said, of=case.current.id, note=f"{change.said}.", now=now
    )
    found = clearance(person, version)
    if found.why_not:
        return Retagged(version.number, found.why_not)
    note, review_by = ALONE if found.alone else "", _review_by(case, said, now)
    publish_version(person, version, False, now, note=note, review_by=review_by)
    return Retagged(version.number)


def has(version: CaseVersion, change: TagChange) -> bool:
    """Return whether *version* is as *change* would have it."""
    tags = version.body.get(change.dimension) or ()
    return (change.tag in ([tags] if isinstance(tags, str) else tags)) == change.add


def _said(case: StoredCase, newest: CaseVersion | None, change: TagChange) -> Case | None:
    """Return what the case would say; None: it says that."""
    if case.retired_at is not None:
        raise NotRetagged("It is retired.")
    if case.current is None or newest is None:
        raise NotRetagged("Nothing of it is in use yet. Tag its draft.")
    if not newest.published:
        raise NotRetagged(f"Version {newest.number} waits to be published. See to that first.")
    try:
        body = parsed(case.current)
        said = retagged(body, change.dimension, change.tag, add=change.add)
    except InvalidCase as error:
        raise NotRetagged("What is in use of it is damaged and cannot be read.") from error
    except TagMisfit as misfit:
        raise NotRetagged(str(misfit)) from misfit
    return None if said is body else said


def _review_by(case: StoredCase, said: Case, now: datetime) -> date | None:
    """Return the day of review that the case has, or an earlier one if it is good for less now."""
    if case.review_by is None:
        return None
    return min(case.review_by, next_review(now.date(), said.focus))
