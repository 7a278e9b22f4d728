"""Publishing: the act by which a version becomes what a case says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lms.cases.editions import keep_editions
from lms.cases.gate import Unpublishable, faults_of
from lms.cases.knowledge import own_lists
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, StoredCase
from lms.cases.queries import parsed
from lms.cases.reused_keys import reused_keys
from lms.cases.search.keeping import keep_published
from lms.core.db import db
from lms.core.errors import Refusal
from lms.people.models import Role, User, UserRole
from lms.program.blueprint import blueprint
from question_bank.case import Case as CaseBody
from question_bank.case import case_to_json
from question_bank.reviewing import next_review

PUBLISHERS = (Role.FACULTY, Role.DIRECTOR)


class MayNotPublish(Refusal):
    """Who wants to publish does not look after the bank."""

    def __init__(self, person: User) -> None:
        super().__init__(
            f"{person.name} may not publish cases: only faculty and directors may whose account "
            "is in use."
        )


@dataclass(frozen=True)
class Act:
    """Who publishes, and by which day the case is to be reviewed after it.

    Without a person it is the installation's own, which is for the starter bank alone. Without a
    day, the case is good for as long as a review of such a case is.
    """

    by: User | None
    review_by: date | None = None

    @property
    def who(self) -> ApprovedBy:
        """What kind of actor it is."""
        return ApprovedBy.INSTALLATION if self.by is None else ApprovedBy.PERSON


def act_of(person: User) -> Act:
    """Return the act of *person*, which is good for as long as a review is.

    Raises:
        MayNotPublish: the person does not look after the bank.
    """
    may = (
        select(UserRole.user_id)
        .join(User)
        .where(User.id == person.id, User.disabled_at.is_(None), UserRole.role.in_(PUBLISHERS))
    )
    if db.session.scalar(may.limit(1)) is None:
        raise MayNotPublish(person)
    return Act(person)


def publish(
    case: StoredCase,
    version: CaseVersion,
    act: Act,
    *,
    now: datetime,
    changed: Collection[str] | None = None,
    note: str = "",
) -> None:
    """Have *case*, which nobody else changes, items loaded, say *version* from now on.

    Args:
        case: The case.
        version: What it is to say.
        act: Who publishes it.
        now: When.
        changed: The keys of the items of which the person says that what is right has changed, so
            that their editions end; None: nobody was asked, and fingerprints tell.
        note: What is to be known of the act.

    Raises:
        Unpublishable: a rule finds a fault in it, of those that keep a case back; or a key would
            stand for another question than before.
    """
    body = parsed(version)
    reused = [f"{field}: {sentence}." for field, sentence in reused_keys(case, body)]
    faults = [*faults_of(body, version.drawings, own_lists()), *reused]
    if faults:
        raise Unpublishable(faults)
    for name, value in columns(body).items():
        setattr(case, name, value)
    replaced = case.current
    case.current = version
    case.review_by = act.review_by or next_review(now.date(), body.focus)
    case.retired_at = case.fault = None
    if case.owner_id is None and act.by is not None:
        case.owner_id = version.author_id or act.by.id
    _match_items(case, body, now=now)
    db.session.add(
        Approval(
            case_version_id=version.id,
            kind=ApprovalKind.EDITORIAL,
            who=act.who,
            user_id=None if act.by is None else act.by.id,
            at=now,
            note=note,
            changes_right=None if changed is None else bool(changed),
        )
    )
    db.session.flush()
    keep_editions(version, body, case.items, replaced=replaced, changed=changed)
    keep_published(case.id, version.id, case_to_json(body))


def columns(body: CaseBody) -> dict[str, object]:
    """Return what the row of a case repeats of *body*, by its columns."""
    return {
        "title": body.title,
        "topic": body.topic,
        "approach": blueprint().approach_of(body.topic),
        "level": body.questions[0].level,
        "tracks": " ".join(body.tracks),
        "unfolds": body.unfolds,
    }


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
