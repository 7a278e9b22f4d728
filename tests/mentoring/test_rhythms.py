"""A mentor chooses when the digest comes; a fellow in need is never left out by that."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from lms.core.db import db, transaction
from lms.core.mail import MailState, Message
from lms.core.mail.reading import parts_of
from lms.core.settings import change_settings_of_program
from lms.mentoring.acting import views as acting
from lms.mentoring.digests import queries, services
from lms.mentoring.digests.models import ChosenRhythm, Digest, QuietWeek
from lms.mentoring.digests.rhythms import DEFAULT_RHYTHM, Rhythm
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from tests.factories import make_cohort, make_fellow, make_mentorship, make_user
from tests.progress.factories import PHARM, PSYCH, earned, make_given, make_topic_case, take
from tests.reading import words
from tests.signin.helpers import send

CHOSEN = datetime(2026, 11, 2, 15, tzinfo=UTC)
"""A Monday: of two weeks the next one for all is due on Mon Nov 2, then on Nov 16 and 30."""


def monday(day: int, month: int = 11) -> datetime:
    """Return 6 AM in New York on a Monday after the clocks changed."""
    return datetime(2026, month, day, 11, tzinfo=UTC)


@dataclass(frozen=True)
class Pair:
    """A mentor with a mail every two weeks, a fellow who may need a word, and another."""

    mentor: User
    late: User
    fine: User


@pytest.fixture
def pair(in_app: Flask) -> Pair:
    with transaction():
        found = Pair(make_user(Role.MENTOR), make_fellow("Dr. Late"), make_fellow("Dr. Fine"))
        for fellow in (found.late, found.fine):
            make_cohort(fellow)
            make_mentorship(found.mentor, fellow)
        services.choose(found.mentor, Rhythm(weeks=2), now=CHOSEN)
        take(found.fine, monday(2) + timedelta(days=8), {PHARM: earned(18, 20)})
        take(found.late, monday(2) + timedelta(days=8), {PSYCH: earned(18, 20)})
    return found


def overdue(fellow: User, due: datetime) -> None:
    with transaction():
        make_given(fellow, [make_topic_case(PHARM, 3)], due, title="Quiz 5", open_days=9)


def compose(mentor: User, week: str, now: datetime) -> Digest | None:
    with transaction():
        return services.compose_digest(mentor.id, week, now=now)


def sent(digest: Digest | None) -> str:
    """Let the mail of *digest* leave, and return what it says."""
    assert digest is not None
    with transaction():
        message = db.session.get_one(Message, digest.message_id)
        message.state, message.sent_at = MailState.SENT, digest.composed_at
    return parts_of(message).text


def test_in_a_week_between_no_mail_comes_where_nobody_needs_a_word(pair: Pair) -> None:
    now = monday(23)

    assert (pair.mentor.id, "2026-W47") in queries.due_digests(now)
    assert compose(pair.mentor, "2026-W47", now) is None
    assert queries.due_digests(now) == []
    assert db.session.scalars(db.select(QuietWeek.week)).all() == ["2026-W47"]


def test_in_a_week_between_a_mail_speaks_of_the_fellow_in_need_alone(pair: Pair) -> None:
    overdue(pair.late, monday(20))

    text = sent(compose(pair.mentor, "2026-W47", monday(23)))

    assert "Dr. Late: TALK" in text
    assert "Dr. Fine" not in text
    assert text.startswith("One of your two fellows needs a word this week.")


def test_the_next_mail_for_all_tells_nobody_the_same_news_again(pair: Pair) -> None:
    overdue(pair.late, monday(20))
    first = sent(compose(pair.mentor, "2026-W46", monday(16)))
    sent(compose(pair.mentor, "2026-W47", monday(23)))
    with transaction():
        for fellow in (pair.late, pair.fine):
            take(fellow, monday(16) + timedelta(days=2), {PHARM: earned(2, 3)}, title="Between")

    third = sent(compose(pair.mentor, "2026-W48", monday(30)))

    assert "Dr. Fine" in first
    of_fine = third.partition("Dr. Fine")[2]
    of_late = third.partition("Dr. Late")[2].partition("Dr. Fine")[0]
    assert "Finished Between. 3 new first answers" in of_fine
    assert "new first answer" not in of_late


@pytest.mark.parametrize(("weeks", "due"), [(2, monday(16)), (4, monday(30))])
def test_the_first_mail_of_a_slow_rhythm_tells_what_was_in_the_weeks_without_one(
    pair: Pair, weeks: int, due: datetime
) -> None:
    with transaction():
        services.choose(pair.mentor, Rhythm(weeks=weeks), now=CHOSEN)
        begun = due - timedelta(weeks=weeks)
        take(pair.fine, begun + timedelta(days=2), {PHARM: earned(3, 4)}, title="Early")
    ((mentor_id, week),) = queries.due_digests(due)

    text = sent(compose(pair.mentor, week, due))

    assert mentor_id == pair.mentor.id
    assert "Early" in text.partition("Dr. Fine")[2]


def test_a_short_mail_says_why_and_what_to_ask_and_has_no_table(pair: Pair) -> None:
    overdue(pair.late, monday(20))
    with transaction():
        services.choose(pair.mentor, Rhythm(full=False), now=CHOSEN)

    text = sent(compose(pair.mentor, "2026-W47", monday(23)))

    assert "Quiz 5 was missed." in text
    assert "We talked: " in text
    assert "Share correct at first answer" not in text
    assert "You get this on Mondays at 6:00 AM" in text


@pytest.mark.parametrize("full", [True, False])
def test_a_dot_and_its_line_are_explained_where_they_are_drawn(pair: Pair, full: bool) -> None:
    overdue(pair.late, monday(20))
    with transaction():
        services.choose(pair.mentor, Rhythm(full=full), now=CHOSEN)

    digest = compose(pair.mentor, "2026-W47", monday(23))

    assert digest is not None
    html = parts_of(db.session.get_one(Message, digest.message_id)).html or ""
    assert ("The dot is the share correct" in html) is full
    assert ('class="dot"' in html) is full


def test_a_line_parts_what_all_comes_to_from_the_first_fellow_alone(pair: Pair) -> None:
    for fellow in (pair.late, pair.fine):
        overdue(fellow, monday(20))

    digest = compose(pair.mentor, "2026-W47", monday(23))

    assert digest is not None
    html = parts_of(db.session.get_one(Message, digest.message_id)).html or ""
    assert html.count(">Talk</span>") == 2
    assert html.count('class="rule"') == 1


def test_the_period_ends_with_the_midnight_before_the_day_of_the_mail(pair: Pair) -> None:
    with transaction():
        services.choose(pair.mentor, Rhythm(weekday=3, hour=16), now=CHOSEN)
    thursday = datetime(2026, 11, 26, 21, tzinfo=UTC)

    assert queries.due_digests(thursday - timedelta(minutes=1)) == [(pair.mentor.id, "2026-W46")]
    assert queries.due_digests(thursday) == [(pair.mentor.id, "2026-W47")]
    digest = compose(pair.mentor, "2026-W47", thursday)

    assert digest is not None
    assert digest.ends_at == datetime(2026, 11, 26, 5, tzinfo=UTC)


def test_who_has_chosen_none_has_the_rhythm_of_the_program(pair: Pair) -> None:
    with transaction():
        other = make_user(Role.MENTOR)
        make_mentorship(other, pair.fine)
        change_settings_of_program(None, {DEFAULT_RHYTHM: Rhythm(weekday=4)}, now=CHOSEN)

    due = dict(queries.due_digests(datetime(2026, 11, 27, 10, 59, tzinfo=UTC)))

    assert due == {other.id: "2026-W46", pair.mentor.id: "2026-W47"}


def test_the_same_choice_again_counts_no_weeks_anew(pair: Pair) -> None:
    with transaction():
        services.choose(pair.mentor, Rhythm(weeks=2), now=CHOSEN + timedelta(days=7))

    assert db.session.get_one(ChosenRhythm, pair.mentor.id).changed_at == CHOSEN


def six(day: int, month: int = 12) -> datetime:
    """Return 6 AM in New York on a day after the clocks changed."""
    return datetime(2026, month, day, 11, tzinfo=UTC)


@pytest.fixture
def weekly(pair: Pair) -> User:
    """A mentor with a mail each Monday, who had that of Mon Nov 30."""
    with transaction():
        services.choose(pair.mentor, Rhythm(), now=CHOSEN)
    overdue(pair.late, monday(27))
    sent(compose(pair.mentor, "2026-W48", six(30, 11)))
    return pair.mentor


def dues(mentor: User, moments: list[datetime]) -> list[tuple[int, str]]:
    """Let the mail of *mentor* leave that is due at each moment; return the days and weeks."""
    found = []
    for now in moments:
        for mentor_id, week in queries.due_digests(now):
            assert mentor_id == mentor.id
            sent(compose(mentor, week, now))
            found.append((now.day, week))
    return found


@pytest.mark.parametrize(
    ("weekday", "days"),
    [
        (4, [(4, "2026-W49-5"), (11, "2026-W49"), (18, "2026-W50")]),
        (6, [(6, "2026-W49-7"), (13, "2026-W49"), (20, "2026-W50")]),
    ],
)
def test_the_first_new_day_after_a_change_has_its_mail(
    weekly: User, weekday: int, days: list[tuple[int, str]]
) -> None:
    tuesday = six(1) + timedelta(hours=4)
    with transaction():
        services.choose(weekly, Rhythm(weekday=weekday), now=tuesday)

    assert queries.due_digests(tuesday) == []
    assert queries.next_digest(weekly, tuesday) == date(2026, 12, days[0][0])
    assert dues(weekly, [six(day) for day in range(2, 21)]) == days


def test_a_mail_between_two_weeks_tells_what_was_since_the_last_and_can_be_acted_on(
    app: Flask, weekly: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        services.choose(weekly, Rhythm(weekday=4), now=six(1))

    text = sent(compose(weekly, "2026-W49-5", six(4)))

    assert "Nov 30 to Dec 3, 2026" in text
    monkeypatch.setattr(acting, "utcnow", lambda: six(5))
    path = next(line for line in text.splitlines() if line.startswith("We talked: "))
    page = app.test_client().get(path.partition("localhost")[2])
    assert "Nov 30 to Dec 3, 2026" in words(page)


def test_a_day_before_the_last_mail_has_none(in_app: Flask) -> None:
    with transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        make_cohort(fellow)
        make_mentorship(mentor, fellow).starts_on = date(2026, 11, 24)
    first = compose(mentor, "2026-W48", six(30, 11))
    with transaction():
        services.choose(mentor, Rhythm(weekday=6), now=six(1))

    assert first is not None
    assert dues(mentor, [six(day) for day in range(1, 9)]) == [(6, "2026-W49-7")]


def test_a_day_on_which_nobody_needed_a_word_is_not_asked_about_again(pair: Pair) -> None:
    assert compose(pair.mentor, "2026-W47", monday(23)) is None
    with transaction():
        services.choose(pair.mentor, Rhythm(weeks=2, weekday=6), now=monday(24))

    assert queries.due_digests(monday(24)) == []
    assert queries.due_digests(monday(29)) == [(pair.mentor.id, "2026-W48-7")]


@pytest.mark.parametrize(
    ("weeks", "now", "day"),
    [
        (1, six(30, 11) - timedelta(hours=1), date(2026, 11, 30)),
        (1, six(30, 11), date(2026, 11, 30)),
        (2, six(17, 11), date(2026, 11, 30)),
        (4, six(17, 11), date(2026, 11, 30)),
        (4, six(1), date(2026, 11, 30)),
    ],
)
def test_the_next_day_is_that_of_a_mail_about_all_fellows(
    pair: Pair, weeks: int, now: datetime, day: date
) -> None:
    with transaction():
        services.choose(pair.mentor, Rhythm(weeks=weeks), now=CHOSEN - timedelta(hours=1))
    compose(pair.mentor, "2026-W46", six(16, 11))
    compose(pair.mentor, "2026-W47", six(23, 11))

    assert queries.next_digest(pair.mentor, now) == day


def test_who_has_no_fellow_or_wants_no_mail_has_no_next_one(pair: Pair) -> None:
    with transaction():
        alone = make_user(Role.MENTOR)
        set_wanted(pair.mentor.id, queries.KIND, False, now=CHOSEN)

    assert queries.next_digest(alone, six(1)) is None
    assert queries.next_digest(pair.mentor, six(1)) is None


def test_a_mentor_chooses_on_the_page_of_mails(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        mentor, fellow = make_user(Role.MENTOR), make_fellow()
        make_mentorship(mentor, fellow)
    browser = signed_in(mentor)

    send(
        browser,
        "/digests/rhythm",
        {"weeks": "4", "weekday": "2", "hour": "18", "full": "y"},
        at="/digests",
    )

    page = words(browser.get("/digests"))
    assert "It comes every four weeks, on Wednesdays at 6:00 PM, Eastern. The next one " in page


def test_a_rhythm_that_is_not_offered_is_refused(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)

    page = send(
        signed_in(mentor),
        "/digests/rhythm",
        {"weeks": "3", "weekday": "9", "hour": "x"},
        at="/digests",
    )

    assert page.status_code == 422
    with app.app_context():
        assert db.session.get(ChosenRhythm, mentor.id) is None


def test_the_day_of_a_choice_counts_in_the_mentors_zone(in_app: Flask) -> None:
    with transaction():
        mentor = make_user(Role.MENTOR, time_zone="Pacific/Auckland")
        services.choose(mentor, Rhythm(weeks=2), now=datetime(2026, 11, 1, 12, tzinfo=UTC))

    times = queries.timetables({mentor.id: mentor.time_zone})[mentor.id]

    assert times.since == date(2026, 11, 2)
