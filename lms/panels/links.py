"""The links that panelists are mailed: made, ended, and judged again when a mail leaves."""

from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from lms.core import links
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.mail import Letter, Message, Outsider, post
from lms.core.mail.rules import may_receive
from lms.panels import queries
from lms.panels.models import Panel, Panelist, PanelLink
from lms.panels.queries import LinkStanding
from lms.people.models import User

LASTS = timedelta(days=60)
"""How long a link is good."""

INVITATION, REMINDER = "panel", "panel_reminder"
"""Kinds of mail."""


def mail(kind: str, panelist: Panelist, panel: Panel, *, by: User, now: datetime) -> None:
    """Make a link to *panel*, version loaded, for *panelist* and mail it in the name of *by*."""
    link = PanelLink(panelist_id=panelist.id, made_at=now, expires_at=now + LASTS)
    db.session.add(link)
    db.session.flush()
    letter = Letter(
        kind=kind,
        key=f"{kind}:{link.id}",
        template=kind,
        context={
            "asker": by.name,
            "title": queries.title_of(panel),
            "items": len(queries.questions_of(panel)),
            "expires": say_when(link.expires_at, by.time_zone),
        },
        link=link.path,
    )
    post(letter, to=Outsider(panelist.email, panelist.name), now=now)


def end(panelist_id: int, *, now: datetime) -> None:
    """Let every link of a panelist end now."""
    not_ended = and_(PanelLink.panelist_id == panelist_id, PanelLink.ended_at.is_(None))
    links.end_links(not_ended, PanelLink.ended_at, now=now)


@may_receive(INVITATION)
@may_receive(REMINDER)
def still_asked(message: Message, now: datetime) -> bool:
    """Return whether the link in *message* is good, and who is reminded has not answered."""
    link = db.session.scalar(
        select(PanelLink)
        .where(PanelLink.id == int(message.key.rpartition(":")[2]))
        .options(joinedload(PanelLink.panelist).joinedload(Panelist.panel))
        .execution_options(populate_existing=True)
    )
    if link is None or (message.kind == REMINDER and link.panelist.answered_at is not None):
        return False
    return queries.standing_of(link, now) is LinkStanding.OPEN
