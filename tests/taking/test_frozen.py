"""A page whose attempt is frozen: it says so, keeps what is sent, and goes on afterwards."""

from lms.attempts import freezing
from lms.core.clock import utcnow
from lms.core.db import transaction
from tests.attempts.sitting import Sitting
from tests.reading import place_of, words


def freeze(sitting: Sitting) -> None:
    with sitting.app.app_context(), transaction():
        freezing.freeze(None, sitting.id, reason="Fire alarm", now=utcnow())


def resume(sitting: Sitting) -> None:
    with sitting.app.app_context(), transaction():
        freezing.resume(None, sitting.id, now=utcnow())


def test_the_pages_say_that_the_clock_is_stopped_and_offer_nothing_that_is_refused(
    app, signed_in
) -> None:
    sitting = Sitting(app, signed_in)
    freeze(sitting)

    case = sitting.fellow.get(f"{sitting.url}/cases/1")
    overview = sitting.fellow.get(sitting.url)

    assert place_of(case) == sitting.url
    assert "The clock is stopped" in words(overview)
    assert "submit-form" not in overview.text
    assert place_of(sitting.fellow.get(f"{sitting.url}/result")) == sitting.url
    home = words(sitting.fellow.get("/home"))
    assert "Continue" in home
    assert "items answered. The clock is stopped." in home


def test_no_page_is_told_that_the_time_is_up(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    freeze(sitting)

    told = sitting.fellow.get(f"{sitting.url}/status").get_json()
    resume(sitting)

    assert (told["state"], told["frozen"]) == ("in_progress", True)
    assert told["deadline_in"] > 0
    assert sitting.fellow.get(f"{sitting.url}/status").get_json()["frozen"] is False


def test_a_packet_is_refused_with_a_sentence_and_kept(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    freeze(sitting)

    answer = sitting.save(1, answer="2")

    assert answer.status_code == 409
    assert answer.json["error"].startswith("The clock of this attempt is stopped.")
    assert [late for _, late in sitting.events()] == [True]
    resume(sitting)
    assert sitting.save(1, answer="2").status_code == 200
    assert sitting.answer(1) is not None
    assert [late for _, late in sitting.events()] == [False]


def test_a_form_without_a_script_is_told_the_same(app, signed_in) -> None:
    sitting = Sitting(app, signed_in)
    page = sitting.case()
    freeze(sitting)

    sitting.fellow.post(f"{sitting.url}/cases/1", **{"1.answer": "2"})
    refused = sitting.fellow.post(f"{sitting.url}/submit")

    assert "answer" in page
    assert refused.status_code == 409
    assert "The clock of this attempt is stopped." in words(refused)
