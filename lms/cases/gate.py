"""The publishing gate: what keeps a case from being asked."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from lms.cases.content import drawing, facts, starter_slugs
from lms.cases.knowledge import OwnLists, acts_known, own_lists
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.queries import parsed
from lms.core.audit import Deed, record_all
from lms.core.db import db
from lms.core.errors import Refusal
from lms.program.blueprint import blueprint
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase, content_hash
from question_bank.drawings import drawings_named
from question_bank.lint import RULES, errors_of
from question_bank.rules.base import Finding
from question_bank.rules.reading import CaseReading

DAMAGED = "Its version is damaged and cannot be read."


class Unpublishable(Refusal):
    """The gate did not let it pass, with a sentence for everything that has to be mended."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"This case cannot be published. {' '.join(self.faults)}")


@dataclass(frozen=True)
class _Said:
    """What a case says, told apart by its content hash, and what is known that it may name."""

    content_hash: str
    siblings: frozenset[str]
    own: OwnLists
    first: bool
    case: CaseBody = field(compare=False)


def errors_in(
    case: CaseBody, known: Iterable[str], own: OwnLists, *, first: bool
) -> tuple[Finding, ...]:
    """Return the findings of level E in *case*, looked for once per content and process.

    Args:
        case: The case.
        known: The slugs that it may be a sibling of.
        own: The facts and acts that it may name beside the shipped ones.
        first: Whether it was written in the first format, as all were that have a harm in words:
            less keeps these back, so that what is free of errors is so in either format.
    """
    siblings = frozenset(slug for slug in known if slug == case.sibling_of)
    said = _Said(content_hash(case), siblings, own, False, case)
    found = _errors(said)
    return _errors(replace(said, first=True)) if found and first else found


@lru_cache(maxsize=4096)
def _errors(said: _Said) -> tuple[Finding, ...]:
    own = said.own
    known = facts() if not own.facts else {fact.id: fact for fact in own.facts} | dict(facts())
    return errors_of(
        CaseReading(said.case, known, acts_known(own), said.siblings, blueprint(), said.first)
    )


def siblings_known(bodies: Iterable[CaseBody]) -> set[str]:
    """Return the slugs that *bodies* name as siblings, of cases that the bank has or comes with."""
    named = {body.sibling_of for body in bodies if body.sibling_of}
    if not named:
        return set()
    stored = db.session.scalars(select(StoredCase.slug).where(StoredCase.slug.in_(named)))
    return set(stored) | named & starter_slugs()


def faults_of(
    body: CaseBody, drawings: Mapping[str, str], own: OwnLists, known: Iterable[str]
) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps a stored *body* from being asked.

    With its *drawings*, the facts and acts that it may name beside the shipped ones, and the
    siblings that are *known*. A harm in words keeps none back: only files of the first format
    bring such a one in.
    """
    found = errors_in(body, known, own, first=True)
    lost = [name for name in drawings_named(body) if name not in drawings and not drawing(name)]
    return (
        *(f"{each.rule}, {each.field}: {each.message} ({each.mend})." for each in found),
        *(f"There is no drawing “{name}”." for name in lost),
    )


def fault_in_short(fault: str) -> str:
    """Return what *fault* of a case says, without what it quotes: that may tell a key."""
    rules = sorted({rule for rule in re.findall(r"(?:^| )(L\d\d)(?=, )", fault) if rule in RULES})
    if not rules:
        return "It is damaged, or shows a drawing that is not there."
    return f"It breaks {' and '.join(rules)} of the rules."


BATCH = 100
"""How many versions are held at a time while all are looked at."""


def faults_today() -> dict[int, str | None]:
    """Return what the rules of today find in each version that is in use, by its id; None: nothing.

    It takes the longer, the larger the bank is: so it comes before the transaction that notes it.
    """
    own = own_lists()
    ids = db.session.scalars(
        select(StoredCase.current_id)
        .where(StoredCase.retired_at.is_(None), StoredCase.current_id.is_not(None))
        .order_by(StoredCase.current_id)
    ).all()
    found: dict[int, str | None] = {}
    for start in range(0, len(ids), BATCH):
        batch = CaseVersion.id.in_(ids[start : start + BATCH])
        versions = db.session.scalars(select(CaseVersion).where(batch)).all()
        found |= {version.id: _fault(version, own) for version in versions}
    return found


def recheck(found: Mapping[int, str | None], *, now: datetime) -> int:
    """Note what was *found* by `faults_today`; return how many cases are not to be drawn.

    Rules and facts come with the code: this is for when that has changed. A case in which they
    find a fault leaves draws, and is listed with it; one without comes back. What has been
    published since was looked at then.
    """
    cases = db.session.scalars(
        select(StoredCase)
        .where(StoredCase.retired_at.is_(None), StoredCase.current_id.is_not(None))
        .order_by(StoredCase.id)
        .with_for_update(of=StoredCase)
        .execution_options(populate_existing=True)
    ).all()
    deeds = []
    for case in cases:
        fault = found.get(case.current_id or 0, case.fault)
        if fault != case.fault:
            before, after = (
                {"fault": each and fault_in_short(each)} for each in (case.fault, fault)
            )
            deeds.append(Deed("case.recheck", "case", case.id, before, after))
            case.fault = fault
    record_all(None, deeds, now=now)
    return sum(case.fault is not None for case in cases)


def _fault(version: CaseVersion, own: OwnLists) -> str | None:
    try:
        body = parsed(version)
        return " ".join(faults_of(body, version.drawings, own, siblings_known([body]))) or None
    except InvalidCase:
        return DAMAGED
