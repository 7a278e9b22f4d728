"""A mentor notes a talk; who reads what of it; what it settles."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lms.attempts.models import Response
from lms.authoring.models import Review
from lms.core.audit import AuditEvent
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.errors import Invalid, NotFound
from lms.core.mail import Message
from lms.mentoring.meetings import services
from lms.mentoring.meetings.models import LONGEST, Meeting
from lms.mentoring.meetings.queries import choices_to_talk_about
from lms.mentoring.meetings.services import NothingAgreed, Talk
from lms.mentoring.prompts.models import OPEN_FOR, Prompt, PromptAnswer
from lms.mentoring.prompts.services import ask_for_words
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.results.models import Acknowledgement
from tests.factories import NOW, add, day_of, make_fellow, make_mentorship, make_user
from tests.mentoring.test_answers import Story, story
from tests.reading import words
from tests.signin.helpers import sight_of, token_of

DAY = date(2026, 11, 24)


@dataclass
class People:
    """A fellow with two mentors of today and one of before, and who else may be curious."""

    fellow: User
    mentor: User
    second: User
    former: User
    stranger: User
    director: User
    other_fellow: User


@pytest.fixture
def people(app: Flask) -> People:
    with app.app_context(), transaction():
        found = People(
            fellow=make_fellow("Dr. Amara Okafor"),
            mentor=make_user(Role.MENTOR, name="Dr. Lena Hargrove"),
            second=make_user(Role.MENTOR, name="Dr. Sam Second"),
            former=make_user(Role.MENTOR, name="Dr. Fay Former"),
            stranger=make_user(Role.MENTOR),
            director=make_user(Role.DIRECTOR),
            other_fellow=make_fellow(),
        )
        make_mentorship(found.mentor, found.fellow)
        make_mentorship(found.second, found.fellow)
        make_mentorship(found.former, found.fellow, ends_on=date(2026, 10, 31))
    return found


def noted(mentor: User, fellow: User, **said: object) -> Meeting:
    talk = Talk(**{"met_on": DAY, "notes": "Pumps.", "agreed": "Read on pumps.", **said})
    with transaction():
        return services.note_meeting(mentor, fellow.id, talk, now=NOW)


@pytest.mark.parametrize(
    ("who", "notes", "agreed"),
    [
        ("fellow", True, True),
        ("mentor", True, True),
        ("second", False, True),
        ("former", False, False),
        ("stranger", False, False),
        ("other_fellow", False, False),
    ],
)
def test_the_two_read_all_and_other_mentors_of_today_what_was_agreed(
    app: Flask, people: People, signed_in, who: str, notes: bool, agreed: bool
) -> None:
    with app.app_context():
        noted(people.mentor, people.fellow)

    page = words(signed_in(getattr(people, who)).get("/meetings"))

    assert ("Pumps." in page) is notes
    assert ("Read on pumps." in page) is agreed


@pytest.mark.parametrize("who", ["second", "former", "stranger", "other_fellow"])
def test_nobody_else_opens_a_talk(app: Flask, people: People, signed_in, who: str) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)

    assert signed_in(getattr(people, who)).get(f"/meetings/{meeting.id}").status_code == 404


def test_a_mentor_reads_nothing_of_it_once_the_mentorship_has_ended(
    app: Flask, people: People, signed_in
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)
        with transaction():
            lasting = select(Mentorship).where(Mentorship.mentor_id == people.mentor.id)
            db.session.scalars(lasting).one().ends_on = date(2026, 11, 1)

    client = signed_in(people.mentor)

    assert client.get(f"/meetings/{meeting.id}").status_code == 404
    assert "Pumps." not in words(client.get("/meetings"))


def test_a_director_reads_that_they_met_and_what_was_agreed_once_both_share_it(
    app: Flask, people: People, signed_in
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow, shared=True)
    report, client = f"/fellows/{people.fellow.id}", signed_in(people.director)

    before = words(client.get(report))
    with app.app_context(), transaction():
        services.share(people.fellow, meeting.id, True, now=NOW)
    after = words(client.get(report))

    assert "Nov 24, 2026 with Dr. Lena Hargrove" in before
    assert "Read on pumps." not in before
    assert "Read on pumps." in after
    assert "Pumps." not in after


def test_the_fellow_shares_other_words_anew(app: Flask, people: People) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow, shared=True)
        with transaction():
            assert services.share(people.fellow, meeting.id, True, now=NOW).shared
        with transaction():
            talk = Talk(DAY, "Pumps.", "Read two papers on pumps.", shared=True)
            changed = services.change_meeting(people.mentor, meeting.id, talk, now=NOW)

        assert not changed.shared
        assert changed.shared_by_mentor_at is not None


def form_of(page: TestResponse, url: str) -> dict[str, str]:
    return {"csrf_token": token_of(page), **sight_of(page, url)}


def shown_to(meeting: Meeting) -> tuple[object, object]:
    row = db.session.get_one(Meeting, meeting.id, populate_existing=True)
    return row.shared_by_mentor_at, row.shared_by_fellow_at


def test_words_that_the_fellow_has_not_read_are_not_shared(
    app: Flask, people: People, signed_in
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow, shared=True)
    client, page = signed_in(people.fellow), f"/meetings/{meeting.id}"
    stale = form_of(client.get(page), f"{page}/share")
    with app.app_context(), transaction():
        talk = Talk(DAY, "Pumps.", "To repeat the year.", shared=True)
        services.change_meeting(people.mentor, meeting.id, talk, now=NOW)

    answer = client.post(f"{page}/share", data={**stale, "wanted": "yes"})

    assert answer.status_code == 409
    assert "Read on pumps. To repeat the year." in words(answer)
    with app.app_context():
        assert shown_to(meeting)[1] is None


def test_what_the_fellow_has_read_is_shared_and_shared_no_more_from_any_page(
    app: Flask, people: People, signed_in
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)
    client, page = signed_in(people.fellow), f"/meetings/{meeting.id}"
    form = form_of(client.get(page), f"{page}/share")

    client.post(f"{page}/share", data={**form, "wanted": "yes"})
    with app.app_context():
        shared = shown_to(meeting)[1]
    client.post(f"{page}/share", data={"csrf_token": form["csrf_token"], "wanted": "no"})

    assert shared is not None
    with app.app_context():
        assert shown_to(meeting)[1] is None


def test_a_page_from_before_does_not_share_again_what_the_mentor_has_ended(
    app: Flask, people: People, signed_in
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow, shared=True)
    client, page = signed_in(people.mentor), f"/meetings/{meeting.id}"
    stale = form_of(client.get(page), page)
    with app.app_context(), transaction():
        services.share(people.mentor, meeting.id, False, now=NOW)

    said = {"met_on": DAY, "notes": "Pumps and more.", "agreed": "Read on pumps.", "shared": "y"}
    answer = client.post(page, data={**stale, **said})

    assert answer.status_code == 409
    with app.app_context():
        assert shown_to(meeting)[0] is None


def test_a_talk_is_not_moved_to_a_day_of_which_another_is_noted(app: Flask, people: People) -> None:
    with app.app_context():
        noted(people.mentor, people.fellow)
        earlier = noted(people.mentor, people.fellow, met_on=DAY - timedelta(days=1))
        with (
            pytest.raises(Invalid, match=r"You noted a meeting of .*Nov 24.* already") as refused,
            transaction(),
        ):
            services.change_meeting(people.mentor, earlier.id, Talk(DAY), now=NOW)

    assert refused.value.field == "met_on"


def test_there_is_nothing_to_share_where_nothing_was_agreed(app: Flask, people: People) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow, agreed="")
        with pytest.raises(NothingAgreed), transaction():
            services.share(people.fellow, meeting.id, True, now=NOW)


def test_who_presses_twice_notes_one_talk_and_tells_the_fellow_once(
    app: Flask, people: People
) -> None:
    with app.app_context():
        first, second = (noted(people.mentor, people.fellow) for _ in range(2))
        told = select(func.count()).where(Message.recipient_id == people.fellow.id)

        assert first.id == second.id
        assert db.session.scalar(told) == 1


def test_another_talk_on_the_same_day_is_asked_to_go_to_the_first(
    app: Flask, people: People
) -> None:
    with app.app_context():
        noted(people.mentor, people.fellow)
        with pytest.raises(Invalid, match=r"You noted a meeting of .*Nov 24.* already"):
            noted(people.mentor, people.fellow, notes="Something else.")


def ask_about(people: People, week: str, *, ago: timedelta = timedelta(hours=1)) -> int:
    with transaction():
        asked = ask_for_words(people.mentor.id, week, {people.fellow.id: []}, now=NOW - ago)
    return asked[people.fellow.id].id


def answers() -> Mapping[str, PromptAnswer | None]:
    rows = db.session.execute(select(Prompt.week, Prompt.answer))
    return {row.week: row.answer for row in rows}


@pytest.mark.parametrize(
    ("met_on", "answered"),
    [
        (date(2026, 11, 16), {"2026-W46", "2026-W47"}),
        (date(2026, 11, 15), {"2026-W46"}),
        (date(2026, 2, 3), set()),
    ],
)
def test_a_talk_answers_what_was_asked_of_its_week_and_of_earlier_ones(
    app: Flask, people: People, met_on: date, answered: set[str]
) -> None:
    with app.app_context():
        ask_about(people, "2026-W47")
        ask_about(people, "2026-W46", ago=timedelta(days=8))
        noted(people.mentor, people.fellow, met_on=met_on)

        assert {week for week, answer in answers().items() if answer} == answered


@pytest.mark.parametrize(
    ("met_on", "answered"), [(date(2026, 11, 16), True), (date(2026, 11, 15), False)]
)
def test_a_talk_answers_a_mail_that_is_called_by_its_day_from_the_week_before_on(
    app: Flask, people: People, met_on: date, answered: bool
) -> None:
    with app.app_context():
        ask_about(people, "2026-W48-2")
        noted(people.mentor, people.fellow, met_on=met_on)

        assert (answers()["2026-W48-2"] is PromptAnswer.TALKED) is answered


@pytest.mark.parametrize(("ago", "answered"), [(OPEN_FOR, False), (OPEN_FOR * 0.999, True)])
def test_a_talk_does_not_answer_what_was_asked_months_ago(
    app: Flask, people: People, ago: timedelta, answered: bool
) -> None:
    with app.app_context():
        ask_about(people, "2026-W43", ago=ago)
        noted(people.mentor, people.fellow)

        assert (answers()["2026-W43"] is PromptAnswer.TALKED) is answered


@pytest.mark.parametrize("said", [{}, {"notes": "", "agreed": ""}])
def test_a_talk_that_is_noted_already_answers_what_was_asked_since(
    app: Flask, people: People, said: dict[str, object]
) -> None:
    with app.app_context():
        first = noted(people.mentor, people.fellow)
        asked = ask_about(people, "2026-W47", ago=timedelta(0))

        again = noted(people.mentor, people.fellow, **said)

        prompt = db.session.get_one(Prompt, asked)
        assert (prompt.answer, prompt.meeting_id) == (PromptAnswer.TALKED, first.id)
        assert (again.id, again.notes, again.agreed) == (first.id, "Pumps.", "Read on pumps.")


def test_a_talk_that_is_noted_already_is_shared_as_who_says_its_words_asks_then(
    app: Flask, people: People
) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)
        found = []
        for said in ({"shared": True}, {"notes": "", "agreed": ""}, {}):
            noted(people.mentor, people.fellow, **said)
            found.append(shown_to(meeting))

        assert found == [(NOW, None), (NOW, None), (None, None)]


def test_words_that_a_form_does_not_show_are_not_shared_by_it(app: Flask, people: People) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)
        with pytest.raises(Invalid, match="Share it under Meetings") as refused:
            noted(people.mentor, people.fellow, notes="", agreed="", shared=True)

        assert refused.value.field == "shared"
        assert shown_to(meeting) == (None, None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"met_on": DAY + timedelta(days=2)}, "met_on"),
        ({"met_on": DAY - timedelta(days=400)}, "met_on"),
        ({"notes": "x" * (LONGEST + 1)}, "notes"),
        ({"agreed": "x" * (LONGEST + 1)}, "agreed"),
    ],
)
def test_a_talk_to_come_and_a_long_text_are_refused_at_their_field(
    app: Flask, people: People, said: dict[str, object], field: str
) -> None:
    with app.app_context(), pytest.raises(Invalid) as refused:
        noted(people.mentor, people.fellow, **said)

    assert refused.value.field == field


@pytest.mark.parametrize("who", ["former", "stranger", "director", "fellow"])
def test_only_who_looks_after_the_fellow_notes_a_talk(app: Flask, people: People, who: str) -> None:
    with app.app_context(), pytest.raises(NotFound):
        noted(getattr(people, who), people.fellow)


def test_neither_mail_nor_audit_has_what_was_said(app: Flask, people: People) -> None:
    with app.app_context():
        noted(people.mentor, people.fellow)
        mails = b"".join(db.session.scalars(select(Message.raw)))
        kept = [str((row.before, row.after)) for row in db.session.scalars(select(AuditEvent))]

    assert b"Dr. Lena Hargrove noted your meeting of" in mails
    assert b"umps" not in mails
    assert not any("umps" in each for each in kept)


def test_a_talk_settles_the_unsafe_choices_that_it_was_about(app: Flask, signed_in) -> None:
    with app.app_context():
        told = story()
    fellow, client = told.people["fellow"].id, signed_in(told.people["mentor"])
    form = client.get(f"/fellows/{fellow}/meetings/new")

    assert "Unsafe choices you talked about" in words(form)
    answer = client.post(
        f"/fellows/{fellow}/meetings/new",
        data={
            "csrf_token": token_of(form),
            "met_on": day_of(utcnow()) - timedelta(days=1),
            "about": told.aliases["unsafe"],
        },
    )

    assert answer.status_code == 302, words(answer)
    page = words(client.get(f"/fellows/{fellow}"))
    assert "Unsafe choices talked about" in page
    assert "An unsafe choice on" not in page


def test_a_talk_does_not_settle_what_it_was_not_about(app: Flask, signed_in) -> None:
    with app.app_context():
        told = story()
        talk = Talk(day_of(utcnow()) - timedelta(days=1))
        with transaction():
            mentor, fellow = told.people["mentor"], told.people["fellow"]
            services.note_meeting(mentor, fellow.id, talk, now=utcnow())

    page = words(signed_in(mentor).get(f"/fellows/{fellow.id}"))

    assert "An unsafe choice on" in page


def test_a_talk_that_is_noted_already_settles_the_choices_that_are_named_then(app: Flask) -> None:
    with app.app_context():
        told = story()
        mentor, fellow = told.people["mentor"], told.people["fellow"]
        yesterday = day_of(utcnow()) - timedelta(days=1)
        for about in ((), (told.unsafe,)):
            with transaction():
                talk = Talk(yesterday, about=about)
                services.note_meeting(mentor, fellow.id, talk, now=utcnow())

        assert db.session.scalars(select(Acknowledgement.response_id)).all() == [told.unsafe]


@pytest.fixture
def blind(app: Flask) -> Story:
    """An unsafe choice in a case that its fellow's mentor was asked to answer blind."""
    with app.app_context():
        told = story()
        mentor = told.people["mentor"]
        with transaction():
            asked = db.session.get_one(Response, told.unsafe).case_version_id
            add(
                Review(
                    case_version_id=asked,
                    reviewer_id=mentor.id,
                    asked_by_id=told.people["faculty"].id,
                    asked_at=NOW,
                )
            )
    return told


def test_of_a_case_that_the_mentor_is_to_answer_blind_no_choice_is_named(
    app: Flask, blind: Story, signed_in
) -> None:
    mentor, fellow = blind.people["mentor"], blind.people["fellow"]
    client = signed_in(mentor)
    pages = [words(client.get(page)) for page in ("/fellows", f"/fellows/{fellow.id}")]

    for page in pages:
        assert "1 unsafe choice, " in page
        assert "Named here once you have answered blind what you are to review." in page
        assert "stopping an opioid abruptly" not in page
    with app.app_context():
        assert choices_to_talk_about(mentor, fellow.id, utcnow()) == []
    second = words(signed_in(blind.people["second"]).get("/fellows"))
    assert "stopping an opioid abruptly" in second


def test_a_talk_is_noted_whatever_its_mentor_is_to_answer_blind(app: Flask, blind: Story) -> None:
    mentor, fellow = blind.people["mentor"], blind.people["fellow"]
    with app.app_context():
        with transaction():
            talk = Talk(day_of(utcnow()) - timedelta(days=1), about=(blind.unsafe,))
            services.note_meeting(mentor, fellow.id, talk, now=utcnow())

        assert db.session.scalar(select(func.count(Meeting.id))) == 1
        assert db.session.scalars(select(Acknowledgement.response_id)).all() == []


def test_to_share_with_a_change_is_on_record(app: Flask, people: People) -> None:
    with app.app_context():
        meeting = noted(people.mentor, people.fellow)
        with transaction():
            talk = Talk(DAY, "Pumps.", "Read on pumps.", shared=True)
            services.change_meeting(people.mentor, meeting.id, talk, now=NOW)
        deeds = db.session.scalars(select(AuditEvent.action)).all()

    assert "meeting.share" in deeds
    assert "meeting.change" not in deeds
