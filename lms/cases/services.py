"""Bringing cases into the bank: a new version only where what a case says has changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from lms.cases.editions import keep_editions
from lms.cases.images import keep_drawings
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, StoredCase
from lms.cases.queries import parsed
from lms.core.audit import record
from lms.core.db import db
from lms.core.errors import NotFound, Refusal
from lms.core.inserts import insert_unless_present
from lms.people.models import User
from lms.program.blueprint import blueprint
from question_bank.blueprint import check_tags
from question_bank.case import Case as CaseBody
from question_bank.case import case_to_json, content_hash, said_hash
from question_bank.formats.native import CaseFileError, read_reviewed
from question_bank.panels import keep_panels
from question_bank.reviewing import LONGEST_VALID, months_after


@dataclass
class LoadReport:
    """What became of the files: slugs, and a line for each thing that could not be taken."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def load_cases(
    actor: User | None, files: Iterable[tuple[str, str]], *, now: datetime
) -> LoadReport:
    """Bring the cases in *files* (name and text) into the bank.

    A file with a problem is left out and named; the others come in. Of two cases of one slug the
    first comes in. Loading the same
    files again changes nothing. Where a file wants a panel, the one that has answered since
    stays, as long as the case shows a panel the very same.
    """
    report = LoadReport()
    sources: dict[str, tuple[str, _Incoming]] = {}
    for name, text in files:
        read = _read(name, text, report, now=now)
        if read is None:
            continue
        slug = read.body.slug
        if sources.setdefault(slug, (name, read))[0] != name:
            report.problems.append(f"{name}: slug: “{slug}” is the slug of {sources[slug][0]} too")
    incoming = [read for _, read in sources.values()]
    known = _locked(incoming)
    for each in incoming:
        _store(actor, each, known[each.body.slug], report, now=now)
    return report


@dataclass(frozen=True)
class _Incoming:
    """A case as a file brings it, with the state of its review."""

    body: CaseBody
    clinical_review: str
    review_by: date

    @property
    def columns(self) -> dict[str, object]:
        """What the row of the case repeats of it, by its columns."""
        review = {"clinical_review": self.clinical_review, "review_by": self.review_by}
        return _columns(self.body) | review


def _read(name: str, text: str, report: LoadReport, *, now: datetime) -> _Incoming | None:
    try:
        body, review = read_reviewed(text, name)
    except CaseFileError as error:
        report.problems += [str(problem) for problem in error.problems]
        return None
    problems = check_tags(body, blueprint())
    report.problems += [f"{name}: {problem.field}: {problem.message}" for problem in problems]
    if problems:
        return None
    if review is None:
        return _Incoming(body, "pending", months_after(now.date(), LONGEST_VALID))
    return _Incoming(body, review.clinical_review, review.review_by)


def _locked(incoming: Sequence[_Incoming]) -> dict[str, StoredCase]:
    """Return the case of each of *incoming*, made if there is none, by its slug.

    Nobody else changes one until the commit. All loads make and lock them in one order, so that
    no two wait for each other; what a case says is read only once it is locked.
    """
    by_slug = {each.body.slug: each.columns for each in incoming}
    for slug in sorted(by_slug):
        db.session.execute(insert_unless_present(StoredCase, slug=slug, **by_slug[slug]))
    named = StoredCase.slug.in_(by_slug)
    db.session.execute(select(StoredCase.id).where(named).order_by(StoredCase.id).with_for_update())
    cases = db.session.scalars(
        select(StoredCase)
        .where(named)
        .options(joinedload(StoredCase.current), selectinload(StoredCase.items))
        .execution_options(populate_existing=True)
    )
    return {case.slug: case for case in cases}


def _store(
    actor: User | None, incoming: _Incoming, case: StoredCase, report: LoadReport, *, now: datetime
) -> None:
    """Have *case*, which nobody else changes, say what is *incoming*."""
    body, fresh = incoming.body, case.current is None
    if case.current is not None:
        before = parsed(case.current)
        body = keep_panels(body, before)
        if said_hash(before) == said_hash(body):
            report.unchanged.append(body.slug)
            return
    case.retired_at = None
    case.clinical_review, case.review_by = incoming.clinical_review, incoming.review_by
    version = _take_version(actor, case, body, "Loaded from a file", now=now)
    (report.new if fresh else report.changed).append(body.slug)
    record(actor, "case.load", "case", case.id, now=now, after={"version": version.number})


class CaseChanged(Refusal):
    """Somebody else has brought in a version since."""

    message = "The case has changed in the meantime. Reload the page to see how it stands."


def revise_case(
    actor: User | None, case_id: int, body: CaseBody, *, of: int, note: str, now: datetime
) -> CaseVersion:
    """Have a case say *body* from now on, in a new version; return it.

    Attempts that have been started keep the version they began with.

    Args:
        actor: Who changes it; None: the service itself.
        case_id: The case.
        body: What it says from now on, under the slug it has.
        of: The id of the version that *body* was made from.
        note: What has changed, for its history.
        now: When.

    Raises:
        NotFound: there is no such case.
        CaseChanged: version *of* is not in use any more.
    """
    case = db.session.scalar(
        select(StoredCase)
        .where(StoredCase.id == case_id, StoredCase.slug == body.slug)
        .options(joinedload(StoredCase.current), selectinload(StoredCase.items))
        .with_for_update(of=StoredCase)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound
    if case.current_id != of:
        raise CaseChanged
    version = _take_version(actor, case, body, note, of=case.current, now=now)
    record(actor, "case.revise", "case", case.id, now=now, after={"version": version.number})
    return version


def _take_version(
    actor: User | None,
    case: StoredCase,
    body: CaseBody,
    note: str,
    *,
    of: CaseVersion | None = None,
    now: datetime,
) -> CaseVersion:
    """Have *case*, known to the database, say *body*, made from version *of* if from one."""
    for name, value in _columns(body).items():
        setattr(case, name, value)
    version = _version(actor, case, body, note, of=of, now=now)
    case.current = version
    _match_items(case, body, now=now)
    db.session.flush()
    keep_editions(version, body, case.items)
    db.session.add(
        Approval(
            case_version_id=version.id,
            kind=ApprovalKind.EDITORIAL,
            who=ApprovedBy.COMMAND if actor is None else ApprovedBy.PERSON,
            user_id=None if actor is None else actor.id,
            at=now,
        )
    )
    return version


def _columns(body: CaseBody) -> dict[str, object]:
    """Return what the row of a case repeats of *body*, by its columns."""
    return {
        "title": body.title,
        "topic": body.topic,
        "approach": blueprint().approach_of(body.topic),
        "level": body.questions[0].level,
        "tracks": " ".join(body.tracks),
        "unfolds": body.unfolds,
    }


def _version(
    actor: User | None,
    case: StoredCase,
    body: CaseBody,
    note: str,
    *,
    of: CaseVersion | None,
    now: datetime,
) -> CaseVersion:
    """Return the version that says *body*: one that said it before, or the next.

    *of* is the one that *body* was made from, if it was made from one.
    """
    digest = content_hash(body)
    of_case = CaseVersion.case_id == case.id
    said_before = select(CaseVersion).where(of_case, CaseVersion.content_hash == digest)
    known = db.session.scalar(said_before)
    if known is not None:
        return known
    last = db.session.scalar(select(func.max(CaseVersion.number)).where(of_case))
    return CaseVersion(
        case_id=case.id,
        number=(last or 0) + 1,
        body=case_to_json(body),
        content_hash=digest,
        drawings=keep_drawings(body, of, now=now),
        author_id=None if actor is None else actor.id,
        change_note=note,
        created_at=now,
    )


def _match_items(case: StoredCase, body: CaseBody, *, now: datetime) -> None:
    rows = {item.key: item for item in case.items}
    for item in case.items:
        item.retired_at = item.retired_at or now
    for position, authored in enumerate(body.questions, start=1):
        row = rows.get(authored.key)
        if row is None:
            row = Item(key=authored.key)
            case.items.append(row)
        row.position = position
        row.kind, row.use = authored.type, authored.use
        row.topic, row.approach = case.topic, case.approach
        row.condition, row.level = body.condition, authored.level
        row.retired_at = None
