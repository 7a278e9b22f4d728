"""The act by which a clinician answers for what a case teaches."""

from datetime import datetime

from lms.attempts.secrecy import check_may_read_keys
from lms.authoring.reviews.queries import case_authors
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion
from lms.cases.queries import parsed
from lms.cases.services import locked_case
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import Invalid, Refusal
from lms.people.models import User
from question_bank.reviewing import next_review


class NotAClinician(Refusal):
    """Who wants to sign is not marked as one."""

    http_status = 403
    message = "Only clinicians sign. A director marks who is one, on the person’s page."


class OwnCase(Refusal):
    """Who wrote a case does not answer for it."""

    http_status = 403
    message = "You wrote in this case. Another clinician signs it."


class NotInUse(Refusal):
    """What is signed is what fellows are asked."""

    message = "This case is not published, or retired, so it cannot be signed."


def why_not_sign(person: User, case_id: int) -> str:
    """Return why *person* may not sign a case; empty: the person may."""
    if not person.clinician:
        return NotAClinician.message
    return OwnCase.message if person.id in case_authors(case_id) else ""


def sign(person: User, slug: str, *, read: bool, now: datetime) -> CaseVersion:
    """Have *person* answer clinically for what a case says now; return that version.

    The case is good from today for as long as a review is. Signed again, the last act counts.

    Raises:
        NotFound: there is no such case.
        KeysKept: the person may not read its keys.
        NotAClinician, OwnCase, NotInUse: as they say.
        Invalid: the person does not say that it was read.
    """
    case = locked_case(slug)
    check_may_read_keys(person, case.id, now)
    if not person.clinician:
        raise NotAClinician
    if person.id in case_authors(case.id):
        raise OwnCase
    version = case.current
    if version is None or case.retired_at is not None:
        raise NotInUse
    if not read:
        raise Invalid("Say that you have read it, then sign.", field="read")
    db.session.add(
        Approval(
            case_version_id=version.id,
            kind=ApprovalKind.CLINICAL,
            who=ApprovedBy.PERSON,
            user_id=person.id,
            at=now,
        )
    )
    case.review_by = next_review(now.date(), parsed(version).focus)
    after = {"version": version.number, "review_by": case.review_by.isoformat()}
    record(person, "case.sign", "case", case.id, now=now, after=after)
    return version
