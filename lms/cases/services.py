"""Bringing cases into the bank, changing them, and publishing what was proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from lms.cases.content import starter_review_by
from lms.cases.incoming import Incoming, read_incoming
from lms.cases.models import ApprovedBy, CaseVersion, StoredCase
from lms.cases.publishing import Act, act_of, columns, publish
from lms.cases.queries import parsed
from lms.cases.versions import add_version, newest_version, says
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.core.inserts import insert_unless_present
from lms.people.models import User
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase
from question_bank.panels import keep_panels


@dataclass
class LoadReport:
    """What became of the files: slugs, and a line for each thing that could not be taken.

    `proposed`: what reaches nobody until somebody publishes it.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def load_cases(
    actor: User | None, files: Iterable[tuple[str, str]], *, now: datetime
) -> LoadReport:
    """Bring the cases in *files* (name and text) into the bank; see `bring_in`."""
    return bring_in(actor, *read_incoming(files), now=now)


def bring_in(
    actor: User | None, incoming: Sequence[Incoming], problems: Sequence[str], *, now: datetime
) -> LoadReport:
    """Bring *incoming* cases into the bank, which a load has read with *problems* of other files.

    A file with a problem is left out and named; the others come in. Of two cases of one slug the
    first comes in. Loading the same files again changes nothing. Where a file wants a panel, the
    one that has answered since stays, as long as the case shows a panel the very same.

    What comes in is published by *actor*; without one the installation publishes the starter
    bank's own files, and everything else is proposed. So is what would take the place of a version
    that a person has published here.

    Raises:
        MayNotPublish: *actor* does not look after the bank.
    """
    act = None if actor is None else act_of(actor)
    report = LoadReport(problems=list(problems))
    known = _locked([each.body for each in incoming])
    for each in incoming:
        case = known[each.body.slug]
        reused = each.reused_keys(case)
        report.problems += reused
        if not reused:
            _store(act, each, case, report, now=now)
    return report


def _locked(bodies: Sequence[CaseBody]) -> dict[str, StoredCase]:
    """Return the case of each of *bodies*, made if there is none, by its slug.

    Nobody else changes one until the commit. All loads make and lock them in one order, so that
    no two wait for each other; what a case says is read only once it is locked.
    """
    by_slug = {body.slug: columns(body) for body in bodies}
    for slug in sorted(by_slug):
        db.session.execute(insert_unless_present(StoredCase, slug=slug, **by_slug[slug]))
    named = StoredCase.slug.in_(by_slug)
    db.session.execute(select(StoredCase.id).where(named).order_by(StoredCase.id).with_for_update())
    cases = db.session.scalars(
        select(StoredCase)
        .where(named)
        .options(
            joinedload(StoredCase.current).selectinload(CaseVersion.approvals),
            selectinload(StoredCase.items),
        )
        .execution_options(populate_existing=True)
    )
    return {case.slug: case for case in cases}


def _store(
    act: Act | None, incoming: Incoming, case: StoredCase, report: LoadReport, *, now: datetime
) -> None:
    """Have *case*, which nobody else changes, say what is *incoming*, or propose that."""
    fresh, version = case.current is None, newest_version(case)
    body = _with_panels(_with_panels(incoming.body, version), case.current)
    by = None if act is None else act.by
    act = _act_on(case, incoming, act)
    known = version is not None and says(version, body)
    if version is None or not known:
        if by is None and act is None and _said_once(case, body):
            report.unchanged.append(case.slug)
            return
        note = "Loaded from a file"
        version = add_version(case, body, author=by, note=note, of=None, now=now)
    elif version.published:
        report.unchanged.append(case.slug)
        return
    if act is None:
        report.proposed.append(case.slug)
    else:
        publish(case, version, act, now=now)
        (report.new if fresh else report.changed).append(case.slug)
    if act is not None or not known:
        action = "case.propose" if act is None else "case.load"
        record(by, action, "case", case.id, now=now, after={"version": version.number})


def _with_panels(body: CaseBody, version: CaseVersion | None) -> CaseBody:
    try:
        return body if version is None else keep_panels(body, parsed(version))
    except InvalidCase:
        return body


def _act_on(case: StoredCase, incoming: Incoming, act: Act | None) -> Act | None:
    """Return the act that lets *case* say what is *incoming*; None: it is to be proposed."""
    published = case.current.published if case.current else None
    if published is not None and published.who is ApprovedBy.PERSON:
        return None
    if act is not None:
        return act
    ours = published is None or published.who is ApprovedBy.INSTALLATION
    if incoming.shipped and ours:
        return Act(None, starter_review_by(case.slug))
    return None


def _said_once(case: StoredCase, body: CaseBody) -> bool:
    """Return whether *case* has been published with *body* before, and so left it behind."""
    versions = db.session.scalars(
        select(CaseVersion)
        .where(CaseVersion.case_id == case.id)
        .options(selectinload(CaseVersion.approvals))
    )
    return any(version.published and says(version, body) for version in versions)


class NothingProposed(Refusal):
    """There is nothing to publish."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"Nothing is proposed of a case “{slug}”.")


class CaseChanged(Refusal):
    """Somebody else has brought in a version since."""

    message = "The case has changed in the meantime. Reload the page to see how it stands."


def publish_proposal(actor: User, slug: str, number: int, *, now: datetime) -> CaseVersion:
    """Have a case say what version *number* of it proposes.

    Args:
        actor: Who publishes it, and answers for it.
        slug: The case.
        number: Which of its versions *actor* has seen.
        now: When.

    Raises:
        NotFound: there is no such case.
        CaseChanged: that version is not what is proposed, or not any more.
        MayNotPublish, Unpublishable: the actor may not, or the gate does not let it pass.
    """
    case = locked_case(slug)
    version = newest_version(case)
    if version is None or version.number != number or version.published:
        raise CaseChanged
    publish(case, version, act_of(actor), now=now)
    record(actor, "case.publish", "case", case.id, now=now, after={"version": number})
    return version


def publish_newest(actor: User, slug: str, *, now: datetime) -> CaseVersion:
    """Have a case say what is proposed, whatever that is; errors as `publish_proposal`.

    Raises:
        NothingProposed: nothing of such a case waits to be published.
    """
    number = db.session.scalar(
        select(func.max(CaseVersion.number)).join(CaseVersion.case).where(StoredCase.slug == slug)
    )
    try:
        return publish_proposal(actor, slug, number or 0, now=now)
    except (NotFound, CaseChanged) as refusal:
        raise NothingProposed(slug) from refusal


def locked_case(slug: str) -> StoredCase:
    """Return a case, items and current version loaded, which nobody else changes now.

    Raises:
        NotFound: there is no such case.
    """
    return _locked_one(StoredCase.slug == slug)


def _locked_one(*where: ColumnElement[bool]) -> StoredCase:
    """Return the case, items and current version loaded, which nobody else changes now."""
    case = db.session.scalar(
        select(StoredCase)
        .where(*where)
        .options(joinedload(StoredCase.current), selectinload(StoredCase.items))
        .with_for_update(of=StoredCase)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound
    return case
