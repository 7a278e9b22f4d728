"""Reading panels. Before enough have answered nothing but their number is read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from lms.attempts.secrecy import check_answered_first, may_read_keys
from lms.cases.models import Item, StoredCase
from lms.cases.queries import CaseInUse, case_by_slug, parsed, shown
from lms.core.db import db
from lms.core.errors import NotFound
from lms.core.links import link_with
from lms.panels.models import Panel, PanelAnswer, Panelist, PanelLink, PanelState
from lms.people.models import User
from question_bank.items.script_concordance import FEWEST_PANELISTS
from question_bank.panels import PanelPart, Question, Spread, shown_to_panel, spread, wanting


class LinkStanding(StrEnum):
    """What a link is good for."""

    OPEN = "open"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class PanelistAnswer:
    """What a panelist says to an item; no `point`: nothing yet."""

    point: int | None = None
    comment: str = ""


@dataclass(frozen=True)
class ItemReport:
    """An item and, once enough have answered, what they chose, −2 to +2, and wrote."""

    question: Question
    counts: tuple[int, ...] | None
    spread: Spread | None
    comments: tuple[str, ...]


@dataclass(frozen=True)
class PanelReport:
    """A panel as staff see it: who was asked, how many answered, never who answered what.

    `fits`: the case still shows what the panel was shown.
    """

    panel: Panel
    people: tuple[Panelist, ...]
    items: tuple[ItemReport, ...]
    fits: bool

    @property
    def open(self) -> bool:
        """Whether it takes answers."""
        return self.panel.state is PanelState.OPEN

    @property
    def invited(self) -> int:
        """How many were asked, without invitations that were withdrawn before an answer."""
        return sum(p.withdrawn_at is None or p.answered_at is not None for p in self.people)

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(p.answered_at is not None for p in self.people)

    @property
    def enough(self) -> bool:
        """Whether the answers make a panel."""
        return self.answered >= FEWEST_PANELISTS


@dataclass(frozen=True)
class PanelPage:
    """A case and its latest panel, if there is one. `wanted`: how many items want a panel still.

    `told`: whether the reader may know what the panel answered.
    """

    case: StoredCase
    wanted: int
    report: PanelReport | None
    told: bool


def case_id(slug: str) -> int:
    """Return the id of a case.

    Raises:
        NotFound: there is no such case.
    """
    row_id = db.session.scalar(select(StoredCase.id).where(StoredCase.slug == slug))
    if row_id is None:
        raise NotFound
    return row_id


def page_of(slug: str, *, reader: User, now: datetime) -> PanelPage:
    """Return what the page about the panel of a case shows, in a fixed number of statements.

    What the panel answered is a key: a *reader* who may not read it is not told.

    Raises:
        NotFound: there is no such case, or nothing in it is for a panel.
        AnswerFirst: the reader is to answer the case blind as its reviewer.
    """
    asked = case_by_slug(slug)
    check_answered_first(reader, asked.case.id)
    if not shown_to_panel(asked.body):
        raise NotFound("No item of this case is answered by a panel.")
    panel = db.session.scalar(
        select(Panel)
        .where(Panel.case_id == asked.case.id)
        .order_by(Panel.id.desc())
        .limit(1)
        .options(joinedload(Panel.version), joinedload(Panel.used_in), joinedload(Panel.opener))
        .execution_options(populate_existing=True)
    )
    told = may_read_keys(reader, asked.case.id, now)
    report = _report(panel, asked, told=told) if panel else None
    used = panel.used_in if panel else None
    proposed = used is not None and used.number > asked.version.number
    return PanelPage(asked.case, 0 if proposed else len(wanting(asked.body)), report, told)


def _report(panel: Panel, asked: CaseInUse, *, told: bool) -> PanelReport:
    people = tuple(panelists(panel.id))
    enough = sum(each.answered_at is not None for each in people) >= FEWEST_PANELISTS
    ids = {item.key: item.id for item in asked.case.items}
    counts = counts_of(panel.id) if enough and told else {}
    comments = _comments_of(panel.id) if enough and told else {}
    items = []
    for question in questions_of(panel):
        votes = counts.get(ids[question.key])
        remarks = tuple(comments.get(ids[question.key], ()))
        items.append(ItemReport(question, votes, spread(votes) if votes else None, remarks))
    return PanelReport(panel, people, tuple(items), fits=fits(panel, asked))


def fits(panel: Panel, asked: CaseInUse) -> bool:
    """Return whether *asked*, as it stands, shows what *panel* was shown; version loaded."""
    before, now = parsed(panel.version), asked.body
    return (before.title, shown_to_panel(before)) == (now.title, shown_to_panel(now))


def parts_shown(panel: Panel) -> tuple[PanelPart, ...]:
    """Return what *panel* is shown; version loaded."""
    return shown_to_panel(shown(panel.version))


def title_of(panel: Panel) -> str:
    """Return the title of the case that *panel* is shown; version loaded."""
    return parsed(panel.version).title


def questions_of(panel: Panel) -> tuple[Question, ...]:
    """Return what *panel* is asked; version loaded."""
    return tuple(question for part in parts_shown(panel) for question in part.questions)


def panelists(panel_id: int) -> Sequence[Panelist]:
    """Return who was asked, by address."""
    return db.session.scalars(
        select(Panelist)
        .where(Panelist.panel_id == panel_id)
        .order_by(Panelist.email)
        .execution_options(populate_existing=True)
    ).all()


def counts_of(panel_id: int) -> dict[int, tuple[int, ...]]:
    """Return for each item, by its id, how many chose each point, from −2 to +2."""
    rows = db.session.execute(
        select(PanelAnswer.item_id, PanelAnswer.point, func.count())
        .join(Panelist, Panelist.id == PanelAnswer.panelist_id)
        .where(Panelist.panel_id == panel_id)
        .group_by(PanelAnswer.item_id, PanelAnswer.point)
    )
    by_item: dict[int, list[int]] = defaultdict(lambda: [0] * 5)
    for item_id, point, n in rows:
        by_item[item_id][point] = n
    return {item_id: tuple(counts) for item_id, counts in by_item.items()}


def _comments_of(panel_id: int) -> dict[int, list[str]]:
    """Return the comments on each item, by its id, in an order that tells nothing."""
    rows = db.session.execute(
        select(PanelAnswer.item_id, func.coalesce(PanelAnswer.comment, "").label("comment"))
        .join(Panelist, Panelist.id == PanelAnswer.panelist_id)
        .where(Panelist.panel_id == panel_id, PanelAnswer.comment.is_not(None))
    )
    by_item: dict[int, list[str]] = defaultdict(list)
    for item_id, comment in sorted(rows, key=lambda row: row.comment.casefold()):
        by_item[item_id].append(comment)
    return by_item


def answered_of_latest(case_id: int) -> tuple[PanelState, int] | None:
    """Return the state of a case's latest panel and how many have answered it."""
    row = db.session.execute(
        select(Panel.state, func.count(Panelist.answered_at))
        .outerjoin(Panelist, Panelist.panel_id == Panel.id)
        .where(Panel.case_id == case_id)
        .group_by(Panel.id, Panel.state)
        .order_by(Panel.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], row[1])


def link_of(secret: str) -> PanelLink:
    """Return the link with *secret*, good or not, with its panelist, panel and version.

    Raises:
        NotFound: we did not make that link.
    """
    made = (
        select(PanelLink)
        .join(PanelLink.panelist)
        .join(Panelist.panel)
        .options(
            contains_eager(PanelLink.panelist)
            .contains_eager(Panelist.panel)
            .options(joinedload(Panel.version), joinedload(Panel.opener))
        )
        .execution_options(populate_existing=True)
    )
    link = link_with(secret, made, number=PanelLink.id, kept=PanelLink.secret_hash)
    if link is None:
        raise NotFound("This link is not complete. Use the one in the newest mail.")
    return link


def standing_of(link: PanelLink, now: datetime) -> LinkStanding:
    """Return what *link* is good for; panelist and panel loaded."""
    if link.panelist.panel.state is PanelState.CLOSED:
        return LinkStanding.CLOSED
    if link.ended_at is not None or link.panelist.withdrawn_at is not None:
        return LinkStanding.WITHDRAWN
    return LinkStanding.OPEN if now < link.expires_at else LinkStanding.EXPIRED


def item_ids(case_id: int) -> dict[str, int]:
    """Return the ids of the items of a case, by their keys."""
    rows = db.session.execute(select(Item.key, Item.id).where(Item.case_id == case_id))
    return {row.key: row.id for row in rows}


def given_by(panelist: Panelist) -> dict[str, PanelistAnswer]:
    """Return what *panelist*, panel loaded, has said, by the keys of the items."""
    rows = db.session.execute(
        select(Item.key, PanelAnswer.point, PanelAnswer.comment)
        .join(Item, Item.id == PanelAnswer.item_id)
        .where(PanelAnswer.panelist_id == panelist.id)
    )
    return {key: PanelistAnswer(point, comment or "") for key, point, comment in rows}
