"""The links that panelists are mailed: made, ended, and judged again when a mail leaves."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from lms.accounts.models import User
from lms.accounts.queries import hash_secret
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.mail import Letter, Message, Outsider, post
from lms.core.mail.delivery import may_receive
from lms.panels import queries
from lms.panels.models import Panel, Panelist, PanelLink
from lms.panels.queries import LinkStanding

LASTS = timedelta(days=60)
"""How long a link is good."""

INVITATION, REMINDER = "panel", "panel_reminder"
"""Kinds of mail."""


def issue(panelist: Panelist, *, now: datetime) -> tuple[PanelLink, str]:
    """Make a link for *panelist*. Return its row and its secret, told once."""
    secret = secrets.token_urlsafe(32)
    link = PanelLink(
        panelist_id=panelist.id,
        secret_hash=hash_secret(secret),
        made_at=now,
        expires_at=now + LASTS,
    )
    db.session.add(link)
    db.session.flush()
    return link, secret


def mail(kind: str, panelist: Panelist, panel: Panel, *, by: User, now: datetime) -> None:
    """Make a link to *panel*, version loaded, for *panelist* and mail it in the name of *by*."""
    link, secret = issue(panelist, now=now)
    letter = Letter(
        kind=kind,
        key=f"{kind}:{link.id}",
        template=kind,
        context={
            "path": f"/panel/{secret}",
            "asker": by.name,
            "title": queries.title_of(panel),
            "items": len(queries.questions_of(panel)),
            "expires": say_when(link.expires_at, by.time_zone),
        },
    )
    post(letter, to=Outsider(panelist.email, panelist.name), now=now)


def end(panelist_id: int, *, now: datetime) -> None:
    """Let every link of a panelist end now."""
    db.session.execute(
        update(PanelLink)
        .where(PanelLink.panelist_id == panelist_id, PanelLink.ended_at.is_(None))
        .values(ended_at=now)
    )


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
