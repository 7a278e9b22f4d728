"""What the pages say to a fellow whose time may run out, as the quiz has it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.attempts import services
from lms.attempts.exposing import settle_keys
from lms.attempts.models import Attempt, AttemptState
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.core.mail import Message
from lms.core.mail.reading import parts_of
from lms.people.models import Role
from lms.quizzes.models import Assignment
from question_bank.terms import Unfinished
from tests.attempts.sitting import Sitting
from tests.factories import make_user
from tests.reading import place_of, words
from tests.supervision.pages import held

SignIn = Callable[..., FlaskClient]

MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

RULES = {
    Unfinished.HAND_IN: "what is saved is handed in.",
    Unfinished.GRACE: "it can still be handed in for 60 minutes; after that nothing",
    Unfinished.ABANDON: "nothing of the attempt counts, unless it was handed in before.",
}


def staff(app: Flask, signed_in: SignIn, role: Role) -> FlaskClient:
    with app.app_context(), transaction():
        person = make_user(role)
    return signed_in(person)


def run_out(sitting: Sitting, ago: timedelta) -> None:
    """Let the time of the attempt have ended so long ago."""
    sitting.change(Attempt, deadline_at=utcnow() - ago)


def close(sitting: Sitting) -> None:
    with sitting.app.app_context(), transaction():
        services.close_overdue(sitting.id, now=utcnow())


@pytest.mark.parametrize("policy", list(Unfinished))
def test_home_and_rules_say_before_what_happens_if_the_time_runs_out(
    app: Flask, signed_in: SignIn, policy: Unfinished
) -> None:
    sitting = Sitting(app, signed_in, unfinished=policy)

    rules = sitting.fellow.get(f"/assignments/{sitting.assignment_id}/begin")
    home = sitting.fellow.get("/home")

    assert RULES[policy] in words(rules)
    assert RULES[policy] in words(home)


class TestInTheGrace:
    @pytest.fixture
    def sitting(self, app: Flask, signed_in: SignIn) -> Sitting:
        sitting = Sitting(app, signed_in, unfinished=Unfinished.GRACE)
        sitting.save(1, answer="0")
        run_out(sitting, 5 * MINUTE)
        return sitting

    def test_every_page_leads_to_handing_it_in(self, sitting: Sitting) -> None:
        home = sitting.fellow.get("/home")
        rules = sitting.fellow.get(f"/assignments/{sitting.assignment_id}/begin")
        overview = sitting.fellow.get(sitting.url)

        assert "The time is up, and 1 of 4 items are answered. Hand it in by" in words(home)
        assert "Go and hand it in" in words(home)
        assert "The time is up: hand it in by" in words(rules)
        assert "Hand it in by" in words(overview)
        assert "else nothing of it counts" in words(overview)

    def test_no_answer_is_taken_but_it_is_handed_in_and_graded(self, sitting: Sitting) -> None:
        late = sitting.save(2, answer="1")
        result = sitting.result()

        assert late.status_code == 409
        assert sitting.state() is AttemptState.GRADED
        assert "when the time was up" in words(result)
        assert sitting.answer(2) is None


class TestAbandoned:
    @pytest.fixture
    def sitting(self, app: Flask, signed_in: SignIn) -> Sitting:
        sitting = Sitting(app, signed_in, unfinished=Unfinished.ABANDON)
        sitting.save(1, answer="0")
        run_out(sitting, MINUTE)
        close(sitting)
        return sitting

    def test_its_pages_say_that_nothing_of_it_counts_and_show_no_key(
        self, sitting: Sitting
    ) -> None:
        result = sitting.fellow.get(f"{sitting.url}/result")
        home = words(sitting.fellow.get("/home"))

        assert place_of(sitting.fellow.get(sitting.url)) == f"{sitting.url}/result"
        assert "Nothing of this attempt counts" in words(result)
        assert "tell a director, who can reopen it until" in words(result)
        assert "They are shown here from" in words(result)
        assert "Best answer" not in words(result)
        assert "Not handed in in time" in home
        assert "nothing of it counts" in home

    def test_a_page_that_was_open_is_told_that_it_is_over_and_what_it_sends_is_kept(
        self, sitting: Sitting
    ) -> None:
        late = sitting.save(2, answer="1")
        sitting.fellow.post(f"{sitting.url}/submit")

        assert late.status_code == 409
        assert sitting.events()[-1][1] is True
        assert sitting.fellow.get(f"{sitting.url}/status").get_json()["state"] == "abandoned"
        assert sitting.state() is AttemptState.ABANDONED

    def test_once_results_are_shown_it_teaches(self, sitting: Sitting) -> None:
        past = utcnow() - MINUTE / 2
        sitting.change(Assignment, due_at=past, closes_at=past, results_at=past)
        with sitting.app.app_context(), transaction():
            settle_keys([sitting.user.id], now=utcnow())

        result = words(sitting.fellow.get(f"{sitting.url}/result"))

        assert "Nothing of this attempt counts" in result
        assert "can reopen it" not in result
        assert "Answers and reasons" in result
        assert "You chose" in result

    def test_the_report_the_list_and_the_file_say_so(
        self, app: Flask, signed_in: SignIn, sitting: Sitting
    ) -> None:
        page = f"/assignments/{sitting.assignment_id}"
        seen = {
            "all": staff(app, signed_in, Role.DIRECTOR),
            "some": staff(app, signed_in, Role.FACULTY),
        }

        assert "Abandoned" in words(seen["all"].get(page))
        assert "Reopen" in words(seen["all"].get(page))
        assert "Abandoned" in words(seen["some"].get(page))
        assert "If time runs out" in words(seen["some"].get(page))
        assert "Abandoned" in seen["all"].get(f"{page}/scores.csv").text
        assert "not handed in in time, so nothing of it counts" in words(
            seen["all"].get(f"/fellows/{sitting.user.id}")
        )
        assert "not handed in in time" in words(sitting.fellow.get("/progress"))

    def test_a_director_reopens_it(self, app: Flask, signed_in: SignIn, sitting: Sitting) -> None:
        director = staff(app, signed_in, Role.DIRECTOR)
        shown = director.get(f"{sitting.url}/reopen")

        director.post(f"{sitting.url}/reopen", data=held(shown) | {"reason": "Network down"})

        assert "Not handed in when its time ended" in words(shown)
        assert "Nothing of it counts as yet" in words(shown)
        assert sitting.state() is AttemptState.IN_PROGRESS
        assert "Best answer" not in words(sitting.fellow.get(f"{sitting.url}/result"))


def test_who_assigns_chooses_it(app: Flask, signed_in: SignIn) -> None:
    sitting = Sitting(app, signed_in)
    faculty = staff(app, signed_in, Role.FACULTY)
    with app.app_context():
        given = db.session.get_one(Assignment, sitting.assignment_id)
        quiz_id = db.session.scalar(db.text("SELECT quiz_id FROM quiz_version"))
        cohort_id = db.session.scalar(db.text("SELECT cohort_id FROM audience"))
        assert given.unfinished is Unfinished.HAND_IN
    page = f"/quizzes/{quiz_id}/assign"
    data = held(faculty.get(page)) | {
        "cohort_id": str(cohort_id), "unfinished": "grace", "grace_minutes": "20",
    }  # fmt: skip

    short = faculty.post(page, data=data | {"grace_minutes": "4"})
    done = faculty.post(page, data=data, follow_redirects=True)

    assert "It is 5 to 1,440 minutes." in words(short)
    assert "it can still be handed in for 20 minutes" in words(done)


class TestChangedLater:
    """On the dates page: what is less than was promised asks a reason, and is told."""

    @pytest.fixture
    def sitting(self, app: Flask, signed_in: SignIn) -> Sitting:
        sitting = Sitting(app, signed_in, attempts_allowed=2)
        sitting.result()
        return sitting

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ({"unfinished": "abandon"}, "runs out, nothing of the attempt counts, unless"),
            ({"unfinished": "grace", "grace_minutes": "30"}, "handed in for 30 minutes"),
            ({"freezes": "0"}, "none by fellows; it was: once by the fellow, 30 min."),
            ({"freeze_minutes": "10"}, "once by the fellow, 10 min; it was: once by the fellow"),
        ],
    )
    def test_less_asks_a_reason_and_is_told(
        self, app: Flask, signed_in: SignIn, sitting: Sitting, said: dict[str, str], told: str
    ) -> None:
        director = staff(app, signed_in, Role.DIRECTOR)
        page = f"/assignments/{sitting.assignment_id}/dates"
        asked = director.post(page, data=held(director.get(page)) | said)
        sure = held(asked) | {"do": "change"}

        without = director.post(page, data=sure | {"reason": ""})
        done = director.post(page, data=sure | {"reason": "The ward"}, follow_redirects=True)

        assert told in words(asked)
        assert "Say why: less is left than was promised." in words(without)
        assert "1 fellow is told" in words(done)
        with app.app_context():
            (mail,) = db.session.scalars(
                db.select(Message).where(Message.kind == "quiz_changed")
            ).all()
            assert told in " ".join(parts_of(mail).text.split())

    def test_more_needs_no_reason(self, app: Flask, signed_in: SignIn, sitting: Sitting) -> None:
        director = staff(app, signed_in, Role.DIRECTOR)
        page = f"/assignments/{sitting.assignment_id}/dates"
        asked = director.post(page, data=held(director.get(page)) | {"freezes": "3"})

        done = director.post(page, data=held(asked) | {"do": "change"}, follow_redirects=True)

        assert "Up to 3 times by the fellow" in words(done)
