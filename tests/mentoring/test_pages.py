"""A mentor's mails, stopping them, and the command that writes them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner
from flask import Flask

from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.mentoring.digests import cli, services
from lms.mentoring.digests.models import Digest
from lms.mentoring.digests.rhythms import Rhythm
from lms.notices.queries import is_stopped
from lms.notices.services import set_wanted
from lms.notices.stop_links import stop_path
from lms.people.models import Role, User
from lms.program.models import Mentorship
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, earned, make_given, make_topic_case, take
from tests.progress.statements import counted

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def words(page) -> str:
    return " ".join(page.get_data(as_text=True).split())


@pytest.fixture
def mentors(app: Flask) -> list[User]:
    """Two mentors, each with a fellow and a digest."""
    with app.app_context(), transaction():
        found = []
        for name in ("Dr. Amara Okafor", "Dr. Daniel Reyes"):
            mentor, fellow = make_user(Role.MENTOR), make_fellow(name)
            make_cohort(fellow)
            make_mentorship(mentor, fellow)
            take(fellow, datetime(2026, 11, 18, tzinfo=UTC), {PHARM: earned(14, 15)})
            services.compose_digest(mentor.id, "2026-W47", now=MONDAY)
            found.append(mentor)
    return found


def digest_id(app: Flask, mentor: User) -> int:
    with app.app_context():
        return db.session.scalars(db.select(Digest.id).where(Digest.mentor_id == mentor.id)).one()


def stopped(app: Flask, mentor: User) -> bool:
    with app.app_context():
        return is_stopped(mentor.id, "digest")


def link(app: Flask, mentor: User) -> str:
    with app.test_request_context():
        return stop_path(mentor.id, "digest").in_clear()


def test_a_mentor_sees_the_own_past_mails(app, mentors, signed_in) -> None:
    browser = signed_in(mentors[0])

    listed = words(browser.get("/digests"))
    shown = words(browser.get(f"/digests/{digest_id(app, mentors[0])}"))

    assert "Your fellow is fine" in listed
    assert "Nov 16 to 22, 2026" in listed
    assert "Dr. Amara Okafor" in shown
    assert "14 of 15" in shown
    assert "15 new first answers, Nov 16 to 22: 14 right." in shown


@pytest.mark.parametrize("full", [True, False])
def test_the_page_shows_the_figures_that_the_mail_had(app, mentors, signed_in, full: bool) -> None:
    later = MONDAY + timedelta(days=7)
    with app.app_context(), transaction():
        fellow = db.session.scalars(db.select(User).where(User.name == "Dr. Amara Okafor")).one()
        make_given(fellow, [make_topic_case(PHARM, 3)], later - timedelta(days=3), open_days=9)
        services.choose(mentors[0], Rhythm(full=full), now=MONDAY)
        digest = services.compose_digest(mentors[0].id, "2026-W48", now=later)
        assert digest is not None

    shown = words(signed_in(mentors[0]).get(f"/digests/{digest.id}"))

    assert "was missed." in shown
    for figure in ("Share correct at first answer", "new first answers, ", "What would settle it."):
        assert (figure in shown) is full, figure


def test_that_a_mail_was_sent_is_said_once(app, mentors, signed_in) -> None:
    own = digest_id(app, mentors[0])
    with app.app_context(), transaction():
        message = db.session.get_one(Message, db.session.get_one(Digest, own).message_id)
        message.state, message.sent_at = MailState.SENT, MONDAY
    browser = signed_in(mentors[0])

    for address in ("/digests", f"/digests/{own}"):
        assert browser.get(address).text.count("Sent") == 1


def test_another_mentors_mail_is_not_there(app, mentors, signed_in) -> None:
    page = signed_in(mentors[0]).get(f"/digests/{digest_id(app, mentors[1])}")

    assert page.status_code == 404


def test_a_mail_that_was_called_off_is_not_there(app, mentors, signed_in) -> None:
    own = digest_id(app, mentors[0])
    with app.app_context(), transaction():
        db.session.execute(db.update(Mentorship).values(ends_on=date(2026, 11, 1)))
        written = db.session.get_one(Digest, own).message_id
    with app.app_context(), transaction():
        assert claim(written, now=utcnow()) is None
    browser = signed_in(mentors[0])

    assert browser.get(f"/digests/{own}").status_code == 404
    assert "Nov 16 to 22, 2026" not in words(browser.get("/digests"))


@pytest.mark.parametrize("sent_at", [None, MONDAY], ids=["not sent yet", "sent"])
def test_a_mail_says_nothing_more_of_who_is_not_the_mentors_fellow_any_more(
    app, mentors, signed_in, sent_at
) -> None:
    own = digest_id(app, mentors[0])
    with app.app_context(), transaction():
        message = db.session.get_one(Message, db.session.get_one(Digest, own).message_id)
        message.state = MailState.SENT if sent_at else MailState.QUEUED
        message.sent_at = sent_at
        db.session.execute(db.update(Mentorship).values(ends_on=date(2026, 11, 1)))

    shown = words(signed_in(mentors[0]).get(f"/digests/{own}"))

    assert "Dr. Amara Okafor" not in shown
    assert "14 of 15" not in shown
    assert "What it said of one fellow is not shown" in shown


def test_a_fellow_whose_account_is_closed_is_still_the_mentors(app, mentors, signed_in) -> None:
    own = digest_id(app, mentors[0])
    with app.app_context(), transaction():
        fellow = db.session.scalars(db.select(User).where(User.name == "Dr. Amara Okafor")).one()
        fellow.disabled_at = utcnow()

    assert "14 of 15" in words(signed_in(mentors[0]).get(f"/digests/{own}"))


def test_a_page_far_beyond_the_last_is_empty(mentors, signed_in) -> None:
    assert signed_in(mentors[0]).get(f"/digests?page={2**60}").status_code == 200


def test_the_list_takes_the_same_number_of_statements_for_1_and_for_60_mails(
    app, mentors, signed_in
) -> None:
    counts = []
    with app.app_context(), transaction():
        db.session.execute(db.update(Mentorship).values(starts_on=date(2025, 7, 1)))
    for weeks in (0, 59):
        with app.app_context(), transaction():
            for week in range(weeks):
                when = MONDAY - timedelta(days=7 * (week + 1))
                name = f"{when.isocalendar().year}-W{when.isocalendar().week:02}"
                services.compose_digest(mentors[0].id, name, now=MONDAY)
        browser = signed_in(mentors[0])
        with counted(app) as statements:
            assert browser.get("/digests").status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert "Page 2 of 3" in words(browser.get("/digests?page=2"))


def test_opening_the_link_changes_nothing(app, mentors, client) -> None:
    page = client.get(link(app, mentors[0]))

    assert page.status_code == 200
    assert "Nothing has been changed yet" in words(page)
    assert not stopped(app, mentors[0])


def test_one_click_stops_the_mails_of_its_mentor_only(app, mentors, client) -> None:
    page = client.post(link(app, mentors[0]), data={"List-Unsubscribe": "One-Click"})
    again = client.post(link(app, mentors[0]))

    assert page.status_code == again.status_code == 200
    assert stopped(app, mentors[0])
    assert not stopped(app, mentors[1])
    with app.app_context():
        assert db.session.scalars(db.select(AuditEvent.action)).all() == ["mail.stop"]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("token", ["", "nonsense", "WzEsImRpZ2VzdCJd.AAAA"])
def test_a_link_that_we_did_not_make_is_not_there(client, method: str, token: str) -> None:
    assert getattr(client, method)(f"/unsubscribe/{token}x").status_code == 404


def test_a_link_for_other_mails_does_not_stop_these(app, mentors, client) -> None:
    with app.test_request_context():
        path = stop_path(mentors[0].id, "invitation").in_clear()

    assert client.post(path).status_code == 404
    assert not stopped(app, mentors[0])


def test_an_old_link_works_after_the_key_was_changed(app, mentors, client, monkeypatch) -> None:
    address = link(app, mentors[0])
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [app.config["SECRET_KEY"]])
    monkeypatch.setitem(app.config, "SECRET_KEY", "another")

    assert client.post(address).status_code == 200
    assert stopped(app, mentors[0])


def test_a_mentor_can_have_the_mails_sent_again(app, mentors, signed_in) -> None:
    browser = signed_in(mentors[0])
    token = _token_in(browser.get("/digests").get_data(as_text=True))
    for wanted in ("no", "yes"):
        answer = browser.post("/digests/mails", data={"wanted": wanted, "csrf_token": token})
        assert answer.status_code == 302
        assert stopped(app, mentors[0]) is (wanted == "no")


def _token_in(html: str) -> str:
    return html.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_the_command_writes_each_digest_once_and_says_so(app, mentors) -> None:
    runner = CliRunner()
    with app.app_context():
        first = runner.invoke(cli.group, ["send", "--week", "2026-W46"])
        second = runner.invoke(cli.group, ["send", "--week", "2026-W46"])
        one = runner.invoke(
            cli.group, ["send", "--week", "2026-W45", "--mentor", mentors[1].email.upper()]
        )

        assert first.exit_code == second.exit_code == one.exit_code == 0
        for mentor in mentors:
            assert f"{mentor.email}: written: Too little to say of your fellow" in first.output
            assert f"{mentor.email}: already written" in second.output
        assert one.output == f"{mentors[1].email}: written: Too little to say of your fellow\n"
        assert db.session.scalar(db.select(db.func.count(Message.id))) == 5


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--week", "2026-W99"], "is not a week"),
        (["--week", "last"], "is not a week"),
        (["--week", "2026-W47", "--mentor", "nobody@example.org"], "Nobody has the address"),
    ],
)
def test_the_command_refuses_what_it_cannot_do(in_app, options, sentence: str) -> None:
    answer = CliRunner().invoke(cli.group, ["send", *options])

    assert answer.exit_code == 1
    assert sentence in answer.output


def test_the_command_says_when_there_is_nothing_to_send(app, mentors) -> None:
    with app.app_context():
        with transaction():
            set_wanted(mentors[0].id, "digest", False, now=utcnow())
        answer = CliRunner().invoke(
            cli.group, ["send", "--week", "2026-W45", "--mentor", mentors[0].email]
        )

    assert "nothing to send" in answer.output
