"""Mailed links: made, read and used up. Each is good once, for one purpose, for a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update

from lms.core import links
from lms.core.clock import say_when
from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.inserts import insert_all
from lms.core.mail import Letter, Message, post, post_all
from lms.core.mail.rules import may_receive
from lms.people.models import User
from lms.signin.models import AccountLink, LinkPurpose
from lms.signin.queries import is_unspent

LASTS = {
    LinkPurpose.INVITATION: timedelta(days=14),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
}
"""How long a link is good."""


class LinkSpent(Refusal):
    """The link was used, has run out, was replaced, or never was."""

    http_status = 410
    message = "This link has been used, has run out, or was replaced by a newer one."


def issue(
    user: User, purpose: LinkPurpose, *, now: datetime, by_anyone: bool = False
) -> AccountLink:
    """Make a link for *user*, and return it; it replaces earlier ones.

    But one that resets a password leaves others for that as they are, and what was asked for
    *by_anyone* leaves all: else strangers could end what its owner has in the mailbox.
    """
    held = select(User.id).where(User.id == user.id).with_for_update(key_share=True)
    db.session.execute(held)
    kept = LinkPurpose.PASSWORD_RESET if purpose is LinkPurpose.PASSWORD_RESET else None
    if not by_anyone:
        end_open(user.id, now=now, but=kept)
    lasts = LASTS[purpose]
    link = AccountLink(user_id=user.id, purpose=purpose, created_at=now, expires_at=now + lasts)
    db.session.add(link)
    db.session.flush()
    return link


def mail(user: User, purpose: LinkPurpose, *, now: datetime, by_anyone: bool = False) -> None:
    """Make a link for *user* and mail it."""
    link = issue(user, purpose, now=now, by_anyone=by_anyone)
    post(_letter(user, link), to=user, now=now)


def mail_first(users: Sequence[User], *, now: datetime) -> None:
    """Make an invitation for each of *users*, none of whom had a link yet, and mail it.

    The number of statements does not grow with the number of people.
    """
    rows = [
        {
            "user_id": user.id,
            "purpose": LinkPurpose.INVITATION,
            "created_at": now,
            "expires_at": now + LASTS[LinkPurpose.INVITATION],
        }
        for user in users
    ]
    made = {link.user_id: link for link in insert_all(AccountLink, rows)}
    letters = [(_letter(user, made[user.id]), user) for user in users]
    post_all(letters, now=now)


def _letter(user: User, link: AccountLink) -> Letter:
    kind = link.purpose.value
    return Letter(
        kind=kind,
        key=f"{kind}:{link.id}",
        template=kind,
        context={"expires": say_when(link.expires_at, user.time_zone)},
        link=link.path,
    )


def use_up(link_id: int, *, now: datetime) -> AccountLink:
    """Mark a link as used, and return it. Of two who try at once, one succeeds.

    Raises:
        LinkSpent: it is not open, or its owner is disabled.
    """
    used = db.session.scalar(
        update(AccountLink)
        .where(
            AccountLink.id == link_id,
            is_unspent(now),
            AccountLink.user_id.in_(select(User.id).where(User.disabled_at.is_(None))),
        )
        .values(used_at=now)
        .returning(AccountLink)
        .execution_options(populate_existing=True)
    )
    if used is None:
        raise LinkSpent
    end_open(used.user_id, now=now)
    return used


def end_open(user_id: int, *, now: datetime, but: LinkPurpose | None = None) -> None:
    """Let every open link of a person run out now, except those for the purpose *but*."""
    ending = [each for each in LinkPurpose if each is not but]
    open_ones = and_(
        AccountLink.user_id == user_id, is_unspent(now), AccountLink.purpose.in_(ending)
    )
    links.end_links(open_ones, AccountLink.expires_at, now=now)


@may_receive(LinkPurpose.INVITATION.value)
@may_receive(LinkPurpose.PASSWORD_RESET.value)
def still_good(message: Message, now: datetime) -> bool:
    """Return whether the link in *message* could still be used: a spent one is not mailed."""
    link = db.session.get(AccountLink, int(message.key.rpartition(":")[2]))
    return link is not None and links.is_open(now, link.expires_at, link.used_at)
