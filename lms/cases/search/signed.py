"""Whether a clinician answers for a case, as a condition that thousands are asked at once."""

from functools import cache

from sqlalchemy import ColumnElement, and_, or_, select

from lms.cases.models import Approval, ApprovalKind, CaseVersion, StoredCase
from lms.cases.signing import is_signed


@cache
def is_case_signed() -> ColumnElement[bool]:
    """Return that a clinician answers for what a case says; most often it is seen at once."""
    acts = select(CaseVersion.id, CaseVersion.case_id).join(
        Approval,
        and_(Approval.case_version_id == CaseVersion.id, Approval.kind == ApprovalKind.CLINICAL),
    )
    signed = acts.subquery()
    return or_(
        StoredCase.current_id.in_(select(signed.c.id)),
        and_(StoredCase.id.in_(select(signed.c.case_id)), is_signed(StoredCase.current_id)),
    )
