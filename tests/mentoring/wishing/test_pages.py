"""The pages of short quizzes: wanted by a mentor, decided by a director, read by the fellow."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.delivery import claim
from lms.mentoring.wishing.models import QuizWish, WishState
from lms.notices.models import Notice
from lms.notices.services import set_wanted
from lms.people.models import Role, User
from lms.program.models import Mentorship
from lms.quizzes.models import Assignment
from tests.attempts.factories import PLANNED, SECRET
from tests.factories import day_of, make_fellow, make_mentorship, make_user
from tests.mentoring.goals.factories import make_pair
from tests.mentoring.wishing.factories import (
    PSYCHOLOGICAL,
    fill_bank,
    let_mentors_give,
    make_waiting_wish,
)
from tests.progress.factories import PHARM, PSYCH, earned, take
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send, sight_of, token_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def in_days(days: int) -> date:
    return day_of(utcnow()) + timedelta(days=days)


def filled(**changed: str) -> dict[str, str]:
    return {
        "approach": PSYCHOLOGICAL,
        "opens_on": in_days(1).isoformat(),
        "due_on": in_days(8).isoformat(),
    } | changed


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    with app.app_context(), transaction():
        found = make_pair()
        fill_bank()
    return found


@pytest.fixture
def director(app: Flask) -> User:
    with app.app_context(), transaction():
        return make_user(Role.DIRECTOR, name="Dr. Ines Roth")


@pytest.fixture
def waiting(app: Flask, pair, director) -> int:
    """The number of a short quiz that waits for the director."""
    fellow, mentor = pair
    with app.app_context(), transaction():
        return make_waiting_wish(mentor, fellow, now=utcnow()).id


def state(app: Flask, wish_id: int) -> WishState:
    with app.app_context():
        return db.session.get_one(QuizWish, wish_id).state


def press(browser: FlaskClient, wish_id: int, act: str, **data: str):
    page = f"/short-quizzes/{wish_id}"
    return send(browser, f"{page}/{act}", data, at=page)


def test_where_there_is_too_little_to_say_the_list_and_the_report_offer_what_settles_it(
    app: Flask, pair, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        take(fellow, utcnow() - timedelta(days=2), {PSYCH: earned(10, 10)})
        second = make_fellow("Dr. Bo Costa")
        make_mentorship(mentor, second)
    browser, new = signed_in(mentor), f"/fellows/{fellow.id}/short-quiz"

    listed = browser.get("/fellows").text
    report = browser.get(f"/fellows/{fellow.id}")

    assert f"/fellows/{second.id}/short-quiz" in listed
    assert f'href="{new}"' not in listed, "this fellow is fine"
    assert "Too little to say of Pharmacological , Interventional , Rehabilitative" in words(report)
    assert f"{new}?approach=pharmacological" in report.text
    assert f"{new}?approach={PSYCHOLOGICAL}" not in report.text


def test_the_page_says_how_many_items_would_settle_it_and_why_other_approaches_are_not_to_be_had(
    app: Flask, pair, signed_in
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        take(fellow, utcnow() - timedelta(days=2), {PHARM: earned(10, 10), PSYCH: earned(2, 3)})

    page = signed_in(mentor).get(f"/fellows/{fellow.id}/short-quiz?approach={PSYCHOLOGICAL}")

    assert 'value="psychological" checked' in page.text
    assert "Psychological, 7 items" in words(page)
    assert "Pharmacological: its answers say enough." in words(page)
    too_few = "10 items are wanted, and 0 in the bank are new to the fellow."
    assert f"Interventional: {too_few}" in words(page)
    assert "Ask a director for it" in words(page)


def test_a_mentor_asks_a_director_approves_and_the_fellow_has_it_on_home(
    app: Flask, pair, director, signed_in
) -> None:
    fellow, mentor = pair
    new = f"/fellows/{fellow.id}/short-quiz"

    done = send(signed_in(mentor), new, filled(opens_on=in_days(0).isoformat()))
    wish_id = int(place_of(done).rpartition("/")[2])
    assert "Waits for a director" in words(signed_in(mentor).get(place_of(done)))
    assert "Short quiz" not in words(signed_in(fellow).get("/home"))
    cohort = f"/cohorts/{cohort_id(app)}/progress"
    listed = words(signed_in(director).get(cohort))
    assert "Dr. Amina Diallo: Psychological, 10 items Waits for a director" in listed

    press(signed_in(director), wish_id, "approve")

    assert state(app, wish_id) is WishState.GIVEN
    assert "Take Short quiz: Psychological 10 items." in words(signed_in(fellow).get("/home"))
    shown = words(signed_in(mentor).get(place_of(done)))
    assert "given by Dr. Ines Roth." in shown
    assert "Given" in words(signed_in(mentor).get(f"/fellows/{fellow.id}"))
    assert "that wait for you" not in words(signed_in(director).get(cohort))


def cohort_id(app: Flask) -> int:
    with app.app_context():
        return db.session.execute(db.text("SELECT id FROM cohort")).scalar_one()


def test_the_same_form_sent_twice_makes_one_quiz(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        let_mentors_give()
    browser, url = signed_in(mentor), f"/fellows/{fellow.id}/short-quiz"
    page = browser.get(url)
    assert "Give it to Dr. Amina Diallo" in words(page)
    data = {"csrf_token": token_of(page), **sight_of(page, url), **filled()}

    first, second = (browser.post(url, data=data) for _ in range(2))

    assert first.status_code == second.status_code == 302, words(second)
    assert place_of(first) == place_of(second)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Assignment)) == 1


def test_what_could_be_had_may_change_while_the_page_is_open(app: Flask, pair, signed_in) -> None:
    fellow, mentor = pair
    browser, url = signed_in(mentor), f"/fellows/{fellow.id}/short-quiz"
    page = browser.get(url)
    with app.app_context(), transaction():
        take(fellow, utcnow() - timedelta(hours=2), {PSYCH: earned(2, 3)})

    late = browser.post(url, data={"csrf_token": token_of(page), **sight_of(page, url), **filled()})

    assert late.status_code == 409
    assert "Psychological 10 items 7 items" in words(late)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"approach": ""}, "Choose an approach."),
        ({"approach": "surgical"}, "Not a valid choice."),
        ({"approach": "pharmacological"}, "0 in the bank are new to the fellow."),
        ({"opens_on": "soon"}, "Not a valid date value."),
        ({"opens_on": "2001-01-01"}, "It opens today or within 30 days."),
        ({"due_on": "2001-01-01"}, "It is due on a day after it opens, within 60 days."),
        ({"due_on": ""}, "Write a date"),
    ],
)
def test_what_cannot_be_wished_for_is_said_at_its_field(pair, signed_in, wrong, said) -> None:
    fellow, mentor = pair

    page = send(signed_in(mentor), f"/fellows/{fellow.id}/short-quiz", filled(**wrong))

    assert page.status_code == 422
    assert said in words(page)


def test_a_director_declines_with_a_reason_that_mentor_and_fellow_read_as_typed(
    app: Flask, pair, director, waiting, signed_in
) -> None:
    fellow, mentor = pair
    browser = signed_in(director)
    empty = press(browser, waiting, "decline", reason="")
    assert empty.status_code == 422
    assert "Say why." in words(empty)
    assert press(browser, waiting, "decline", reason="a" * 301).status_code == 422

    press(browser, waiting, "decline", reason="<b>After</b> the *rotation*.")

    assert state(app, waiting) is WishState.DECLINED
    for reader, page in (
        (mentor, f"/short-quizzes/{waiting}"),
        (mentor, f"/fellows/{fellow.id}"),
        (fellow, f"/short-quizzes/{waiting}"),
        (fellow, "/progress"),
        (director, f"/fellows/{fellow.id}"),
    ):
        text = signed_in(reader).get(page).text
        assert "“&lt;b&gt;After&lt;/b&gt; the *rotation*.”" in text
    with app.app_context():
        mails = db.session.scalars(db.select(Message.raw).where(Message.kind.like("quiz_wish%")))
        assert not any(b"rotation" in raw for raw in mails), "the reason is on the page alone"


def test_a_mentor_takes_back_what_waits(app: Flask, pair, waiting, signed_in) -> None:
    press(signed_in(pair[1]), waiting, "take-back")

    assert state(app, waiting) is WishState.TAKEN_BACK


def test_who_opens_its_page_has_seen_what_was_told_of_it(
    app: Flask, pair, director, signed_in
) -> None:
    fellow, mentor = pair
    done = send(signed_in(mentor), f"/fellows/{fellow.id}/short-quiz", filled())

    signed_in(director).get(place_of(done))

    with app.app_context():
        assert db.session.scalars(db.select(Notice.seen_at)).one() is not None


@pytest.mark.parametrize("kind", ["quiz_wish_waits", "quiz_wish_answered"])
def test_such_mails_can_be_stopped_each_by_itself(
    app: Flask, pair, director, signed_in, kind: str
) -> None:
    fellow, mentor = pair
    with app.app_context(), transaction():
        person = director if kind.endswith("waits") else mentor
        set_wanted(person.id, kind, False, now=utcnow())
    done = send(signed_in(mentor), f"/fellows/{fellow.id}/short-quiz", filled())
    with app.app_context():
        sent = {each.kind for each in mails_about_wishes() if leaves(each.id)}
    press(signed_in(director), int(place_of(done).rpartition("/")[2]), "approve")

    with app.app_context():
        sent |= {each.kind for each in mails_about_wishes() if leaves(each.id)}
    assert sent == {"quiz_wish_waits", "quiz_wish_answered"} - {kind}


def mails_about_wishes() -> list[Message]:
    return list(db.session.scalars(db.select(Message).where(Message.kind.like("quiz_wish%"))))


def leaves(message_id: int) -> bool:
    with transaction():
        return claim(message_id, now=utcnow()) is not None


def test_no_page_of_it_shows_an_item_or_a_key(app: Flask, pair, director, signed_in) -> None:
    fellow, mentor = pair
    browser = signed_in(mentor)
    with app.app_context(), transaction():
        let_mentors_give()
    given = place_of(send(browser, f"/fellows/{fellow.id}/short-quiz", filled()))

    pages = [
        signed_in(reader).get(address).text
        for reader in (mentor, director, fellow)
        for address in (given, f"/fellows/{fellow.id}", "/fellows", "/progress")
    ]

    for word in (SECRET, PLANNED, "item-0", "Which of the following", "topical-"):
        assert all(word not in page for page in pages), word
    assert "/assignments/" not in browser.get(given).text


def test_who_mentors_the_fellow_no_more_neither_reads_nor_acts(
    app: Flask, pair, waiting, signed_in
) -> None:
    fellow, mentor = pair
    browser = signed_in(mentor)
    page = browser.get(f"/short-quizzes/{waiting}")
    held = {"csrf_token": token_of(page), **sight_of(page, f"/short-quizzes/{waiting}/take-back")}
    with app.app_context(), transaction():
        yesterday = in_days(-2)
        db.session.execute(db.update(Mentorship).values(ends_on=yesterday))

    answers = [
        browser.get(f"/short-quizzes/{waiting}"),
        browser.get(f"/fellows/{fellow.id}/short-quiz"),
        browser.post(f"/fellows/{fellow.id}/short-quiz", data=held | filled()),
        browser.post(f"/short-quizzes/{waiting}/take-back", data=held),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert state(app, waiting) is WishState.WAITING


@pytest.mark.parametrize("role", [Role.FELLOW, Role.MENTOR])
def test_others_do_not_read_it(app: Flask, waiting, signed_in, role: Role) -> None:
    with app.app_context(), transaction():
        stranger = make_user(role)

    assert signed_in(stranger).get(f"/short-quizzes/{waiting}").status_code == 404


def test_a_second_mentor_reads_it_and_cannot_take_it_back(
    app: Flask, pair, waiting, signed_in
) -> None:
    with app.app_context(), transaction():
        second = make_user(Role.MENTOR)
        make_mentorship(second, pair[0])
    browser = signed_in(second)

    page = browser.get(f"/short-quizzes/{waiting}")
    url = f"/short-quizzes/{waiting}/take-back"
    mine = signed_in(pair[1]).get(f"/short-quizzes/{waiting}")
    answer = browser.post(url, data={"csrf_token": token_of(page), **sight_of(mine, url)})

    assert "Take it back" not in words(page)
    assert answer.status_code == 404


@pytest.mark.parametrize("who", ["mentor", "director", "fellow"])
def test_lists_of_them_take_a_fixed_number_of_statements(
    app: Flask, pair, director, signed_in, who: str
) -> None:
    fellow, mentor = pair
    address = {
        "mentor": f"/fellows/{fellow.id}",
        "director": f"/cohorts/{cohort_id(app)}/progress",
        "fellow": "/progress",
    }[who]
    browser = signed_in({"mentor": mentor, "director": director, "fellow": fellow}[who])
    counts = []
    for approach in (PSYCHOLOGICAL, "pharmacological"):
        with app.app_context(), transaction():
            make_waiting_wish(mentor, fellow, approach, now=utcnow())
        browser.get(address)
        with counted(app) as statements:
            assert "Waits for a director" in words(browser.get(address))
        counts.append(len(statements))

    assert counts[0] == counts[1]
