"""Mails of the first edition lose their links once these have ended, and not before."""

from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.links import hash_secret
from lms.core.mail import MailState, Message, tasks
from lms.core.mail.headers import POLICY
from lms.core.mail.places import filled
from lms.notices.stop_links import stop_path
from lms.operations import old_mails
from lms.operations.old_mails import clear_away
from lms.panels.models import Panel, Panelist, PanelLink, PanelState
from lms.people.models import Role
from lms.signin.models import AccountLink, LinkPurpose
from tests.factories import NOW, add, make_user
from tests.mail.sink import Sink
from tests.panels.factories import make_asked

pytestmark = pytest.mark.usefixtures("in_app")

SECRET = "tiara_on-a-lamp-0123456789abcdefghijklmnopq"


HOUR = timedelta(hours=1)


def old_mail(
    kind: str, key: str, address: str, state: MailState = MailState.SENT, *, encoded: bool = False
) -> int:
    """Write a message as the first edition did, with *address* in clear, twice; return its id."""
    mime = EmailMessage(policy=POLICY)
    mime["Subject"], mime["From"], mime["To"] = "Note", "rounds@localhost", "a@example.org"
    mime["List-Unsubscribe"] = f"<http://localhost{address}>"
    mime.set_content(f"Open http://localhost{address}\n" + ("é" * 2000 if encoded else "é"))
    with transaction():
        person = make_user(Role.MENTOR)
        message = Message(
            kind=kind,
            key=key,
            recipient_id=person.id,
            address=person.email,
            subject="Note",
            message_id=key,
            raw=mime.as_bytes(),
            link_in_clear=True,
            state=state,
            sent_at=NOW if state is MailState.SENT else None,
            next_try_at=utcnow(),
            created_at=utcnow(),
        )
        return add(message).id


def raw_of(message_id: int) -> bytes:
    return read(message_id).raw


def read(message_id: int) -> Message:
    db.session.rollback()
    message = db.session.get(Message, message_id, populate_existing=True)
    assert message is not None
    return message


def swept(now: datetime) -> int:
    with transaction():
        return clear_away(now=now)


def old_link(expires_at: datetime) -> int:
    with transaction():
        link = AccountLink(
            user_id=make_user(Role.FELLOW).id,
            purpose=LinkPurpose.INVITATION,
            secret_hash=hash_secret(SECRET),
            created_at=NOW,
            expires_at=expires_at,
        )
        return add(link).id


@pytest.mark.parametrize("encoded", [False, True])
@pytest.mark.parametrize("state", [MailState.SENT, MailState.QUEUED, MailState.UNCERTAIN])
def test_an_invitation_is_as_it_was_until_its_link_has_ended_and_then_it_has_none(
    state: MailState, encoded: bool
) -> None:
    key = f"invitation:{old_link(NOW + HOUR)}"
    message_id = old_mail("invitation", key, f"/links/{SECRET}", state, encoded=encoded)
    before = raw_of(message_id)

    untouched = swept(NOW + HOUR - timedelta(seconds=1)), raw_of(message_id)
    changed = swept(NOW + HOUR), swept(NOW + HOUR)

    assert untouched == (0, before)
    assert changed == (1, 0)
    after = raw_of(message_id)
    assert SECRET.encode() not in after
    assert after.count(b"http://localhost/links/ended") == 2
    if not encoded:
        assert after == before.replace(SECRET.encode(), b"ended")


def test_a_link_that_was_used_has_ended() -> None:
    link_id = old_link(NOW + HOUR)
    message_id = old_mail("invitation", f"invitation:{link_id}", f"/links/{SECRET}")
    with transaction():
        link = db.session.get(AccountLink, link_id)
        assert link is not None
        link.used_at = NOW

    assert swept(NOW) == 1
    assert SECRET.encode() not in raw_of(message_id)


def end_of_time(link: PanelLink, panelist: Panelist, panel: Panel) -> None:
    link.expires_at = NOW + timedelta(seconds=1)


def ended(link: PanelLink, panelist: Panelist, panel: Panel) -> None:
    link.ended_at = NOW


def withdrawn(link: PanelLink, panelist: Panelist, panel: Panel) -> None:
    panelist.withdrawn_at = NOW


def closed(link: PanelLink, panelist: Panelist, panel: Panel) -> None:
    panel.state, panel.closed_at = PanelState.CLOSED, NOW


def answered(link: PanelLink, panelist: Panelist, panel: Panel) -> None:
    panelist.answered_at = NOW


@pytest.mark.parametrize(
    ("happened", "changed"),
    [(end_of_time, 1), (ended, 1), (withdrawn, 1), (closed, 1), (answered, 0)],
)
def test_a_panelists_link_is_cut_when_it_opens_nothing_any_more(happened, changed: int) -> None:
    make_asked(1)
    with transaction():
        db.session.execute(db.delete(Message))
        link = db.session.scalars(db.select(PanelLink)).one()
        happened(
            link, db.session.get(Panelist, link.panelist_id), db.session.scalar(db.select(Panel))
        )
    message_id = old_mail("panel_reminder", f"panel_reminder:{link.id}", f"/panel/{SECRET}")

    assert swept(NOW + HOUR) == changed
    assert (SECRET.encode() in raw_of(message_id)) == (changed == 0)


def test_what_stops_mails_gets_a_place_and_leaves_as_it_was(smtp: Sink) -> None:
    address = stop_path(12, "digest").in_clear()
    secret = address.rpartition(".")[2].encode()
    message_id = old_mail("digest", "digest:12:2026-W47", address, MailState.FAILED)
    before = raw_of(message_id)

    changed = swept(NOW), swept(NOW)

    assert changed == (1, 0)
    assert secret not in raw_of(message_id)
    assert filled(read(message_id)) == before


def test_what_stops_mails_keeps_the_key_that_signed_it(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = old_mail("digest", "digest:12:2026-W47", stop_path(12, "digest").in_clear())
    before, old = raw_of(message_id), in_app.config["SECRET_KEY"]
    monkeypatch.setitem(in_app.config, "SECRET_KEY", "the next one")
    monkeypatch.setitem(in_app.config, "SECRET_KEY_FALLBACKS", [old])

    swept(NOW)

    assert filled(read(message_id)) == before


def test_what_no_key_of_ours_signed_is_cut() -> None:
    message_id = old_mail("digest", "digest:12:2026-W47", "/unsubscribe/WzEyXQ." + "a" * 27)

    swept(NOW)

    assert raw_of(message_id).count(b"/unsubscribe/ended") == 2


@pytest.mark.parametrize(
    ("state", "changed"), [(MailState.SENT, 1), (MailState.CANCELLED, 1), (MailState.UNCERTAIN, 0)]
)
def test_an_encoded_mail_is_written_anew_only_if_it_does_not_leave_any_more(
    state: MailState, changed: int
) -> None:
    address = stop_path(12, "digest").in_clear()
    message_id = old_mail("digest", "digest:12:2026-W47", address, state, encoded=True)
    before = raw_of(message_id)

    assert swept(NOW) == changed
    assert (raw_of(message_id) == before) == (changed == 0)
    if changed:
        assert filled(read(message_id)).count(address.encode()) == 2
        assert address.rpartition(".")[2].encode() not in raw_of(message_id)


def test_mails_that_must_wait_stand_before_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_mails, "AT_ONCE", 2)
    address = stop_path(12, "digest").in_clear()
    states = [MailState.FAILED] * 3 + [MailState.SENT] * 3
    ids = [
        old_mail("digest", f"digest:12:{n}", address, state, encoded=True)
        for n, state in enumerate(states)
    ]

    changed = [swept(NOW) for _ in range(3)]

    assert changed == [2, 1, 0]
    assert [read(each).link_in_clear for each in ids] == [True] * 3 + [False] * 3


def test_a_mail_of_this_edition_is_left_alone() -> None:
    make_asked(1)

    assert swept(NOW + timedelta(days=100)) == 0


def test_an_old_mail_can_be_sent_while_its_link_is_good(smtp: Sink) -> None:
    key = f"invitation:{old_link(utcnow() + HOUR)}"
    message_id = old_mail("invitation", key, f"/links/{SECRET}", MailState.QUEUED)
    before = raw_of(message_id)

    swept(utcnow())
    tasks.deliver(message_id)

    assert smtp.taken == [before]
