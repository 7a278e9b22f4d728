"""What directors are shown of attempts that went another way than they should."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import freezing
from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent
from lms.cases.models import CaseVersion
from lms.core.audit import AuditEvent
from lms.core.clock import say_when, utcnow
from lms.core.db import db, transaction
from lms.grading import tasks
from lms.people.models import Role
from tests.attempts.factories import ALL_KINDS, case_body, choice_item
from tests.attempts.sitting import Sitting, sitting_at
from tests.factories import make_user
from tests.progress.statements import counted
from tests.reading import place_of, words
from tests.signin.helpers import send as send_form
from tests.signin.helpers import sight_of, token_of

PAGE = "/records/attempts"
REFUSED = "/records/attempts/refused"


@pytest.fixture
def sitting(app: Flask, signed_in) -> Sitting:
    return sitting_at(app, signed_in, case_body(*ALL_KINDS, slug="a-long-day"))


@pytest.fixture
def director(app: Flask, signed_in) -> FlaskClient:
    with app.app_context(), transaction():
        user = make_user(Role.DIRECTOR)
    return signed_in(user)


def send(sitting: Sitting, seq: int, text: str, age: int = 0) -> None:
    packet = {"tab": "a", "seq": seq, "controls": {"answer": [text]}, "age": age}
    sitting.fellow.send(f"{sitting.url}/items/4", **packet)


def when(moment: datetime) -> str:
    return say_when(moment, "America/New_York")


def test_nothing_to_look_at_is_said(app, director) -> None:
    page = words(director.get(PAGE))

    assert "Every attempt that was handed in could be graded." in page
    assert "No item is left out." in page
    assert "No answer came too late." in page


def test_an_answer_that_came_too_late_is_shown_beside_the_one_that_counts(
    app, sitting, director
) -> None:
    send(sitting, 1, "counted")
    sitting.fellow.post(f"{sitting.url}/submit")
    send(sitting, 2, "first try")
    given = utcnow() - timedelta(hours=30)
    send(sitting, 3, "from the train", age=30 * 3600 * 1000)

    page = words(director.get(PAGE))

    assert "Came late from the train Counts counted" in page
    assert f"Given {when(given)}" in page or f"Given {when(given + timedelta(minutes=1))}" in page
    assert f"{sitting.user.name} Arrived" in page
    assert "item 4" in page
    assert "first try" not in page


def test_an_answer_after_the_deadline_is_shown_before_the_sweep_has_come(
    app, sitting, director
) -> None:
    sitting.change(Attempt, deadline_at=utcnow() - timedelta(seconds=20))
    send(sitting, 1, "too late")

    assert sitting.state() is AttemptState.IN_PROGRESS
    assert "Came late too late Counts Left blank" in words(director.get(PAGE))


@pytest.mark.parametrize("goes_on", [False, True])
def test_an_answer_sent_while_the_clock_stood_is_not_said_to_be_after_the_closing(
    app, sitting, director, goes_on: bool
) -> None:
    with app.app_context(), transaction():
        freezing.freeze(None, sitting.id, reason="Fire", now=utcnow())
    send(sitting, 1, "meanwhile")
    if goes_on:
        with app.app_context(), transaction():
            freezing.resume(None, sitting.id, now=utcnow())

    assert "Closed The clock stood; the attempt is in progress" in words(director.get(PAGE))


def test_an_answer_in_time_is_not_shown(app, sitting, director) -> None:
    send(sitting, 1, "counted")
    sitting.fellow.post(f"{sitting.url}/submit")

    assert "counted" not in words(director.get(PAGE))


def test_a_late_answer_to_a_damaged_version_is_listed_nevertheless(app, sitting, director) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")
    send(sitting, 1, "late")
    damage(app)

    assert "Came late It cannot be shown" in words(director.get(PAGE))


def damage(app: Flask) -> None:
    with app.app_context(), transaction():
        for version in db.session.scalars(db.select(CaseVersion)):
            version.body = version.body | {"items": "gone"}
            version.content_hash = f"broken-{version.id}"


def test_of_an_answer_that_a_form_sent_nobody_knows_when_it_was_given(
    app, sitting, director
) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    sitting.fellow.post(f"{sitting.url}/cases/1", answer_4="late")

    assert "Came late late Counts Left blank Given Not known" in words(director.get(PAGE))


def test_an_item_left_out_is_named_with_its_author_and_how_many_attempts(
    app, sitting, director
) -> None:
    damage(app)
    with app.app_context(), transaction():
        author = make_user(Role.FACULTY, name="Dr. Author")
        db.session.execute(db.update(CaseVersion).values(author_id=author.id))
    sitting.result()

    page = words(director.get(PAGE))

    assert page.count("1 Dr. Author 1") == len(ALL_KINDS)
    assert "/bank/a-long-day" in director.get(PAGE).text


def set_aside(sitting: Sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.change(Attempt, flagged_at=utcnow(), grade_tries=5)


def test_an_attempt_set_aside_is_announced_and_graded_again_by_a_press(
    app, sitting, director
) -> None:
    set_aside(sitting)

    assert "1 attempt could not be graded" in words(director.get("/records"))
    shown = director.get(PAGE)
    assert sitting.user.name in words(shown)
    pressed = send_form(director, f"{PAGE}/grade", {}, at=PAGE)
    answer = words(director.get(place_of(pressed)))

    assert "1 attempt is being graded again." in answer
    assert "Every attempt that was handed in could be graded." in answer
    with app.app_context():
        tasks.grade(sitting.id)
        acts = db.session.scalars(db.select(AuditEvent).filter_by(action="attempt.retry")).all()
        assert [(act.object_id, act.actor_id is None) for act in acts] == [(sitting.id, False)]
    assert sitting.state() is AttemptState.GRADED
    assert "could not be graded" not in words(director.get("/records"))


def test_pressing_twice_grades_nothing_twice(app, sitting, director) -> None:
    set_aside(sitting)
    page = director.get(PAGE)
    form = {"csrf_token": token_of(page), **sight_of(page, f"{PAGE}/grade")}

    director.post(f"{PAGE}/grade", data=form)
    answer = director.post(f"{PAGE}/grade", data=form)

    assert answer.status_code == 409
    assert "Not there any more" in words(answer)


def set_more_aside(sitting: Sitting, count: int) -> None:
    """Let the fellow of *sitting*, which is set aside, have *count* more attempts like it."""
    with sitting.app.app_context(), transaction():
        row = db.session.execute(db.select(Attempt.__table__).filter_by(id=sitting.id)).one()
        last = db.session.scalar(db.select(db.func.max(Attempt.number))) or 0
        own = {name: value for name, value in row._asdict().items() if name != "id"}
        more = [own | {"number": last + number} for number in range(1, count + 1)]
        db.session.execute(db.insert(Attempt), more)


def test_of_more_than_a_page_set_aside_the_page_says_how_many_are_graded_again(
    app, sitting, director
) -> None:
    set_aside(sitting)
    set_more_aside(sitting, 59)
    page = director.get(PAGE)
    form = {"csrf_token": token_of(page), **sight_of(page, f"{PAGE}/grade")}
    set_more_aside(sitting, 1)

    refused = director.post(f"{PAGE}/grade", data=form)

    assert refused.status_code == 409
    answer = words(director.get(place_of(send_form(director, f"{PAGE}/grade", {}, at=PAGE))))
    assert "Set aside 60 attempts 61 attempts" in words(refused)
    assert "There are 60 of them." in words(page)
    assert "61 attempts are being graded again." in answer


def test_the_page_takes_as_many_statements_for_60_late_answers_as_for_one(
    app, signed_in, director
) -> None:
    bodies = [
        case_body(*(choice_item(f"item-{n}") for n in range(20)), slug=f"case-{case}")
        for case in "abc"
    ]
    sitting = sitting_at(app, signed_in, *bodies)
    sitting.fellow.post(f"{sitting.url}/submit")

    def take(count: int) -> None:
        with app.app_context(), transaction():
            ids = db.session.scalars(db.select(Response.id).order_by(Response.id)).all()
            known = set(db.session.scalars(db.select(ResponseEvent.response_id)))
            for response_id in set(ids[:count]) - known:
                db.session.add(
                    ResponseEvent(
                        response_id=response_id, tab="a", tab_seq=1, answer={"chosen": 0},
                        received_at=utcnow(), late=True,
                    )
                )  # fmt: skip

    take(1)
    with counted(app) as few:
        director.get(PAGE)
    take(60)
    with counted(app) as many:
        page = director.get(PAGE).text

    assert page.count("Came late") == 50
    assert "Page 1 of 2" in page
    assert len(few) == len(many)


def test_an_answer_that_comes_after_the_key_could_be_read_is_marked_as_such(
    sitting, director
) -> None:
    sitting.result()

    send(sitting, 1, "as the key says", age=98 * 24 * 3600 * 1000)

    assert "After the key Arrived" in words(director.get(PAGE))


def test_an_answer_that_comes_before_the_key_is_not_marked(sitting, director) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    send(sitting, 1, "from the train", age=3600 * 1000)

    page = words(director.get(PAGE))
    assert "Came late from the train" in page
    assert "After the key" not in page


def test_how_far_a_late_answer_rests_on_the_device_alone_is_said(sitting, director) -> None:
    send(sitting, 1, "counted")
    sitting.fellow.post(f"{sitting.url}/submit")

    send(sitting, 2, "from the train", age=30 * 3600 * 1000)

    page = words(director.get(PAGE))
    assert "Rests on the device alone The 30 hours from then until it arrived" in page
    assert "The page last saved Nothing" not in page


def test_a_moment_before_the_attempt_began_is_no_claim(sitting, director) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    send(sitting, 1, "from long ago", age=10**11)

    page = words(director.get(PAGE))
    assert "Came late from long ago Counts Left blank Given Not known" in page
    assert "Rests on the device alone All of it The page last saved Nothing in time" in page


def test_what_was_typed_and_refused_is_shown_to_who_judges_late_answers(sitting, director) -> None:
    sitting.save(3, 1, answer="100")
    sitting.save(3, 2, answer="60 bananas")
    assert "60 bananas" not in words(director.get(REFUSED))
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.save(4, 1, answer="long " * 100)

    page = words(director.get(REFUSED))

    assert "item 3" in page
    assert "Typed 60 bananas Refused" in page
    assert "Counts 100" in page
    assert f"Typed {'long ' * 100}Refused Answer in at most" in page


def test_an_entry_that_was_refused_after_the_key_could_be_read_is_marked(sitting, director) -> None:
    sitting.save(3, 1, answer="60 bananas")
    sitting.result()
    assert "After the key" not in words(director.get(REFUSED))

    sitting.save(3, 2, answer="100 bananas, typed in time")

    page = words(director.get(REFUSED))
    assert f"{sitting.user.name} After the key Arrived" in page
    with sitting.app.app_context():
        closed_at = db.session.get_one(Attempt, sitting.id).submitted_at
    assert f"Closed {when(closed_at)}" in page


def test_of_what_comes_late_to_an_item_the_newest_of_each_of_three_pages_is_kept(sitting) -> None:
    sitting.fellow.post(f"{sitting.url}/submit")

    for seq, tab in enumerate("aabcdd", start=1):
        sitting.save(4, seq, tab=tab, answer=f"try {seq}")

    assert sitting.events() == [({"text": f"try {n}"}, True) for n in (3, 4, 6)]
