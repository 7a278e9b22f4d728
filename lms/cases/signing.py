"""Who answers clinically for a case: signatures, and whether they hold still."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, select
from sqlalchemy.orm import aliased

from lms.cases.models import Approval, ApprovalKind, CaseVersion, ItemEdition, StoredCase
from lms.core.db import db
from lms.people.models import User
from question_bank.signatures import Signature, signature_at


def is_signed(version_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Return that a clinician answers for what the version with that id asks.

    The set-based form of `question_bank.signatures.signature_at`.
    """
    asked, signed, later = aliased(CaseVersion), aliased(CaseVersion), aliased(CaseVersion)
    new, old = aliased(ItemEdition), aliased(ItemEdition)
    known = (
        select(old.item_id)
        .where(
            old.case_version_id == signed.id,
            old.item_id == new.item_id,
            old.edition == new.edition,
        )
        .correlate(signed, new)
        .exists()
    )
    ended = (
        select(new.item_id)
        .join(later, later.id == new.case_version_id)
        .where(
            later.case_id == signed.case_id,
            later.number > signed.number,
            later.number <= asked.number,
            ~known,
        )
        .correlate(signed, asked)
        .exists()
    )
    return (
        select(Approval.id)
        .join(signed, signed.id == Approval.case_version_id)
        .join(asked, and_(asked.case_id == signed.case_id, asked.number >= signed.number))
        .where(asked.id == version_id, Approval.kind == ApprovalKind.CLINICAL, ~ended)
        .exists()
    )


@dataclass(frozen=True)
class SignatureState:
    """How what a case says stands to clinicians' signatures.

    Of `state` *holds* and *wording*: who signed which `version`, and when. Of *ended*: the same
    of the last signature, and which version ended it.
    """

    state: Signature
    by: str = ""
    at: datetime | None = None
    version: int | None = None
    ended_by: int | None = None

    @property
    def good(self) -> bool:
        """Whether a clinician answers for what is asked."""
        return self.state in (Signature.HOLDS, Signature.WORDING)


def signature_of(version: CaseVersion) -> SignatureState:
    """Return how *version* stands to the signatures of its case."""
    return signatures_of([version])[version.id]


def signatures_of(versions: Iterable[CaseVersion]) -> dict[int, SignatureState]:
    """Return how each of *versions* stands to the signatures of its case, by its id.

    In two statements, however many there are.
    """
    wanted = list(versions)
    case_ids = {each.case_id for each in wanted}
    acts: dict[int, dict[int, tuple[str, datetime]]] = {}
    for case_id, number, by, at in db.session.execute(
        select(CaseVersion.case_id, CaseVersion.number, User.name, Approval.at)
        .join(Approval, Approval.case_version_id == CaseVersion.id)
        .join(User, User.id == Approval.user_id)
        .where(CaseVersion.case_id.in_(case_ids), Approval.kind == ApprovalKind.CLINICAL)
        .order_by(Approval.id)
    ):
        acts.setdefault(case_id, {})[number] = (by, at)
    asked = _asked(acts.keys()) if acts else {}
    return {
        each.id: _state(each.number, acts.get(each.case_id, {}), asked.get(each.case_id, {}))
        for each in wanted
    }


def _asked(case_ids: Iterable[int]) -> dict[int, dict[int, frozenset[tuple[int, int]]]]:
    found: dict[int, dict[int, set[tuple[int, int]]]] = {}
    for case_id, number, item_id, edition in db.session.execute(
        select(CaseVersion.case_id, CaseVersion.number, ItemEdition.item_id, ItemEdition.edition)
        .join(ItemEdition, ItemEdition.case_version_id == CaseVersion.id)
        .where(CaseVersion.case_id.in_(list(case_ids)))
    ):
        found.setdefault(case_id, {}).setdefault(number, set()).add((item_id, edition))
    return {
        case_id: {number: frozenset(pairs) for number, pairs in by_number.items()}
        for case_id, by_number in found.items()
    }


def _state(
    number: int,
    acts: dict[int, tuple[str, datetime]],
    asked: dict[int, frozenset[tuple[int, int]]],
) -> SignatureState:
    found = signature_at(number, acts, asked)
    if found.version is None:
        return SignatureState(found.state)
    by, at = acts[found.version]
    return SignatureState(found.state, by, at, found.version, found.ended_by)


def signed_cases(case_ids: Iterable[int]) -> set[int]:
    """Return which of the cases a clinician answers for as they stand."""
    return set(
        db.session.scalars(
            select(StoredCase.id).where(
                StoredCase.id.in_(list(case_ids)), is_signed(StoredCase.current_id)
            )
        )
    )
