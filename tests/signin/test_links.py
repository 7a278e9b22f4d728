import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfoNotFoundError

import pytest
from flask import Flask

from lms.accounts import services
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound, Refusal
from lms.core.links import hash_secret
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.core.mail.places import filled
from lms.people import queries as people
from lms.people.models import Role, User
from lms.signin import inviting, links, queries, setting_passwords, tasks
from lms.signin.models import AccountLink, LinkPurpose
from tests.factories import NOW, make_user
from tests.overlap import while_open
from tests.signin.helpers import PASSWORD, ask_for_reset, is_in, person, send, sign_in

NEW = "another lamp by the sea"


LATER = NOW + timedelta(minutes=1)


def invite(email: str = "new@example.org", now: datetime = NOW) -> User:
    return inviting.invite_user(
        None, email=email, name="Dr. New", roles=[Role.FELLOW], time_zone="UTC", now=now
    )


def mails() -> list[Message]:
    return list(db.session.scalars(db.select(Message).order_by(Message.id)))


def secret_in(message: Message) -> str:
    found = re.search(rb"/links/([\w.-]+)", filled(message))
    assert found
    return found.group(1).decode()


def secret_of(link: AccountLink) -> str:
    return link.path.in_clear().removeprefix("/links/")


def test_an_invitation_is_mailed_and_its_link_lets_in_once(in_app: Flask) -> None:
    with transaction():
        user = invite()
    secret = secret_in(mails()[-1])
    assert len(secret.partition(".")[2]) == 27, "160 bits"

    with transaction():
        joined = setting_passwords.accept_link(secret, PASSWORD, now=NOW)

    assert joined.id == user.id
    assert joined.password_hash
    with pytest.raises(links.LinkSpent), transaction():
        setting_passwords.accept_link(secret, PASSWORD, now=NOW)


def test_nothing_of_a_secret_is_kept(in_app: Flask) -> None:
    with transaction():
        invite()
    (mail,) = mails()
    signed = secret_in(mail).partition(".")[2]

    kept = db.session.scalars(db.select(AccountLink)).one()

    assert kept.secret_hash is None
    assert signed.encode() not in mail.raw
    assert signed not in json.dumps(mail.places)


def test_a_link_that_was_mailed_before_is_good_until_it_ends(in_app: Flask) -> None:
    with transaction():
        link = links.issue(make_user(Role.FELLOW), LinkPurpose.INVITATION, now=NOW)
        link.secret_hash = hash_secret("a" * 43)

    found = queries.open_link("a" * 43, now=NOW)

    assert found is not None
    assert found.id == link.id
    assert queries.open_link("a" * 43, now=link.expires_at) is None
    assert queries.open_link(secret_of(link), now=NOW) is None, "nobody was mailed this one"


def test_a_link_is_good_after_our_key_was_changed_while_the_old_one_is_kept(
    in_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        secret = secret_of(links.issue(make_user(Role.FELLOW), LinkPurpose.INVITATION, now=NOW))
    old = in_app.config["SECRET_KEY"]
    monkeypatch.setitem(in_app.config, "SECRET_KEY", "the next one")

    without = queries.open_link(secret, now=NOW)
    monkeypatch.setitem(in_app.config, "SECRET_KEY_FALLBACKS", ["one between", old])

    assert without is None
    assert queries.open_link(secret, now=NOW) is not None


def test_a_secret_opens_no_other_link(in_app: Flask) -> None:
    with transaction():
        one, other = make_user(Role.FELLOW), make_user(Role.FELLOW)
        first = links.issue(one, LinkPurpose.INVITATION, now=NOW)
        second = links.issue(other, LinkPurpose.INVITATION, now=NOW)
    signed = secret_of(first).partition(".")[2]

    assert queries.open_link(f"{second.id}.{signed}", now=NOW) is None


def test_a_number_that_is_given_out_again_brings_another_secret(in_app: Flask) -> None:
    """As after a database was put back to an earlier day."""
    with transaction():
        link = links.issue(make_user(Role.FELLOW), LinkPurpose.INVITATION, now=NOW)
        secret = secret_of(link)
        link.created_at += timedelta(microseconds=1)

    assert queries.open_link(secret, now=NOW) is None
    assert queries.open_link(secret_of(link), now=NOW) is not None


@pytest.mark.parametrize(
    ("purpose", "lasts"),
    [
        (LinkPurpose.INVITATION, timedelta(days=14)),
        (LinkPurpose.PASSWORD_RESET, timedelta(hours=1)),
    ],
)
def test_a_link_runs_out(in_app: Flask, purpose: LinkPurpose, lasts: timedelta) -> None:
    with transaction():
        user = make_user(Role.FELLOW)
        secret = secret_of(links.issue(user, purpose, now=NOW))

    assert queries.open_link(secret, now=NOW + lasts - timedelta(seconds=1)) is not None
    assert queries.open_link(secret, now=NOW + lasts) is None
    with pytest.raises(links.LinkSpent), transaction():
        setting_passwords.accept_link(secret, PASSWORD, now=NOW + lasts)


def test_a_newer_link_replaces_those_before_it(in_app: Flask) -> None:
    with transaction():
        user = make_user(Role.FELLOW)
        first = secret_of(links.issue(user, LinkPurpose.INVITATION, now=NOW))
        second = secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=NOW))

    assert queries.open_link(first, now=NOW) is None
    assert queries.open_link(second, now=NOW) is not None


@pytest.mark.parametrize(
    "secret",
    [
        *("x", "' OR 1=1 --", "a" * 43, "../sign-in", "%00"),
        *("1.x", "1.", ".x", "٣.x", "²." + "a" * 27, "9" * 10 + ".x", "9" * 5000 + ".x"),
    ],
)
def test_a_made_up_link_is_gone_and_changes_nothing(app: Flask, secret: str) -> None:
    page = app.test_client().get("/links/" + secret.replace("/", "%2F"))

    assert page.status_code in (404, 410)


def test_a_weak_password_leaves_the_link_good(in_app: Flask) -> None:
    with transaction():
        user = make_user(Role.FELLOW)
        secret = secret_of(links.issue(user, LinkPurpose.INVITATION, now=NOW))

    with pytest.raises(Invalid), transaction():
        setting_passwords.accept_link(secret, "password1234", now=NOW)

    assert queries.open_link(secret, now=NOW) is not None


def test_a_disabled_person_gets_in_by_no_link(in_app: Flask) -> None:
    with transaction():
        user = make_user(Role.FELLOW)
        secret = secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=NOW))
        user.disabled_at = NOW

    with pytest.raises(links.LinkSpent), transaction():
        setting_passwords.accept_link(secret, PASSWORD, now=NOW)


def test_disabling_and_enabling_does_not_revive_a_link(in_app: Flask) -> None:
    with transaction():
        director, user = make_user(Role.DIRECTOR), make_user(Role.FELLOW)
        secret = secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=NOW))
        services.disable(director, user.id, now=NOW)
        services.enable(director, user.id, now=NOW)

    assert queries.open_link(secret, now=NOW) is None


def test_of_several_who_use_a_link_at_once_one_gets_in(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        secret = secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=utcnow()))

    def use(number: int) -> bool:
        with app.app_context():
            try:
                with transaction():
                    setting_passwords.accept_link(secret, f"{NEW} number {number}", now=utcnow())
            except links.LinkSpent:
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        won = list(pool.map(use, range(6)))

    assert won.count(True) == 1


def test_of_several_invitations_made_at_once_one_is_good(app: Flask) -> None:
    with app.app_context(), transaction():
        user = make_user(Role.FELLOW)
    gate = Barrier(4)

    def ask(_: int) -> None:
        gate.wait(20)
        with app.app_context(), transaction():
            links.issue(user, LinkPurpose.INVITATION, now=NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(ask, range(4)))

    with app.app_context():
        made = db.session.scalars(db.select(AccountLink)).all()
    assert len(made) == 4
    assert [link.expires_at > NOW for link in made].count(True) == 1


def test_of_several_links_for_a_forgotten_password_each_is_good_until_one_is_used(
    in_app: Flask,
) -> None:
    with transaction():
        user = make_user(Role.FELLOW)
        secrets = [
            secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=NOW)) for _ in range(3)
        ]

    assert all(queries.open_link(secret, now=NOW) for secret in secrets)
    with transaction():
        setting_passwords.accept_link(secrets[1], NEW, now=NOW)
    assert not any(queries.open_link(secret, now=NOW) for secret in secrets)


def test_looking_at_a_link_changes_nothing(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        secret = secret_of(links.issue(user, LinkPurpose.PASSWORD_RESET, now=utcnow()))

    for method in ("get", "head", "get"):
        assert getattr(app.test_client(), method)(f"/links/{secret}").status_code == 200

    with app.app_context():
        assert queries.open_link(secret, now=utcnow()) is not None
        assert people.user_by_id(user.id).password_hash == user.password_hash


def test_a_reset_ends_all_other_sessions_and_signs_in(app: Flask) -> None:
    user = person(app, Role.FELLOW)
    elsewhere = sign_in(app, user)
    with app.app_context(), transaction():
        path = setting_passwords.reset_link(user.email, now=utcnow())
    client = app.test_client()

    page = send(client, path, {"password": NEW, "again": NEW})

    assert page.status_code == 302
    assert is_in(client)
    assert not is_in(elsewhere)
    assert not is_in_with(app, user, PASSWORD)
    assert is_in_with(app, user, NEW)
    assert app.test_client().get(path).status_code == 410


def is_in_with(app: Flask, user: User, password: str) -> bool:
    page = send(app.test_client(), "/sign-in", {"email": user.email, "password": password})
    return page.status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "12 characters or more"),
        (NEW, NEW + "x", "not the same"),
        ("", "", "Choose a password"),
    ],
)
def test_a_misfit_is_told_at_the_field(app: Flask, password: str, again: str, said: str) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        path = setting_passwords.reset_link(user.email, now=utcnow())

    page = send(app.test_client(), path, {"password": password, "again": again})

    assert page.status_code == 422
    assert said in page.text
    assert 'aria-invalid="true"' in page.text
    assert "error-summary" in page.text


@pytest.mark.parametrize(
    ("other", "came_to"), [("forgot", "used"), ("invited", "spent"), ("disabled", "spent")]
)
def test_who_uses_a_link_while_another_changes_the_person_waits_and_no_one_fails(
    app: Flask, other: str, came_to: str
) -> None:
    user = person(app, Role.FELLOW)
    with app.app_context(), transaction():
        path = setting_passwords.reset_link(user.email, now=utcnow())

    def change() -> None:
        if other == "forgot":
            setting_passwords.request_reset(user.email, now=utcnow())
        elif other == "invited":
            links.issue(user, LinkPurpose.INVITATION, now=utcnow())
        else:
            services.disable(None, user.id, now=utcnow())

    def use() -> str:
        try:
            setting_passwords.accept_link(
                path.split("/")[-1], "another lamp by the sea", now=utcnow()
            )
        except Refusal:
            return "spent"
        return "used"

    assert while_open(app, change, use) == came_to


def test_forgot_says_the_same_to_everyone_and_mails_only_who_may_come_in(app: Flask) -> None:
    known, shut = person(app, Role.FELLOW), person(app, Role.FELLOW)
    with app.app_context(), transaction():
        services.disable(None, shut.id, now=utcnow())
    answers = set()
    for email in (known.email, shut.email, "nobody@example.org"):
        page = ask_for_reset(app, email)
        answers.add((page.status_code, page.text.replace(email, "")))

    assert len(answers) == 1
    with app.app_context():
        assert [message.address for message in mails()] == [known.email]


def test_forgot_leaves_who_has_not_been_in_with_an_invitation_that_is_good(app: Flask) -> None:
    with app.app_context(), transaction():
        user = invite("new@example.org", now=utcnow())

    ask_for_reset(app, user.email)

    with app.app_context():
        assert len(mails()) == 1
        first = queries.latest_invitation(user.id)
        assert first is not None
        with transaction():
            first.created_at -= timedelta(minutes=2)
    ask_for_reset(app, user.email)
    with app.app_context():
        last = queries.latest_invitation(user.id)
        assert last is not None
        assert last.expires_at > utcnow() + timedelta(days=13)
        assert [message.kind for message in mails()] == ["invitation", "invitation"]


@pytest.mark.parametrize(
    "ask", [setting_passwords.request_reset, setting_passwords.reset_link], ids=["mailed", "shown"]
)
def test_who_asks_for_a_link_while_the_address_is_mended_gets_none_for_the_old_one(
    app: Flask, ask: Callable[..., object]
) -> None:
    user = person(app, Role.DIRECTOR)
    old = user.email

    def mend() -> None:
        services.mend_person(None, user.id, name=user.name, email="right@example.org", now=utcnow())
        db.session.flush()

    def ask_at_the_old_one() -> None:
        with suppress(NotFound):
            ask(old, now=utcnow())

    while_open(app, mend, ask_at_the_old_one)

    with app.app_context():
        assert not [each for each in mails() if each.address == old]
        assert not db.session.scalars(db.select(AccountLink)).all()


@pytest.mark.parametrize("made_by", ["a director", "an operator"])
def test_who_asks_for_a_mail_to_a_newcomer_ends_no_link_that_the_newcomer_has(
    app: Flask, made_by: str
) -> None:
    with app.app_context():
        with transaction():
            user = invite(now=utcnow() - timedelta(minutes=5))
        secret = secret_in(mails()[0])
        if made_by == "an operator":
            with transaction():
                path = setting_passwords.reset_link(user.email, now=utcnow())
            secret = path.removeprefix("/links/")

    ask_for_reset(app, user.email)

    with app.app_context():
        assert len(mails()) == 2
        second = secret_in(mails()[1])
    assert app.test_client().get(f"/links/{secret}").status_code == 200
    send(app.test_client(), f"/links/{second}", {"password": NEW, "again": NEW})
    assert app.test_client().get(f"/links/{secret}").status_code == 410


def test_who_cannot_be_answered_holds_up_nobody_who_asks_later(in_app: Flask) -> None:
    with transaction():
        one, other = make_user(Role.FELLOW), make_user(Role.FELLOW)
        one.time_zone = "US/Pacific-New"  # which today's tables do not have
        for user in (one, other):
            user.password_hash = "any"
            setting_passwords.ask_for_reset(user.email, network="192.0.2.7", now=utcnow())

    with suppress(ZoneInfoNotFoundError):
        tasks.answer_resets()
    db.session.rollback()

    assert [message.address for message in mails()] == [other.email]
    with transaction():
        one.time_zone = "America/Los_Angeles"
    tasks.answer_resets()
    assert [message.address for message in mails()] == [other.email, one.email]


def test_the_link_of_a_mail_is_on_our_host_whatever_the_request_says(app: Flask) -> None:
    user = person(app, Role.FELLOW)

    ask_for_reset(app, user.email)

    with app.app_context():
        raw = filled(mails()[0]).decode()
    assert re.search(r"http://localhost/links/\d+\.[\w-]{27}", raw)


def test_a_mail_with_a_spent_link_is_not_sent(in_app: Flask) -> None:
    with transaction():
        first = invite("one@example.org")
        invite("two@example.org")
        links.issue(first, LinkPurpose.INVITATION, now=NOW)
    one, two = mails()

    with transaction():
        claimed = claim(one.id, now=NOW), claim(two.id, now=NOW)

    assert claimed[0] is None
    assert claimed[1] is not None


def test_an_invitation_can_be_sent_again_until_it_was_taken(in_app: Flask) -> None:
    with transaction():
        director, user = make_user(Role.DIRECTOR), invite()
    with transaction():
        inviting.invite_again(director, user.id, now=LATER)
    first, second = mails()
    assert queries.open_link(secret_in(first), now=LATER) is None

    with transaction():
        setting_passwords.accept_link(secret_in(second), PASSWORD, now=LATER)

    with pytest.raises(Refusal, match="not waiting"), transaction():
        inviting.invite_again(director, user.id, now=LATER)


def test_who_sends_an_invitation_again_twice_at_once_sends_one(app: Flask) -> None:
    with app.app_context(), transaction():
        director, user = make_user(Role.DIRECTOR), invite()

    def again() -> User:
        return inviting.invite_again(director, user.id, now=LATER)

    with pytest.raises(Refusal, match="less than a minute ago"):
        while_open(app, again, again)

    with app.app_context():
        _, second = mails()
        assert queries.open_link(secret_in(second), now=LATER) is not None


def test_an_invitation_whose_link_has_ended_can_be_sent_again_at_once(in_app: Flask) -> None:
    with transaction():
        director, user = make_user(Role.DIRECTOR), invite()
        services.disable(director, user.id, now=NOW)
        services.enable(director, user.id, now=NOW)

    with transaction():
        inviting.invite_again(director, user.id, now=NOW)

    assert len(mails()) == 2
