"""What panelists are mailed: once, to an address without an account, and only while it is right."""

from datetime import timedelta

import pytest
from flask import Flask

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.links import SecretPath
from lms.core.mail import Letter, MailState, Message, Outsider, post, tasks
from lms.core.mail.delivery import claim
from lms.core.mail.reading import parts_of
from lms.panels import services
from lms.panels.models import PanelLink
from tests.factories import NOW
from tests.panels.factories import SLUG, answer_with, make_asked, panelist, secret_of

pytestmark = pytest.mark.usefixtures("in_app")


DAY = timedelta(days=1)


def mails() -> list[Message]:
    db.session.rollback()  # a worker may have changed them
    return list(
        db.session.scalars(
            db.select(Message).order_by(Message.id).execution_options(populate_existing=True)
        )
    )


def is_sent(message: Message, now=NOW) -> bool:
    """Whether a worker would send *message* now."""
    with transaction():
        return claim(message.id, now=now) is not None


def test_each_person_gets_one_mail_to_an_address_and_no_account() -> None:
    make_asked(3)

    assert len({mail.key for mail in mails()}) == 3
    assert {(mail.kind, mail.recipient_id, mail.outside) for mail in mails()} == {
        ("panel", None, True)
    }
    assert [mail.address for mail in mails()] == [f"expert00{n}@example.org" for n in range(3)]
    assert all(is_sent(mail) for mail in mails())


def test_the_mail_says_who_asks_for_what_until_when_in_both_parts() -> None:
    _, secrets = make_asked(1)

    (mail,) = mails()
    parts = parts_of(mail)

    assert mail.subject == "Dr. Samuel Adeyemi asks for your judgment on a case"
    for part in (parts.text, parts.html or ""):
        said = " ".join(part.split())
        assert f"http://localhost/panel/{secrets[0]}" in said
        assert "Dr. Expert 0" in said
        assert "2 findings change an idea" in said
        assert "A day on the ward, a-low-count" in said
        assert "Sun Jan 24, 10:00 AM Eastern" in said
        assert "zanzibar" not in said
        assert "expert000@example.org" in said


def test_the_mail_is_delivered_as_any_other() -> None:
    make_asked(1, now=utcnow())

    tasks.deliver(mails()[0].id)

    assert mails()[0].state is MailState.SENT


def test_a_withdrawn_invitation_is_not_mailed() -> None:
    faculty, _ = make_asked(2)
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert000@example.org").id, now=NOW)

    assert [is_sent(mail) for mail in mails()] == [False, True]
    assert mails()[0].state is MailState.CANCELLED


def test_a_closed_panel_mails_nobody() -> None:
    faculty, _ = make_asked(1)
    with transaction():
        services.close(faculty, SLUG, now=NOW)

    assert not is_sent(mails()[0])


def test_a_link_that_has_run_out_is_not_mailed() -> None:
    make_asked(1)

    assert not is_sent(mails()[0], now=NOW + timedelta(days=60))


def test_who_has_answered_in_the_meantime_is_not_reminded() -> None:
    faculty, secrets = make_asked(2)
    with transaction():
        services.remind(faculty, SLUG, now=NOW + DAY)
    answer_with(secrets[:1], [1], now=NOW + DAY)

    reminders = [mail for mail in mails() if mail.kind == "panel_reminder"]
    assert [is_sent(mail, now=NOW + DAY) for mail in reminders] == [False, True]
    assert secret_of(reminders[1]) not in secrets


def test_the_first_mail_of_who_is_invited_again_stays_away() -> None:
    faculty, _ = make_asked(1)
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert000@example.org").id, now=NOW)
    with transaction():
        services.invite(faculty, SLUG, "expert000@example.org", now=NOW)

    assert [is_sent(mail) for mail in mails()] == [False, True]


def test_a_mail_whose_link_is_gone_is_not_sent() -> None:
    make_asked(1)
    with transaction():
        db.session.execute(db.delete(PanelLink))

    assert not is_sent(mails()[0])


def test_without_a_rule_nothing_goes_to_somebody_without_an_account(in_app: Flask) -> None:
    letter = Letter(
        kind="no-such-kind",
        key="no-such-kind:1",
        template="panel",
        context={"asker": "A", "title": "B", "items": 1, "expires": "never"},
        link=SecretPath("/panel/1.", "panel", "1"),
    )
    with transaction():
        message = post(letter, to=Outsider("a@example.org"), now=NOW)
        again = post(letter, to=Outsider("a@example.org"), now=NOW)

    assert again.id == message.id
    assert not is_sent(message)
