"""The digest says what was computed by hand, to whom it belongs, once."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from flask import Flask

from lms.attempts import services as attempts
from lms.attempts.models import Attempt, AttemptState
from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.delivery import claim
from lms.core.mail.places import filled
from lms.core.mail.reading import parts_of
from lms.grading import services as grading
from lms.grading.marking.services import mark_response
from lms.grading.models import Marking
from lms.mentoring.digests import queries, services, tasks
from lms.mentoring.digests.contents import from_json, to_json
from lms.mentoring.digests.models import Digest
from lms.notices.models import MailPreference
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.progress.verdict_words import conclusion, rest_of
from lms.taking import saving
from lms.taking.incoming_saves import Packet, ShownAnswer
from question_bank.scoring import percent
from tests.attempts.factories import (
    case_body,
    choice_item,
    make_assignment,
    make_case,
    row_of,
    store_case,
)
from tests.attempts.kinds import essay_item, panel_item
from tests.factories import add, make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import (
    EPIDURAL,
    INTV,
    PHARM,
    PSYCH,
    REHAB,
    earned,
    make_given,
    make_topic_case,
    take,
    take_again,
)
from tests.progress.statements import counted

MONDAY = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
"""6 AM in New York, after the week 2026-W47."""


WEEK = "2026-W47"


@dataclass(frozen=True)
class People:
    mentor: User
    weak: User
    fine: User


@pytest.fixture
def people(in_app: Flask) -> People:
    """A mentor with a fellow who is weak in interventional items, and one who is not."""
    with transaction():
        mentor = make_user(Role.MENTOR, name="Dr. Lena Hargrove")
        weak = make_fellow("Dr. Amara Okafor")
        fine = make_fellow("Dr. Daniel Reyes")
        for fellow in (weak, fine):
            make_cohort(fellow)
            make_mentorship(mentor, fellow)
        _history_of_the_weak(weak)
        take(fine, _day(10, 20), {PHARM: earned(17, 20), REHAB: earned(16, 20)})
    return People(mentor, weak, fine)


def _history_of_the_weak(weak: User) -> None:
    take(weak, _day(9, 1), {INTV: earned(30, 42), PHARM: earned(38, 47)})
    take(weak, _day(10, 20), {INTV: earned(12, 25), PHARM: earned(41, 50)})
    take(weak, _day(10, 22), {REHAB: earned(18, 24)})
    first = take(
        weak,
        _day(11, 18),
        {EPIDURAL: earned(9, 15), PSYCH: earned(5, 8)},
        title="Quiz 4",
        takeaway="A disc herniation with radicular pain earns the shot.",
    )
    take_again(first, _day(11, 19), earned(0, 23))
    make_given(weak, [make_topic_case(REHAB, 14)], _day(11, 21), title="Quiz 5", open_days=2)


def _day(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 18, 0, tzinfo=UTC)


def compose(mentor: User, week: str = WEEK, now: datetime = MONDAY) -> Digest | None:
    with transaction():
        return services.compose_digest(mentor.id, week, now=now)


def message_of(digest: Digest | None) -> Message:
    assert digest is not None
    message = db.session.get(Message, digest.message_id, populate_existing=True)
    assert message is not None
    return message


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_mail_states_what_was_computed_by_hand(people: People) -> None:
    message = message_of(compose(people.mentor))

    text = flat(parts_of(message).text)
    assert message.subject == "One of your two fellows needs a word this week"
    for sentence in (
        "Nov 16 to 22, 2026",
        "One is fine.",
        "Dr. Amara Okafor: TALK Quiz 5 is one day overdue. "
        "Due Sat Nov 21, 1:00 PM Eastern, closes Mon Nov 23, 1:00 PM Eastern; "
        "14 of 14 items are open. "
        "Interventional: 21 of 40 right, Sep 28 to Nov 22. "
        "The chance that the true share is under 70% is 98 in 100.",
        "Finished Quiz 4. 23 new first answers, Nov 16 to 22: 14 right.",
        "Share correct at first answer, Sep 28 to Nov 22",
        "Pharmacological: 41 of 50 (82%, 95% interval 69 to 90%)",
        "Interventional: 21 of 40 (53%, 95% interval 37 to 67%)",
        "Rehabilitative: 18 of 24 (75%, 95% interval 55 to 88%)",
        "Psychological: 5 of 8, too few for a share (10 needed)",
        "Before, Aug 3 to Sep 27: Pharmacological 38 of 47, Interventional 30 of 42.",
        "What would settle it. Quiz 5 handed in. "
        "About 34 more interventional first answers, if 8 in 10 of them are right.",
        "Strength, Sep 28 to Nov 22: Pharmacological, 41 of 50 (82%, 95% interval 69 to 90%).",
        "Ask about Epidural steroid injection and radicular pain. "
        "9 of 15 correct, Sep 28 to Nov 22. "
        "A disc herniation with radicular pain earns the shot.",
        "FINE Dr. Daniel Reyes 33 of 40 right, Sep 28 to Nov 22. "
        "The chance that the true share is under 70% is 4 in 100. "
        "Nothing late, no unsafe choice in that time. What would change it. "
        "Something late, an unsafe choice, or a run of misses in one approach. "
        "Nothing new, Nov 16 to 22. "
        "Ask about: Low back and neck pain rehabilitation (16 of 20, Sep 28 to Nov 22).",
        "Times are Eastern.",
    ):
        assert sentence in text, sentence


def test_the_mail_names_one_talking_point_of_a_fellow(people: People) -> None:
    text = flat(parts_of(message_of(compose(people.mentor))).text)

    assert "Facet joint blocks and radiofrequency denervation" not in text


def test_the_mail_tells_a_gap_and_what_is_overdue_once(people: People) -> None:
    text = flat(parts_of(message_of(compose(people.mentor))).text)

    assert "Gap:" not in text
    assert text.count("30 of 42") == 1
    assert text.count("overdue") == 1


def test_both_parts_of_the_mail_state_the_same_facts(people: People) -> None:
    digest = compose(people.mentor)
    message = message_of(digest)
    assert digest is not None
    said = from_json(digest.said)

    parts = parts_of(message)
    html = flat(_plain(parts.html or ""))
    text = flat(parts.text)
    for fellow in said.in_need:
        facts = [fellow.news, fellow.before, *fellow.contrasts, *fellow.settle]
        facts += [word for ask in fellow.because + fellow.asks for word in (ask.strong, ask.rest)]
        for fact in facts:
            assert fact in text, fact
            assert fact in html, fact
        for bar in fellow.bars:
            assert f"{bar.name}: {bar.words}" in text
            assert bar.name in html
            count = f"{bar.tally.correct} of {bar.tally.items}"
            if bar.tally.interval and bar.tally.is_figure:
                low, high = (percent(bound) for bound in bar.tally.interval)
                assert f"{count} {low} to {high}%" in html
            else:
                assert bar.words in html
    for _, fellows in said.others:
        for line in [line for fellow in fellows for line in fellow.short]:
            assert line in text
            assert line in html


class Words(HTMLParser):
    """Collects the words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _plain(html: str) -> str:
    parser = Words()
    parser.feed(html)
    return " ".join(parser.words)


def test_the_mail_can_be_stopped_with_one_click(people: People) -> None:
    raw = filled(message_of(compose(people.mentor)))

    lines = raw.decode().splitlines()
    found = [line for line in lines if line.startswith("List-Unsubscribe: <http")]
    assert len(found) == 1
    assert found[0].endswith(">")
    assert "/unsubscribe/" in found[0]
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    mime = message_from_bytes(raw, policy=default)
    assert mime["To"].addresses[0].addr_spec == people.mentor.email
    assert found[0][len("List-Unsubscribe: <") : -1] in parts_of(Message(raw=raw, places={})).text


def test_no_image_script_or_foreign_address_is_in_the_mail(people: People, app: Flask) -> None:
    html = parts_of(message_of(compose(people.mentor))).html or ""

    assert "<img" not in html
    assert "<script" not in html
    base = app.extensions["settings"].base_url
    assert {
        re.split("/(?:fellows|digests|unsubscribe|act)", address)[0]
        for address in html.split('href="')[1:]
        for address in [address.split('"')[0]]
    } == {base}


@pytest.mark.slow
def test_the_mail_of_thirty_fellows_in_need_stays_below_60_kb(in_app: Flask) -> None:
    everything = {topic: earned(1, 12) for topic in (PHARM, INTV, EPIDURAL, REHAB, PSYCH)}
    with transaction():
        mentor = make_user(Role.MENTOR)
        for _ in range(30):
            fellow = make_fellow("Dr. Maximiliana Featherstonehaugh-Wriothesley")
            make_mentorship(mentor, fellow)
            make_cohort(fellow)
            take(fellow, _day(9, 18), everything)
            take(fellow, _day(11, 18), everything, takeaway="A word to take away " * 5)
            make_given(fellow, [make_topic_case(REHAB, 4)], _day(11, 22), title="Quiz " * 12)

    message = message_of(compose(mentor))

    html = parts_of(message).html or ""
    assert message.subject == "All 30 of your fellows need a word this week"
    assert "more." in html
    assert len(html.encode()) < 60_000


def test_what_is_said_comes_back_from_what_is_kept(people: People) -> None:
    digest = compose(people.mentor)
    assert digest is not None

    said = from_json(digest.said)

    assert to_json(said) == digest.said
    assert [fellow.name for fellow in said.in_need] == ["Dr. Amara Okafor"]


def test_a_digest_is_written_once_however_often_it_is_asked_for(people: People) -> None:
    first = compose(people.mentor)
    second = compose(people.mentor, now=MONDAY + timedelta(days=1))
    third = compose(people.mentor, "2026-W47 ".strip())

    assert first is not None
    assert second is not None
    assert third is not None
    assert first.id == second.id == third.id
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 1


def test_five_tasks_at_once_write_one_digest_and_one_message(app: Flask, people: People) -> None:
    weeks = [f"2026-W{number}" for number in range(36, 48)]
    gate = threading.Barrier(5)
    db.session.rollback()

    def run(_: int) -> None:
        for week in weeks:
            gate.wait()
            tasks.compose_digest(people.mentor.id, week)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(run, range(5)))

    assert sorted(db.session.scalars(db.select(Digest.week))) == weeks
    assert sorted(db.session.scalars(db.select(Message.key))) == [
        f"digest:{people.mentor.id}:{week}" for week in weeks
    ]


@pytest.mark.parametrize(
    ("ended", "starts_at"),
    [
        pytest.param(MailState.SENT, datetime(2026, 11, 16, 5, tzinfo=UTC), id="sent"),
        pytest.param(MailState.UNCERTAIN, datetime(2026, 11, 9, 5, tzinfo=UTC), id="uncertain"),
        pytest.param(MailState.FAILED, datetime(2026, 11, 9, 5, tzinfo=UTC), id="failed"),
    ],
)
def test_a_digest_starts_where_the_last_sent_one_ended(
    people: People, ended: MailState, starts_at: datetime
) -> None:
    for week, state in (("2026-W45", MailState.SENT), ("2026-W46", ended)):
        earlier = message_of(compose(people.mentor, week, now=MONDAY))
        with transaction():
            message = db.session.merge(earlier)
            message.state = state
            message.sent_at = MONDAY if state is MailState.SENT else None

    digest = compose(people.mentor)

    assert digest is not None
    assert digest.starts_at == starts_at
    assert digest.ends_at == datetime(2026, 11, 23, 5, tzinfo=UTC)


def test_what_was_graded_after_the_week_is_in_the_next_digest(people: People) -> None:
    with transaction():
        take(
            people.fine,
            _day(11, 22),
            {PHARM: earned(3, 4)},
            graded_at=MONDAY + timedelta(hours=1),
        )
    first = compose(people.mentor)
    with transaction():
        message = db.session.merge(message_of(first))
        message.state, message.sent_at = MailState.SENT, MONDAY

    second = compose(people.mentor, "2026-W48", now=MONDAY + timedelta(days=7))

    news = [
        next(fellow.news for fellow in from_json(digest.said).fellows if "Reyes" in fellow.name)
        for digest in (first, second)
        if digest is not None
    ]
    assert news[0] == "Nothing new, Nov 16 to 22."
    assert "4 new first answers, Nov 23 to 29: 3 right." in news[1]


def test_a_quiz_that_was_finished_is_named_though_none_of_its_items_counts(
    people: People,
) -> None:
    on = _day(11, 18)
    with transaction():
        case = store_case(case_body(panel_item(), slug="a-panel"))
        assignment = make_assignment(people.fine, cases=[case])
        assignment.opens_at = on
        attempt = attempts.start_attempt(people.fine, assignment.id, now=on)
        attempts.submit_attempt(people.fine, attempt.id, now=on)
        grading.grade_attempt(attempt.id, now=on)

    digest = compose(people.mentor)

    assert digest is not None
    (news,) = (f.news for f in from_json(digest.said).fellows if "Reyes" in f.name)
    assert news.startswith("Finished ")
    assert news.endswith(". None of the items counts so far.")


def essay_of(fellow: User) -> int:
    """Return the response of an essay that was handed in and graded on November 18."""
    on = _day(11, 18)
    assignment = make_assignment(fellow, cases=[make_case(essay_item(), choice_item())])
    assignment.opens_at = on
    attempt = attempts.start_attempt(fellow, assignment.id, now=on)
    packet = Packet("a", 1, on, ShownAnswer({"text": "I listen, and then I say it plainly."}))
    saving.save_response(fellow, attempt.id, 1, packet)
    attempts.submit_attempt(fellow, attempt.id, now=on)
    grading.grade_attempt(attempt.id, now=on)
    return row_of(attempt.id, 1).id


def mark_essay(response_id: int, levels: list[int], *, at: datetime) -> None:
    with transaction():
        rater = make_user(Role.FACULTY)
        seen = db.session.scalar(db.select(db.func.max(Marking.id)))
        mark_response(rater, response_id, levels, note="", seen=seen, now=at)


def sent(digest: Digest | None) -> str:
    """Have a digest sent, and return what it said was new of the fellow who does fine."""
    assert digest is not None
    with transaction():
        message = db.session.merge(message_of(digest))
        message.state, message.sent_at = MailState.SENT, digest.ends_at
    return next(part.news for part in from_json(digest.said).fellows if "Reyes" in part.name)


WEEKS = ("2026-W47", "2026-W48", "2026-W49")


@pytest.mark.parametrize("seen", [False, True], ids=["after the first mail", "just before it"])
def test_what_a_person_marked_after_the_week_is_in_the_next_digest_and_in_no_other(
    people: People, seen: bool
) -> None:
    with transaction():
        essay = essay_of(people.fine)
    news = []
    for number, week in enumerate(WEEKS):
        if number == (0 if seen else 1):
            at = MONDAY - timedelta(minutes=1) if seen else MONDAY + timedelta(days=1)
            mark_essay(essay, [1, 0], at=at)
        now = MONDAY + number * timedelta(days=7)
        news.append(sent(compose(people.mentor, week, now=now)))

    assert "1 new first answer, Nov 16 to 22: 0 right." in news[0]
    assert "1 new first answer, Nov 23 to 29: 0.5 right with partial credit." in news[1]
    assert news[2] == "Nothing new, Nov 30 to Dec 6."


def test_marks_that_are_given_anew_are_told_as_a_correction_and_not_as_news(
    people: People,
) -> None:
    with transaction():
        essay = essay_of(people.fine)
    mark_essay(essay, [1, 0], at=_day(11, 19))
    first = sent(compose(people.mentor, WEEKS[0], now=MONDAY))
    mark_essay(essay, [1, 1], at=MONDAY + timedelta(days=1))

    second, third = (
        sent(compose(people.mentor, week, now=MONDAY + number * timedelta(days=7)))
        for number, week in enumerate(WEEKS[1:], start=1)
    )

    assert "2 new first answers, Nov 16 to 22: 0.5 right with partial credit." in first
    assert second == "Nothing new, Nov 23 to 29. 1 earlier grade was corrected."
    assert third == "Nothing new, Nov 30 to Dec 6."


def test_a_week_that_still_runs_is_reported_up_to_now(people: People) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    digest = compose(people.mentor, now=now)

    assert digest is not None
    assert digest.ends_at == now


def test_a_week_that_has_not_begun_has_no_digest(people: People) -> None:
    assert compose(people.mentor, "2026-W49") is None


def disable(people: People) -> None:
    user = db.session.get(User, people.mentor.id)
    assert user
    user.disabled_at = MONDAY


def stop(people: People) -> None:
    set_wanted(people.mentor.id, "digest", False, now=MONDAY)


def end_mentorships(people: People) -> None:
    db.session.execute(
        db.update(Mentorship)
        .where(Mentorship.mentor_id == people.mentor.id)
        .values(ends_on=datetime(2026, 11, 20, tzinfo=UTC).date())
    )


def end_one_mentorship(people: People) -> None:
    db.session.execute(
        db.update(Mentorship)
        .where(Mentorship.fellow_id == people.fine.id)
        .values(ends_on=datetime(2026, 11, 20, tzinfo=UTC).date())
    )


@pytest.mark.parametrize("lose", [disable, stop, end_mentorships])
def test_who_may_not_or_does_not_want_to_get_a_digest_gets_none(people: People, lose) -> None:
    with transaction():
        lose(people)

    assert compose(people.mentor) is None
    assert db.session.scalar(db.select(db.func.count(Message.id))) == 0


@pytest.mark.parametrize("lose", [disable, stop, end_mentorships, end_one_mentorship])
def test_the_right_to_a_digest_is_asked_again_at_sending(people: People, lose) -> None:
    message = message_of(compose(people.mentor))
    with transaction():
        lose(people)

    with transaction():
        parcel = claim(message.id, now=MONDAY)

    assert parcel is None
    assert db.session.get_one(Message, message.id).state is MailState.CANCELLED


def test_a_digest_that_was_called_off_for_one_fellow_is_written_anew_without_that_one(
    people: People,
) -> None:
    first = message_of(compose(people.mentor))
    with transaction():
        end_one_mentorship(people)
    with transaction():
        claim(first.id, now=MONDAY)

    assert queries.due_digests(MONDAY) == [(people.mentor.id, WEEK)]
    again = [message_of(compose(people.mentor)) for _ in range(2)]

    assert again[0].id == again[1].id != first.id
    assert queries.due_digests(MONDAY) == []
    with transaction():
        assert claim(again[0].id, now=MONDAY) is not None


def test_a_week_is_told_to_who_was_the_mentor_by_its_end(people: People) -> None:
    with transaction():
        db.session.execute(db.update(Mentorship).values(starts_on=date(2026, 11, 23)))
    assert queries.due_digests(MONDAY) == []
    assert compose(people.mentor) is None

    with transaction():
        db.session.execute(
            db.update(Mentorship)
            .where(Mentorship.fellow_id == people.fine.id)
            .values(starts_on=date(2026, 11, 22))
        )
    assert queries.due_digests(MONDAY) == [(people.mentor.id, WEEK)]
    digest = compose(people.mentor)

    assert digest is not None
    assert [fellow["id"] for fellow in digest.said["fellows"]] == [people.fine.id]


@pytest.mark.parametrize("end", [MailState.FAILED, MailState.UNCERTAIN])
def test_what_the_first_digest_said_and_nobody_got_is_in_the_next(people: People, end) -> None:
    lost = message_of(compose(people.mentor))
    with transaction():
        db.session.get_one(Message, lost.id).state = end

    with transaction():
        after = services.compose_digest(
            people.mentor.id, "2026-W48", now=MONDAY + timedelta(days=7)
        )

    assert "Finished Quiz 4" in parts_of(message_of(after)).text


@pytest.mark.parametrize(
    "closes_at",
    [
        pytest.param(datetime(2026, 11, 23, 4, 59, tzinfo=UTC), id="before the week ends"),
        pytest.param(datetime(2026, 11, 23, 5, 0, tzinfo=UTC), id="as it ends"),
        pytest.param(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), id="before the mail goes out"),
    ],
)
def test_a_missed_quiz_is_told_once(people: People, closes_at: datetime) -> None:
    with transaction():
        topic = make_topic_case(INTV, 5)
        make_given(people.fine, [topic], closes_at - timedelta(days=2), title="Quiz 9")
    first = message_of(compose(people.mentor))
    with transaction():
        message = db.session.get_one(Message, first.id)
        message.state, message.sent_at = MailState.SENT, MONDAY

    with transaction():
        after = services.compose_digest(
            people.mentor.id, "2026-W48", now=MONDAY + timedelta(days=7)
        )

    told = ["Quiz 9 was missed" in parts_of(each).text for each in (first, message_of(after))]
    assert sorted(told) == [False, True]


def test_a_quiz_is_finished_by_its_first_attempt_also_if_a_second_has_begun(
    people: People,
) -> None:
    with transaction():
        first = db.session.scalars(
            db.select(Attempt).where(Attempt.submitted_at == _day(11, 18))
        ).one()
        add(
            Attempt(
                assignment_id=first.assignment_id,
                fellow_id=first.fellow_id,
                number=3,
                state=AttemptState.IN_PROGRESS,
                started_at=MONDAY,
                deadline_at=MONDAY + timedelta(days=1),
                seed=1,
            )
        )

    assert "Finished Quiz 4" in parts_of(message_of(compose(people.mentor))).text


def test_a_digest_goes_to_who_still_has_the_right_to_it(people: People) -> None:
    message = message_of(compose(people.mentor))

    with transaction():
        parcel = claim(message.id, now=MONDAY)

    assert parcel is not None


def test_only_fellows_looked_after_now_are_named(people: People) -> None:
    with transaction():
        end_one_mentorship(people)

    text = parts_of(message_of(compose(people.mentor))).text

    assert "Okafor" in text
    assert "Reyes" not in text


TALK, FINE, LITTLE = "talk", "fine", "too little to say"


@pytest.mark.parametrize(
    ("states", "subject", "rest"),
    [
        ([FINE], "Your fellow is fine", ""),
        ([TALK], "Your fellow needs a word this week", ""),
        ([LITTLE], "Too little to say of your fellow", ""),
        ([FINE] * 2, "Both of your fellows are fine", ""),
        ([TALK] * 2, "Both of your fellows need a word this week", ""),
        ([LITTLE] * 2, "Too little to say of both of your fellows", ""),
        ([FINE] * 3, "Your three fellows are fine", ""),
        ([FINE, LITTLE, LITTLE], "Too little to say of two of your three fellows", "One is fine."),
        (
            [TALK, FINE, LITTLE], "One of your three fellows needs a word this week",
            "One is fine. Of one there is too little to say.",
        ),
        ([TALK, TALK, FINE], "Two of your three fellows need a word this week", "One is fine."),
        ([TALK] * 3, "All three of your fellows need a word this week", ""),
        ([TALK] * 11 + [FINE], "11 of your 12 fellows need a word this week", "One is fine."),
    ],
)  # fmt: skip
def test_the_subject_is_the_conclusion(states: list[str], subject: str, rest: str) -> None:
    assert (conclusion(states), rest_of(states)) == (subject, rest)


def test_a_digest_takes_the_same_number_of_statements_for_1_and_for_60_fellows(
    in_app: Flask,
) -> None:
    counts = []
    for fellows in (1, 60):
        with transaction():
            mentor = make_user(Role.MENTOR)
            for _ in range(fellows):
                fellow = make_fellow()
                make_cohort(fellow)
                make_mentorship(mentor, fellow)
                take(fellow, _day(11, 18), {PHARM: earned(1, 3), REHAB: earned(0, 2)})
        with counted(in_app) as statements:
            assert compose(mentor) is not None
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 44


def test_stopping_is_kept_once(in_app: Flask) -> None:
    with transaction():
        user = make_user(Role.MENTOR)
        for wanted in (False, True, False):
            set_wanted(user.id, "digest", wanted, now=MONDAY)
            set_wanted(user.id, "digest", wanted, now=MONDAY)

    row = db.session.scalars(db.select(MailPreference)).one()
    assert row.wanted is False
