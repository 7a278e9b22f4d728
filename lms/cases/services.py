"""Bringing cases into the bank, changing them, and publishing what was proposed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from lms.cases.content import starter_review_by
from lms.cases.incoming import Incoming, read_incoming
from lms.cases.models import ApprovedBy, CaseVersion, StoredCase
from lms.cases.publishing import Act, Publication, act_of, columns, publish
from lms.cases.queries import parsed
from lms.cases.versions import ToSay, add_versions, newest_version, newest_versions, says
from lms.core.audit import Deed, record, record_all
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.core.inserts import insert_into
from lms.people.models import User
from question_bank.case import Case as CaseBody
from question_bank.case import InvalidCase
from question_bank.panels import keep_panels, wanting

BATCH = 100
"""How many cases are stored by the same statements."""


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
    taken = []
    for each in incoming:
        case = known[each.body.slug]
        reused = each.reused_keys(case)
        report.problems += reused
        if not reused:
            taken.append((each, case))
    for start in range(0, len(taken), BATCH):
        _store(act, taken[start : start + BATCH], report, now=now)
    return report


def _locked(bodies: Sequence[CaseBody]) -> dict[str, StoredCase]:
    """Return the case of each of *bodies*, made if there is none, by its slug.

    Nobody else changes one until the commit. All loads make and lock them in one order, so that
    no two wait for each other; what a case says is read only once it is locked.
    """
    by_slug = {body.slug: columns(body) for body in bodies}
    rows = [{"slug": slug, **by_slug[slug]} for slug in sorted(by_slug)]
    for start in range(0, len(rows), BATCH):
        inserted = insert_into(StoredCase, db.engine.dialect.name)
        db.session.execute(inserted.values(rows[start : start + BATCH]))
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


@dataclass(frozen=True)
class _Coming:
    """What a case is to say, by an act that publishes it, or else to be proposed.

    `known`: the version that says it already, and waits to be published.
    """

    case: StoredCase
    body: CaseBody
    act: Act | None
    known: CaseVersion | None


def _store(
    act: Act | None,
    incoming: Sequence[tuple[Incoming, StoredCase]],
    report: LoadReport,
    *,
    now: datetime,
) -> None:
    """Have cases, which nobody else changes, say what is *incoming*, or propose that."""
    by = None if act is None else act.by
    newest = newest_versions(case for _, case in incoming)
    coming = []
    for each, case in incoming:
        found = _coming(act, each, case, newest.get(case.id))
        if found is None:
            report.unchanged.append(case.slug)
        else:
            coming.append(found)
    fresh = [new.case.current is None for new in coming]
    said = [ToSay(new.case, new.body) for new in coming if new.known is None]
    added = iter(add_versions(said, author=by, note="Loaded from a file", now=now))
    stored = [(new, new.known or next(added)) for new in coming]
    publish([Publication(new.case, what, new.act) for new, what in stored if new.act], now=now)
    for new, is_fresh in zip(coming, fresh, strict=True):
        taken = report.new if is_fresh else report.changed
        (taken if new.act else report.proposed).append(new.case.slug)
    noted = [(new, what) for new, what in stored if new.act or new.known is None]
    record_all(by, [_deed(new, what) for new, what in noted], now=now)


def _deed(coming: _Coming, version: CaseVersion) -> Deed:
    action = "case.load" if coming.act else "case.propose"
    return Deed(action, "case", coming.case.id, after={"version": version.number})


def _coming(
    act: Act | None, incoming: Incoming, case: StoredCase, newest: CaseVersion | None
) -> _Coming | None:
    """Return what *case*, whose *newest* version that is, is to say; None: it says that already."""
    body = _with_panels(_with_panels(incoming.body, newest), case.current)
    known = newest if newest is not None and says(newest, body) else None
    if known is not None and known.published:
        return None
    publishing = _act_on(case, incoming, act)
    nobody = publishing is None and (act is None or act.by is None)
    if known is None and newest is not None and nobody and _said_once(case, body):
        return None
    return _Coming(case, body, publishing, known)


def _with_panels(body: CaseBody, version: CaseVersion | None) -> CaseBody:
    if version is None or not wanting(body):
        return body
    try:
        return keep_panels(body, parsed(version))
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
    publish([Publication(case, version, act_of(actor))], now=now)
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
