"""Asking, answering, and using the answers."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from lms.attempts import services as attempts
from lms.attempts.models import Response
from lms.cases import queries as bank
from lms.cases.models import Item, StoredCase
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.core.links import hash_secret
from lms.core.mail import Message
from lms.panels import queries, services
from lms.panels.answering import Incomplete, LinkOver, answer
from lms.panels.invitees import Invitee, read_invitees
from lms.panels.models import Panel, PanelAnswer, Panelist, PanelLink, PanelState
from lms.panels.queries import PanelistAnswer
from lms.people.models import Role
from question_bank.panels import asked
from tests.attempts.factories import choice_item, make_assignment
from tests.cases.texts import case_file, load
from tests.factories import NOW, add, make_fellow, make_user
from tests.panels.factories import (
    KEYS,
    SLUG,
    addresses,
    all_of,
    answer_with,
    make_asked,
    panel_case,
    panel_item,
    panelist,
    secrets_of,
    the_panel,
    use_and_publish,
    versions_of,
)

pytestmark = pytest.mark.usefixtures("in_app")


DAY = timedelta(days=1)


MIXED = (0, 1, 1, 1, 1, 2, 2, 2, 3, 4)


def rows(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def page() -> queries.PanelPage:
    """Return what staff see of the panel."""
    with transaction():
        reader = make_user(Role.FACULTY)
    return queries.page_of(SLUG, reader=reader, now=NOW)


def acts() -> list[str]:
    found = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id))
    return [act for act in found if act.startswith("panel.")]


def mails() -> list[Message]:
    return list(db.session.scalars(select(Message).order_by(Message.id)))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("a@b.org", Invitee("a@b.org", "")),
        ("  A@B.org ,", Invitee("a@b.org", "")),
        ("Dr. A. Okafor <A@b.org>", Invitee("a@b.org", "Dr. A. Okafor")),
        ('"Okafor, Amara" <a@b.org>;', Invitee("a@b.org", "Okafor, Amara")),
        ("<a@b.org>", Invitee("a@b.org", "")),
    ],
)
def test_a_line_is_an_address_maybe_with_a_name(line, found) -> None:
    assert read_invitees(f"\n{line}\n\n") == ([found], [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write at least one mail address."),
        ("a@b.org\nnonsense", "Line 2, “nonsense”: Write a mail address"),
        ("a@b.org, c@d.org", "Line 1, “a@b.org, c@d.org”: Write a mail address"),
        (f"{'x' * 101} <a@b.org>", "A name has at most 100 characters."),
        ("a@b.org\nB <A@B.ORG>", "Line 2: a@b.org stands there twice."),
        (addresses(41), "These are 41 people. Ask at most 40 at a time."),
        ("Dr. B\r\n<c@d.org>\r\n", "Line 1, “Dr. B”: Write a mail address"),
    ],
)
def test_every_line_that_cannot_be_taken_is_named(text, problem) -> None:
    _, problems = read_invitees(text)

    assert any(problem in each for each in problems), problems


def test_the_first_invitations_open_the_panel_and_the_next_ones_join_it() -> None:
    faculty, secrets = make_asked(2)
    with transaction():
        services.invite(faculty, SLUG, addresses(2, start=2), now=NOW + DAY)

    panel = the_panel()
    assert panel.state is PanelState.OPEN
    assert panel.opened_by == faculty.id
    assert rows(Panelist) == rows(PanelLink) == len(set(secrets_of(mails()))) == 4
    assert len(secrets) == 2
    assert acts() == ["panel.open", "panel.invite", "panel.invite"]


def test_of_a_list_with_a_flaw_nobody_is_invited_and_every_flaw_is_named() -> None:
    faculty, _ = make_asked(1)
    with transaction():
        make_user(Role.FELLOW, email="fellow@example.org")
    text = "new@example.org\nEXPERT000@example.org\nnonsense\nfellow@example.org\nnew@example.org"

    with pytest.raises(services.NotInvited) as refused, transaction():
        services.invite(faculty, SLUG, text, now=NOW)

    assert len(refused.value.problems) == 4
    assert "expert000@example.org has been invited already." in refused.value.problems
    assert any("fellow@example.org is a fellow" in each for each in refused.value.problems)
    assert rows(Panelist) == len(mails()) == 1


def test_a_refused_first_list_opens_no_panel() -> None:
    load(panel_case())
    with transaction():
        faculty = make_user(Role.FACULTY)

    with pytest.raises(services.NotInvited), transaction():
        services.invite(faculty, SLUG, "nonsense", now=NOW)

    assert rows(Panel) == 0


def test_a_case_that_wants_no_panel_gets_none() -> None:
    load(panel_case("retired"), case_file("keyed", panel_item(panel={"counts": [1, 4, 3, 1, 1]})))
    with transaction():
        faculty = make_user(Role.FACULTY)
        db.session.execute(
            db.update(StoredCase).where(StoredCase.slug == "retired").values(retired_at=NOW)
        )

    for slug in ("retired", "keyed"):
        with pytest.raises(services.NoItemForPanel), transaction():
            services.invite(faculty, slug, "a@example.org", now=NOW)
    with pytest.raises(NotFound), transaction():
        services.invite(faculty, "no-such-case", "a@example.org", now=NOW)


def test_a_case_has_one_open_panel() -> None:
    make_asked(1)
    panel = the_panel()
    again = Panel(
        case_id=panel.case_id,
        case_version_id=panel.case_version_id,
        opened_by=panel.opened_by,
        opened_at=NOW,
    )

    with pytest.raises(IntegrityError), transaction():
        add(again)


def test_an_answer_is_kept_and_the_last_one_counts() -> None:
    _, secrets = make_asked(1)
    with transaction():
        answer(secrets[0], all_of(1, "First"), now=NOW)
    with transaction():
        answer(
            secrets[0],
            {KEYS[0]: PanelistAnswer(4), KEYS[1]: PanelistAnswer(0, "Why")},
            now=NOW + DAY,
        )

    kept = db.session.execute(
        select(Item.key, PanelAnswer.point, PanelAnswer.comment)
        .join(Item, Item.id == PanelAnswer.item_id)
        .order_by(Item.position)
    ).all()
    assert kept == [(KEYS[0], 4, None), (KEYS[1], 0, "Why")]
    assert panelist("expert000@example.org").answered_at == NOW + DAY


@pytest.mark.parametrize(
    "given",
    [
        {},
        {KEYS[0]: PanelistAnswer(1)},
        {KEYS[0]: PanelistAnswer(1), KEYS[1]: PanelistAnswer(None)},
        {KEYS[0]: PanelistAnswer(1), KEYS[1]: PanelistAnswer(5)},
        {KEYS[0]: PanelistAnswer(1), KEYS[1]: PanelistAnswer(-1)},
        {KEYS[0]: PanelistAnswer(1), KEYS[1]: PanelistAnswer(1, "x" * 501)},
        {KEYS[0]: PanelistAnswer(1), "next-step": PanelistAnswer(1)},
        {KEYS[0]: PanelistAnswer(1), KEYS[1]: PanelistAnswer(1), "next-step": PanelistAnswer(1)},
    ],
)
def test_an_answer_is_complete_or_nothing(given) -> None:
    _, secrets = make_asked(1)

    with pytest.raises(Incomplete), transaction():
        answer(secrets[0], given, now=NOW)

    assert rows(PanelAnswer) == 0
    assert panelist("expert000@example.org").answered_at is None


def test_a_link_is_good_for_60_days() -> None:
    _, secrets = make_asked(2)
    end = NOW + timedelta(days=60)

    with transaction():
        answer(secrets[0], all_of(1), now=end - timedelta(seconds=1))
    with pytest.raises(LinkOver), transaction():
        answer(secrets[1], all_of(1), now=end)


def test_a_closed_panel_a_withdrawn_invitation_and_a_made_up_link_take_no_answer() -> None:
    faculty, secrets = make_asked(2)
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert000@example.org").id, now=NOW)
    with pytest.raises(LinkOver), transaction():
        answer(secrets[0], all_of(1), now=NOW)
    with transaction():
        services.close(faculty, SLUG, now=NOW)
    with pytest.raises(LinkOver), transaction():
        answer(secrets[1], all_of(1), now=NOW)
    with pytest.raises(NotFound), transaction():
        answer("made-up", all_of(1), now=NOW)

    assert rows(PanelAnswer) == 0


def test_nothing_of_a_secret_is_kept() -> None:
    _, (secret,) = make_asked(1)

    kept = db.session.scalars(select(PanelLink)).one()
    raw = db.session.scalars(select(Message.raw)).one()

    signed = secret.partition(".")[2]
    assert len(signed) == 27, "160 bits"
    assert kept.secret_hash is None
    assert signed.encode() not in raw


def test_a_link_that_was_mailed_before_takes_answers_until_it_ends() -> None:
    _, _ = make_asked(1)
    with transaction():
        link = db.session.scalars(select(PanelLink)).one()
        link.secret_hash = hash_secret("a" * 43)

    with transaction():
        answer("a" * 43, all_of(1), now=NOW)
    with pytest.raises(LinkOver), transaction():
        answer("a" * 43, all_of(2), now=link.expires_at)

    assert rows(PanelAnswer) == 2


def test_who_has_not_answered_is_reminded_once_a_day_and_every_link_stays_good() -> None:
    faculty, secrets = make_asked(4)
    answer_with(secrets[:1], [1])
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert001@example.org").id, now=NOW)
    with pytest.raises(services.NobodyToRemind), transaction():
        services.remind(faculty, SLUG, now=NOW + timedelta(hours=1))

    with transaction():
        assert services.remind(faculty, SLUG, now=NOW + DAY) == 2
    with pytest.raises(services.NobodyToRemind), transaction():
        services.remind(faculty, SLUG, now=NOW + DAY + timedelta(hours=3))

    reminders = [mail for mail in mails() if mail.kind == "panel_reminder"]
    assert [mail.address for mail in reminders] == [
        "expert002@example.org",
        "expert003@example.org",
    ]
    answer_with([secrets[2], secrets_of(reminders)[1]], [1, 2], now=NOW + DAY)
    assert rows(PanelAnswer) == 6


def test_the_day_of_a_reminder_is_the_day_of_who_reminds() -> None:
    faculty, _ = make_asked(1)  # 10:00 AM in New York
    late = NOW.replace(hour=23, minute=30)

    with pytest.raises(services.NobodyToRemind), transaction():
        services.remind(faculty, SLUG, now=late + timedelta(hours=5))
    with transaction():
        assert services.remind(faculty, SLUG, now=late + timedelta(hours=6)) == 1


def test_answers_stay_when_the_invitation_is_withdrawn_after_them() -> None:
    faculty, secrets = make_asked(2)
    answer_with(secrets, [1, 1])
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert000@example.org").id, now=NOW)

    report = page().report
    assert report is not None
    assert (report.invited, report.answered) == (2, 2)
    with transaction():
        services.withdraw(
            faculty, SLUG, panelist("expert000@example.org").id, now=NOW + timedelta(hours=1)
        )
    assert panelist("expert000@example.org").withdrawn_at == NOW


def test_who_was_withdrawn_can_be_invited_again_and_the_old_link_stays_dead() -> None:
    faculty, secrets = make_asked(1)
    with transaction():
        services.withdraw(faculty, SLUG, panelist("expert000@example.org").id, now=NOW)
    with transaction():
        services.invite(faculty, SLUG, "expert000@example.org", now=NOW + DAY)

    assert len(mails()) == 2
    with pytest.raises(LinkOver), transaction():
        answer(secrets[0], all_of(1), now=NOW + DAY)
    with transaction():
        answer(secrets_of(mails())[1], all_of(1), now=NOW + DAY)


def test_nobody_is_withdrawn_from_another_panel() -> None:
    faculty, _ = make_asked(1)
    other = panelist("expert000@example.org").id
    load(panel_case("other-case"))
    with transaction():
        services.invite(faculty, "other-case", "x@example.org", now=NOW)

    with pytest.raises(NotFound), transaction():
        services.withdraw(faculty, "other-case", other, now=NOW)


def test_the_answers_are_proposed_as_a_new_version_and_close_the_panel() -> None:
    faculty, secrets = make_asked(12)
    answer_with(secrets, MIXED)
    before = versions_of()[0]
    old_hash = before.content_hash

    with transaction():
        services.use_answers(faculty, SLUG, now=NOW + DAY)

    old, new = versions_of()
    case = bank.case_by_slug(SLUG)
    items = {item.key: item.use for item in case.case.items}
    assert [item.panel.counts for item in asked(bank.parsed(new))] == [(1, 4, 3, 1, 1)] * 2
    assert (new.number, new.change_note, new.author_id) == (2, "Panel of 10", faculty.id)
    assert case.version.id == old.id
    assert old.content_hash == old_hash
    assert "panel" not in old.body["items"][1]
    assert items == {"next-step": "scored", KEYS[0]: "none", KEYS[1]: "none"}
    panel = the_panel()
    assert (panel.state, panel.closed_at, panel.used_in_id) == (
        PanelState.CLOSED,
        NOW + DAY,
        new.id,
    )
    assert acts()[-1] == "panel.use"
    with pytest.raises(services.NoOpenPanel), transaction():
        services.use_answers(faculty, SLUG, now=NOW + DAY)


def test_somebody_else_publishes_what_a_panel_keyed() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)

    use_and_publish(faculty)

    case = bank.case_by_slug(SLUG)
    items = {item.key: item.use for item in case.case.items}
    assert case.version.id == versions_of()[-1].id
    assert items == {"next-step": "scored", KEYS[0]: "formative", KEYS[1]: "formative"}


def test_fewer_than_ten_answers_are_not_used() -> None:
    faculty, secrets = make_asked(12)
    answer_with(secrets, MIXED[:9])

    with pytest.raises(services.TooFew, match="9 of at least 10"), transaction():
        services.use_answers(faculty, SLUG, now=NOW)

    assert the_panel().state is PanelState.OPEN
    assert len(versions_of()) == 1


def test_an_attempt_that_has_begun_keeps_its_version() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)
    with transaction():
        fellow = make_fellow()
        case = bank.case_by_slug(SLUG).case
        assignment = make_assignment(fellow, cases=[case])
        attempt = attempts.start_attempt(fellow, assignment.id, now=NOW, seed=1)
    with transaction():
        services.use_answers(faculty, SLUG, now=NOW)

    kept = db.session.scalars(
        select(Response.case_version_id).where(Response.attempt_id == attempt.id)
    ).all()
    assert set(kept) == {versions_of()[0].id}


def test_a_case_that_shows_something_else_does_not_take_the_answers() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)
    load(panel_case(vignette="Another patient altogether."), now=NOW + DAY)

    with pytest.raises(services.OutOfDate), transaction():
        services.use_answers(faculty, SLUG, now=NOW + DAY)
    with pytest.raises(services.OutOfDate), transaction():
        services.invite(faculty, SLUG, "late@example.org", now=NOW + DAY)
    with transaction():
        services.close(faculty, SLUG, now=NOW + DAY)
    with transaction():
        services.invite(faculty, SLUG, "late@example.org", now=NOW + DAY)
    assert rows(Panel) == 2


def test_a_change_that_no_panelist_sees_does_not_matter() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)
    load(panel_case(takeaway="Another word."), now=NOW + DAY)

    with transaction():
        version = services.use_answers(faculty, SLUG, now=NOW + DAY)

    assert version.number == 3
    assert version.body["takeaway"] == "Another word."


def test_loading_the_file_again_keeps_the_panel() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)
    use_and_publish(faculty)

    load(panel_case(), now=NOW + DAY)
    unchanged = len(versions_of())
    load(panel_case(takeaway="Another word."), now=NOW + DAY)

    case = bank.case_by_slug(SLUG)
    assert unchanged == 2
    assert case.version.number == 3
    assert all(item.panel is not None for item in asked(case.body))
    assert {item.use for item in case.case.items} == {"scored", "formative"}


def test_a_panel_closed_unused_leaves_the_case_as_it_is() -> None:
    faculty, secrets = make_asked(10)
    answer_with(secrets, MIXED)
    with transaction():
        services.close(faculty, SLUG, now=NOW)

    assert len(versions_of()) == 1
    assert acts()[-1] == "panel.close"
    for deed in (services.close, services.remind, services.use_answers):
        with pytest.raises(services.NoOpenPanel), transaction():
            deed(faculty, SLUG, now=NOW + DAY)


def test_before_ten_have_answered_only_their_number_is_read() -> None:
    _, secrets = make_asked(12)
    for secret in secrets[:9]:
        with transaction():
            answer(secret, all_of(2, "A word"), now=NOW)

    few = page().report
    assert few is not None
    assert few.answered == 9
    assert [(item.counts, item.comments) for item in few.items] == [(None, ())] * 2
    with transaction():
        answer(secrets[9], all_of(4, "Another"), now=NOW)

    enough = page().report
    assert enough is not None
    assert [item.counts for item in enough.items] == [(0, 0, 9, 0, 1)] * 2
    assert enough.items[0].comments == ("A word",) * 9 + ("Another",)


def test_no_audit_event_names_who_answered() -> None:
    _, secrets = make_asked(1)
    answer_with(secrets, [1])

    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "panel.answer")).one()

    assert (event.actor_id, event.object_type, event.before, event.after) == (
        None,
        "panel",
        None,
        None,
    )


def test_an_item_that_has_a_panel_keeps_it() -> None:
    kept = {"counts": [0, 0, 0, 12, 0]}
    items = (choice_item(), panel_item(KEYS[0], panel=kept), panel_item(KEYS[1]))
    load(case_file(SLUG, *items))
    with transaction():
        faculty = make_user(Role.FACULTY)
        services.invite(faculty, SLUG, addresses(10), now=NOW)
    answer_with(secrets_of(mails()), MIXED)

    use_and_publish(faculty, NOW + DAY)

    found = asked(bank.case_by_slug(SLUG).body)
    assert [item.panel.counts for item in found if item.panel] == [
        (0, 0, 0, 12, 0),
        tuple(MIXED.count(point) for point in range(5)),
    ]
