"""NowAsked: the act by which a version becomes what a case says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm.attributes import set_committed_value

from lms.cases.editions import NowAsked, keep_editions
from lms.cases.gate import Unpublishable, faults_of, siblings_known
from lms.cases.knowledge import own_lists
from lms.cases.models import Approval, ApprovalKind, ApprovedBy, CaseVersion, Item, StoredCase
from lms.cases.queries import parsed
from lms.cases.reused_keys import reused_keys
from lms.cases.search.keeping import VersionSaid, keep_published
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.inserts import insert_all
from lms.people.models import Role, User, UserRole
from lms.program.blueprint import blueprint
from question_bank.case import Case as CaseBody
from question_bank.case import case_to_json
from question_bank.items import AnyItem
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


@dataclass(frozen=True)
class Publication:
    """That a case, which nobody else changes, items loaded, is to say a version from now on.

    `act`: who publishes it. `changed`: the keys of the items of which the person says that what is
    right has changed, so that their editions end; None: nobody was asked, and fingerprints tell.
    `note`: what is to be known of the act.
    """

    case: StoredCase
    version: CaseVersion
    act: Act
    changed: Collection[str] | None = None
    note: str = ""


def publish(publications: Sequence[Publication], *, now: datetime) -> None:
    """Publish versions, each of another case: all of them or none.

    Raises:
        Unpublishable: a rule finds a fault in one, of those that keep a case back; or a key would
            stand for another question than before.
    """
    if not publications:
        return
    bodies = [parsed(each.version) for each in publications]
    _ask_gate(publications, bodies)
    replaced = [each.case.current for each in publications]
    for each, body in zip(publications, bodies, strict=True):
        _say(each, body, now=now)
    _match_items([each.case for each in publications], bodies, now=now)
    approvals = [_approval(each, now) for each in publications]
    db.session.execute(insert(Approval), approvals)
    keep_editions(
        [
            NowAsked(each.version, body, each.case.items, before, each.changed)
            for each, body, before in zip(publications, bodies, replaced, strict=True)
        ]
    )
    keep_published(
        [
            VersionSaid(each.case.id, each.version.id, case_to_json(body))
            for each, body in zip(publications, bodies, strict=True)
        ]
    )


def _ask_gate(publications: Sequence[Publication], bodies: Sequence[CaseBody]) -> None:
    own, known = own_lists(), siblings_known(bodies)
    for each, body in zip(publications, bodies, strict=True):
        reused = [f"{field}: {sentence}." for field, sentence in reused_keys(each.case, body)]
        faults = [*faults_of(body, each.version.drawings, own, known), *reused]
        if faults:
            raise Unpublishable(faults)


def _say(publication: Publication, body: CaseBody, *, now: datetime) -> None:
    case, version, act = publication.case, publication.version, publication.act
    for name, value in columns(body).items():
        setattr(case, name, value)
    case.current = version
    case.review_by = act.review_by or next_review(now.date(), body.focus)
    case.retired_at = case.fault = None
    if case.owner_id is None and act.by is not None:
        case.owner_id = version.author_id or act.by.id


def _approval(publication: Publication, now: datetime) -> dict[str, object]:
    act, changed = publication.act, publication.changed
    return {
        "case_version_id": publication.version.id,
        "kind": ApprovalKind.EDITORIAL,
        "who": act.who,
        "user_id": None if act.by is None else act.by.id,
        "at": now,
        "note": publication.note,
        "changes_right": None if changed is None else bool(changed),
    }


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


def _match_items(cases: Sequence[StoredCase], bodies: Sequence[CaseBody], *, now: datetime) -> None:
    """Have the items of *cases* be those of *bodies*; an item that is asked no more stays."""
    rows = []
    for case, body in zip(cases, bodies, strict=True):
        known = {item.key: item for item in case.items}
        for item in case.items:
            item.retired_at = item.retired_at or now
        for position, authored in enumerate(body.questions, start=1):
            said = _item_said(case, body, authored) | {"position": position}
            if authored.key in known:
                for name, value in said.items():
                    setattr(known[authored.key], name, value)
            else:
                rows.append({"case_id": case.id, "key": authored.key, **said})
    made: dict[int, list[Item]] = {}
    for item in insert_all(Item, rows):
        made.setdefault(item.case_id, []).append(item)
    for case in cases:
        items = [*case.items, *made.get(case.id, ())]
        set_committed_value(case, "items", sorted(items, key=lambda item: item.position))


def _item_said(case: StoredCase, body: CaseBody, authored: AnyItem) -> dict[str, object]:
    return {
        "kind": authored.type,
        "use": authored.use,
        "topic": case.topic,
        "approach": case.approach,
        "condition": body.condition,
        "level": authored.level,
        "retired_at": None,
    }
