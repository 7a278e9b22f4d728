"""Asking a panel: inviting, reminding, withdrawing, closing, and using what it answered."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from lms.attempts.secrecy import check_may_read_keys
from lms.cases.models import CaseVersion
from lms.cases.queries import CaseInUse, case_by_slug
from lms.cases.revisions import propose_revision
from lms.core import audit
from lms.core.clock import at, local
from lms.core.db import db
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.inserts import insert_unless_present
from lms.panels import queries
from lms.panels.invitees import Invitee, read_invitees
from lms.panels.links import INVITATION, REMINDER, end, mail
from lms.panels.models import Panel, Panelist, PanelState
from lms.people.models import Role, User, UserRole
from question_bank.items.script_concordance import FEWEST_PANELISTS
from question_bank.panels import wanting, with_panels


class NotInvited(Invalid):
    """Nobody was invited, with a sentence for everything that stood in the way."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems), field="people")
        self.problems = tuple(problems)


class NoOpenPanel(Refusal):
    """Somebody else has closed it, or it never was."""

    message = "No panel on this case is open now. Nothing was changed."


class NoItemForPanel(Refusal):
    """No item waits for a panel."""

    message = "Every item of this case that needs a panel has one."


class OutOfDate(Refusal):
    """The answers are to something that the case does not say any more."""

    message = (
        "The case has changed since this panel was asked, so its answers do not fit it any more. "
        "Close the panel and ask a new one."
    )


class TooFew(Refusal):
    """Not a panel yet."""

    def __init__(self, answered: int) -> None:
        super().__init__(f"{answered} of at least {FEWEST_PANELISTS} have answered. Wait for more.")


class NobodyToRemind(Refusal):
    """All have answered, or were written to today."""

    message = "Everyone who has not answered was written to today. Nothing was sent."


def invite(actor: User, slug: str, people: str, *, now: datetime) -> int:
    """Invite *people*, one a line, to the open panel of a case, or to a new one.

    All of them or nobody. Return how many were invited.

    Raises:
        NotFound: there is no such case.
        NotInvited: a line cannot be taken, or the person cannot be asked.
        NoItemForPanel: no item wants a panel.
        OutOfDate: the open panel was shown something else.
    """
    invitees, problems = read_invitees(people)
    panel = _opened(actor, case_by_slug(slug), now=now)
    known = {each.email: each for each in queries.panelists(panel.id)}
    problems += _unfit(invitees, known)
    if problems:
        raise NotInvited(problems)
    for invitee in invitees:
        panelist = known.get(invitee.email) or Panelist(panel_id=panel.id, email=invitee.email)
        panelist.name, panelist.invited_at = invitee.name, now
        panelist.reminded_at = panelist.withdrawn_at = None
        db.session.add(panelist)
        db.session.flush()
        mail(INVITATION, panelist, panel, by=actor, now=now)
    _record(actor, "panel.invite", panel, now=now, people=len(invitees))
    return len(invitees)


def _unfit(invitees: Sequence[Invitee], known: dict[str, Panelist]) -> list[str]:
    """Return a sentence for each person who cannot be asked."""
    asked = [
        f"{each.email} has been invited already."
        for each in invitees
        if each.email in known and known[each.email].withdrawn_at is None
    ]
    fellows = db.session.scalars(
        select(User.email)
        .join(UserRole)
        .where(
            UserRole.role == Role.FELLOW,
            User.disabled_at.is_(None),
            User.email.in_([each.email for each in invitees]),
        )
        .order_by(User.email)
    )
    return asked + [f"{email} is a fellow here and may meet this case." for email in fellows]


def _opened(actor: User, asked: CaseInUse, *, now: datetime) -> Panel:
    """Return the open panel of a case, locked; a new one if there is none."""
    case, version = asked.case, asked.version
    panel = _open_panel(case.id)
    if panel is not None:
        if not queries.fits(panel, asked):
            raise OutOfDate
        return panel
    if not wanting(asked.body) or case.retired_at is not None:
        raise NoItemForPanel
    made = db.session.scalar(
        insert_unless_present(
            Panel,
            case_id=case.id,
            case_version_id=version.id,
            state=PanelState.OPEN,
            opened_by=actor.id,
            opened_at=now,
        ).returning(Panel.id)
    )
    panel = _locked(case.id)
    if made is not None:
        _record(actor, "panel.open", panel, now=now, case=case.slug, version=version.number)
    return panel


def _open_panel(case_id: int) -> Panel | None:
    """Return the open panel of a case, which nobody else closes until the commit."""
    return db.session.scalar(
        select(Panel)
        .where(Panel.case_id == case_id, Panel.state == PanelState.OPEN)
        .options(joinedload(Panel.version))
        .with_for_update(of=Panel)
        .execution_options(populate_existing=True)
    )


def hold(slug: str) -> None:
    """Keep others from answering, using or closing the open panel of a case until the commit.

    Raises:
        NotFound: there is no such case.
    """
    _open_panel(queries.case_id(slug))


def _locked(case_id: int) -> Panel:
    panel = _open_panel(case_id)
    if panel is None:
        raise NoOpenPanel
    return panel


def remind(actor: User, slug: str, *, now: datetime) -> int:
    """Write again to those who have not answered; return how many. Once a person and day.

    Raises:
        NotFound: there is no such case.
        NoOpenPanel: its panel is closed.
        NobodyToRemind: there is nobody to write to today.
    """
    panel = _locked(queries.case_id(slug))
    midnight = at(local(now, actor.time_zone).date(), time(), actor.time_zone)
    people = db.session.scalars(
        update(Panelist)
        .where(
            Panelist.panel_id == panel.id,
            Panelist.answered_at.is_(None),
            Panelist.withdrawn_at.is_(None),
            func.coalesce(Panelist.reminded_at, Panelist.invited_at) < midnight,
        )
        .values(reminded_at=now)
        .returning(Panelist)
        .execution_options(populate_existing=True)
    ).all()
    if not people:
        raise NobodyToRemind
    for panelist in people:
        mail(REMINDER, panelist, panel, by=actor, now=now)
    _record(actor, "panel.remind", panel, now=now, people=len(people))
    return len(people)


def withdraw(actor: User | None, slug: str, panelist_id: int, *, now: datetime) -> str:
    """End the links of somebody who was asked; return the address. Twice is as good as once.

    Answers given before stay: what goes out of the counts would tell what the person chose.

    Raises:
        NotFound: there is no such case, or nobody with that id was asked.
        NoOpenPanel: its panel is closed.
    """
    panel = _locked(queries.case_id(slug))
    person = db.session.scalar(
        select(Panelist)
        .where(Panelist.id == panelist_id, Panelist.panel_id == panel.id)
        .execution_options(populate_existing=True)
    )
    if person is None:
        raise NotFound
    if person.withdrawn_at is None:
        person.withdrawn_at = now
        end(panelist_id, now=now)
        _record(actor, "panel.withdraw", panel, now=now, email=person.email)
    return person.email


def close(actor: User | None, slug: str, *, now: datetime) -> None:
    """Take no more answers, and use none.

    Raises:
        NotFound: there is no such case.
        NoOpenPanel: its panel is closed.
    """
    panel = _locked(queries.case_id(slug))
    panel.state, panel.closed_at = PanelState.CLOSED, now
    _record(actor, "panel.close", panel, now=now)


def use_answers(actor: User, slug: str, *, now: datetime) -> CaseVersion:
    """Close the panel and propose its answers as keys, in a new version of the case.

    It reaches nobody until somebody else publishes it. An item that had a panel before keeps that
    one.

    Raises:
        NotFound: there is no such case.
        KeysKept: *actor* may be asked the case, and so must not know what the panel answered.
        NoOpenPanel: its panel is closed.
        TooFew: fewer than ten have answered.
        OutOfDate: the case has changed since.
    """
    panel = _locked(queries.case_id(slug))
    asked = case_by_slug(slug)
    check_may_read_keys(actor, asked.case.id, now)
    if not queries.fits(panel, asked):
        raise OutOfDate
    counts = queries.counts_of(panel.id)
    answered = min((sum(each) for each in counts.values()), default=0)
    if answered < FEWEST_PANELISTS:
        raise TooFew(answered)
    keys = {item.id: item.key for item in asked.case.items}
    wanted = {item.key for item in wanting(asked.body)}
    panels = {keys[each]: n for each, n in counts.items() if keys[each] in wanted}
    body = with_panels(asked.body, panels)
    note = f"Panel of {answered}"
    version = propose_revision(actor, asked.case.id, body, of=asked.version.id, note=note, now=now)
    panel.state, panel.closed_at, panel.used_in_id = PanelState.CLOSED, now, version.id
    _record(actor, "panel.use", panel, now=now, answered=answered, version=version.number)
    return version


def _record(
    actor: User | None, action: str, panel: Panel, *, now: datetime, **after: object
) -> None:
    audit.record(actor, action, "panel", panel.id, now=now, after=after or None)
