"""A key stays on the server while its fellow may still be asked the same elsewhere."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from lms.attempts import services
from lms.attempts.models import Attempt
from lms.attempts.queries import attempt_of
from lms.cases.models import StoredCase
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.exposure.models import KeyOpening
from lms.grading import services as grading
from lms.people.models import Role, User
from lms.program.models import Membership
from lms.quizzes.assigning.services import AssignmentTerms
from lms.quizzes.models import Assignment
from lms.results.queries import result_of
from lms.results.withheld import withheld
from lms.supervision import services as acts
from question_bank.terms import Feedback, Grant
from tests.attempts.factories import (
    SECRET,
    case_body,
    choice_item,
    make_assignment,
    make_case,
    number_item,
    store_case,
)
from tests.attempts.sitting import YEARS, Sitting
from tests.cases.texts import case_file, load, stored
from tests.factories import NOW, make_cohort, make_fellow, make_user
from tests.reading import place_of, words
from tests.taking.pages import Fellow


def hour(number: float) -> datetime:
    return NOW + timedelta(hours=number)


class Year:
    """A fellow who is assigned quizzes that ask some of the same items."""

    def __init__(self) -> None:
        with transaction():
            self.fellow = make_fellow()
            self.cohort = make_cohort(self.fellow)
            self.shared = make_case(choice_item("shared"))
            self.other = make_case(choice_item("other"))

    def assign(
        self, *cases: StoredCase, at: float = 0, opens: float = 0, closes: float = 100, **terms
    ) -> Assignment:
        """Return a quiz that was assigned to the fellow's cohort at an hour."""
        with transaction():
            given = make_assignment(
                cases=list(cases) or [self.shared, self.other],
                opens_in=timedelta(hours=opens),
                due_in=timedelta(hours=closes),
                closes_in=timedelta(hours=closes),
                **terms,
            )
            given.created_at = hour(at)
            given.audiences[0].cohort_id = self.cohort.id
            db.session.flush()
        return given

    def begin(self, assignment: Assignment, at: float) -> Attempt:
        with transaction():
            return services.start_attempt(self.fellow, assignment.id, now=hour(at))

    def hand_in(self, attempt: Attempt, at: float) -> Attempt:
        """Hand in and have it graded at once."""
        with transaction():
            services.submit_attempt(self.fellow, attempt.id, now=hour(at))
        with transaction():
            assert grading.grade_attempt(attempt.id, now=hour(at))
        return attempt

    def take(self, assignment: Assignment, at: float) -> Attempt:
        return self.hand_in(self.begin(assignment, at), at + 0.25)

    def told(self, attempt: Attempt, at: float) -> list[str]:
        """Return the keys of the items whose answers the result says at an hour."""
        db.session.expire_all()
        row = attempt_of(self.fellow.id, attempt.id)
        result = result_of(row, now=hour(at))
        items = [item for case in result.cases for item in case.items]
        shown = [item.item.key for item in items if item.item is not None]
        texts = str([result.cases, result.harms])
        hidden = {"shared", "other"} - set(shown)
        assert not [key for key in hidden if f"Why second of {key}" in texts]
        assert SECRET not in texts or shown
        return shown


@pytest.fixture
def year(in_app) -> Year:
    return Year()


BOTH = ["shared", "other"]


def test_a_key_that_nothing_else_asks_is_told_at_once(year: Year) -> None:
    attempt = year.take(year.assign(), 1)

    assert year.told(attempt, 2) == BOTH


def test_it_waits_while_another_attempt_that_asks_the_same_runs(year: Year) -> None:
    running = year.begin(year.assign(year.shared), 1)
    attempt = year.take(year.assign(), 2)

    before = year.told(attempt, 3)
    year.hand_in(running, 4)

    assert before == ["other"]
    assert year.told(attempt, 5) == BOTH


def test_it_waits_for_a_quiz_that_is_assigned_and_not_begun(year: Year) -> None:
    later = year.assign(year.shared, closes=50)
    attempt = year.take(year.assign(), 2)

    assert year.told(attempt, 3) == ["other"]
    assert year.told(attempt, 49.9) == ["other"]
    assert year.told(attempt, 50) == BOTH
    year.hand_in(year.begin(later, 10), 11)
    assert year.told(attempt, 12) == BOTH


def test_it_waits_for_a_quiz_that_has_not_even_opened(year: Year) -> None:
    year.assign(year.shared, opens=40, closes=50)

    assert year.told(year.take(year.assign(), 2), 3) == ["other"]


def test_a_key_that_could_be_read_before_is_not_taken_back(year: Year) -> None:
    attempt = year.take(year.assign(), 1)

    again = year.assign(at=5)
    year.begin(again, 6)

    assert year.told(attempt, 7) == BOTH


def test_what_waited_when_another_quiz_was_assigned_waits_for_that_one_too(year: Year) -> None:
    first = year.assign(year.shared)
    attempt = year.take(year.assign(), 1)
    second = year.assign(year.shared, at=2)
    year.take(first, 3)

    assert year.told(attempt, 4) == ["other"]
    year.begin(second, 5)
    assert year.told(attempt, 6) == ["other"]


def test_what_waited_and_was_read_is_not_taken_back_for_a_quiz_of_later(year: Year) -> None:
    first = year.assign(year.shared)
    attempt = year.take(year.assign(), 1)
    year.take(first, 3)
    year.assign(year.shared, at=4)

    assert year.told(attempt, 5) == BOTH


def test_another_edition_with_another_key_holds_nothing_back(year: Year) -> None:
    item = choice_item("shared")
    load(case_file("revised", item))
    attempt = year.take(year.assign(stored("revised"), at=-1), 1)
    item["options"][1]["key"], item["options"][2]["key"] = False, True

    year.assign(stored("revised"), at=-1)
    before = year.told(attempt, 2)
    load(case_file("revised", item))

    assert (before, year.told(attempt, 3)) == ([], ["shared"])


def test_a_revised_case_with_the_same_key_holds_it_back(year: Year) -> None:
    load(case_file("revised", choice_item("shared")))
    attempt = year.take(year.assign(stored("revised"), at=-1), 1)
    year.assign(stored("revised"), at=-1)

    load(case_file("revised", choice_item("shared", points=2), vignette="Another story."))

    assert year.told(attempt, 3) == []


def test_a_running_attempt_of_the_edition_before_holds_that_one_back(year: Year) -> None:
    item = choice_item("shared")
    load(case_file("revised", item))
    given = year.assign(stored("revised"), at=-1)
    attempt = year.take(year.assign(stored("revised"), at=-1), 1)
    running = year.begin(given, 2)
    item["options"][1]["key"], item["options"][2]["key"] = False, True
    load(case_file("revised", item))

    assert year.told(attempt, 3) == []
    year.hand_in(running, 4)
    assert year.told(attempt, 5) == ["shared"]


def test_with_an_attempt_left_the_keys_of_the_first_wait_for_it(year: Year) -> None:
    given = year.assign(attempts_allowed=2, closes=50)
    first = year.take(given, 1)

    before = year.told(first, 2)
    second = year.take(given, 3)

    assert before == []
    assert year.told(first, 4) == year.told(second, 4) == BOTH


def test_with_an_attempt_left_they_wait_no_longer_than_to_the_closing(year: Year) -> None:
    first = year.take(year.assign(attempts_allowed=2, closes=50), 1)

    assert (year.told(first, 49), year.told(first, 50)) == ([], BOTH)


@pytest.fixture
def director(in_app) -> User:
    with transaction():
        return make_user(Role.DIRECTOR)


def one_more_attempt(year: Year, given: Assignment, director: User, at: float) -> None:
    grant = Grant(attempts=1, closes_at=hour(150))
    with transaction():
        acts.extend(director, given.id, year.fellow.id, grant=grant, reason="Ill", now=hour(at))


def more_days(year: Year, given: Assignment, director: User, at: float) -> None:
    more = {"percent": 150, "days": 3, "starts_on": NOW.date() - timedelta(days=9), "reason": "x"}
    with transaction():
        acts.accommodate(director, year.fellow.id, **more, now=hour(at))


def later_dates(year: Year, given: Assignment, director: User, at: float) -> None:
    new = AssignmentTerms(hour(0), hour(200), hour(200), attempts_allowed=3)
    with transaction():
        acts.change_dates(director, given.id, terms=new, now=hour(at))


@pytest.mark.parametrize("widen", [one_more_attempt, more_days, later_dates])
def test_what_was_read_stays_when_the_same_quiz_can_be_taken_again(
    year: Year, director: User, widen: Callable[..., None]
) -> None:
    given = year.assign(closes=50, attempts_allowed=2, results_in=timedelta(hours=200))
    first = year.take(given, 1)
    before = year.told(first, 51)

    widen(year, given, director, 52)

    assert before == year.told(first, 53) == BOTH
    second = year.begin(given, 54)
    assert year.told(first, 55) == BOTH
    year.hand_in(second, 56)
    assert year.told(first, 57) == year.told(second, 57) == BOTH


def test_what_the_first_edition_showed_after_each_attempt_stays_read(year: Year) -> None:
    given = year.assign(closes=50, attempts_allowed=2)
    attempt = year.take(given, 1)
    with transaction():
        db.session.execute(db.update(KeyOpening).values(key_at=hour(1.25)))  # as upgrading notes it

    assert year.told(attempt, 2) == BOTH


def test_what_was_read_of_one_quiz_does_not_open_what_it_asks_anew(year: Year, director) -> None:
    item = choice_item("shared")
    load(case_file("revised", item))
    given = year.assign(stored("revised"), at=-1)
    first = year.take(given, 1)
    item["options"][1]["key"], item["options"][2]["key"] = False, True
    load(case_file("revised", item))
    with transaction():
        grant = Grant(attempts=2)
        acts.extend(director, given.id, year.fellow.id, grant=grant, reason="Ill", now=hour(2))

    second = year.take(given, 3)

    assert (year.told(first, 4), year.told(second, 4)) == (["shared"], [])


def test_what_was_assigned_anew_or_to_another_cohort_counts_too(year: Year) -> None:
    with transaction():
        elsewhere = make_cohort(year.fellow)
    attempt = year.take(year.assign(), 2)
    other = year.assign(year.other, at=1)
    with transaction():
        given = db.session.merge(other)
        given.audiences[0].cohort_id = elsewhere.id

    assert year.told(attempt, 3) == ["shared"]


def test_a_quiz_that_was_taken_back_unbegun_holds_nothing_back(year: Year) -> None:
    given = year.assign(year.shared)
    attempt = year.take(year.assign(), 2)
    with transaction():
        db.session.merge(given).withdrawn_at = hour(3)

    assert year.told(attempt, 4) == BOTH


def test_one_that_was_taken_back_while_it_runs_does(year: Year) -> None:
    given = year.assign(year.shared)
    year.begin(given, 1)
    attempt = year.take(year.assign(), 2)
    with transaction():
        db.session.merge(given).withdrawn_at = hour(3)

    assert year.told(attempt, 4) == ["other"]


def test_what_is_assigned_to_a_cohort_that_was_left_holds_nothing_back(year: Year) -> None:
    attempt = year.take(year.assign(), 2)
    year.assign(year.shared, at=1)
    before = year.told(attempt, 3)
    with transaction():
        of_fellow = Membership.fellow_id == year.fellow.id
        db.session.scalars(db.select(Membership).where(of_fellow)).one().ends_on = NOW.date()

    assert before == ["other"]
    assert year.told(attempt, 24 * 2) == BOTH


def test_what_was_begun_before_the_cohort_was_left_can_be_begun_again(year: Year) -> None:
    given = year.assign(year.shared, attempts_allowed=2, closes=200)
    year.take(given, 1)
    own = year.assign(closes=150)
    with transaction():
        of_fellow = Membership.fellow_id == year.fellow.id
        db.session.scalars(db.select(Membership).where(of_fellow)).one().ends_on = NOW.date()
        audience = db.session.merge(own).audiences[0]
        audience.cohort_id, audience.fellow_id = None, year.fellow.id
    attempt = year.take(own, 60)

    before = year.told(attempt, 61)
    year.take(given, 62)

    assert before == ["other"]
    assert year.told(attempt, 63) == BOTH


def test_another_fellows_quizzes_hold_nothing_back(year: Year) -> None:
    with transaction():
        other = make_fellow()
        make_assignment(other, cases=[year.shared])
    attempt = year.take(year.assign(), 2)

    assert year.told(attempt, 3) == BOTH
    assert {edition[0] for edition in withheld([other.id, year.fellow.id], now=hour(3))} == {
        other.id
    }


def test_a_key_that_waits_for_the_closing_waits_for_other_quizzes_then(year: Year) -> None:
    attempt = year.take(year.assign(feedback=Feedback.CLOSED, closes=20), 2)
    year.assign(year.shared, at=1)

    assert year.told(attempt, 19) == []
    assert year.told(attempt, 21) == ["other"]


def test_the_page_says_which_answers_wait_and_tells_none_of_them(app, signed_in) -> None:
    with app.app_context(), transaction():
        cases = [make_case(choice_item("alone")), make_case(choice_item("shared"), number_item())]
    sat = Sitting(app, signed_in, cases=cases)
    with app.app_context(), transaction():
        make_assignment(sat.user, cases=cases[1:], closes_in=timedelta(days=20000))

    page = sat.result().text

    assert "Some answers wait" in page
    assert "the answers to items 2, 3 can be read here" in page
    assert "Why second of alone" in page
    assert "shared" not in page.split("Its answer waits")[1]
    assert "Arithmetic" not in page
    assert page.count(f"Take away {SECRET}") == 1


def test_no_score_says_by_subtraction_how_an_item_that_waits_was_answered(app, signed_in) -> None:
    with app.app_context(), transaction():
        shared = make_case(choice_item("shared"))
        cases = [make_case(*(choice_item(f"item-{n}") for n in range(10))), shared]
    sat = Sitting(app, signed_in, cases=cases)
    with app.app_context(), transaction():
        given = make_assignment(sat.user, cases=[shared], closes_in=timedelta(days=20000))
    sat.save(11, answer=str(sat.place(11, 1)))
    browser = Fellow(signed_in(sat.user))
    waiting = [words(sat.result()), *(words(browser.get(url)) for url in ("/home", "/progress"))]
    with app.app_context(), transaction():
        db.session.get_one(Assignment, given.id).withdrawn_at = utcnow()
    told = [words(sat.result()), *(words(browser.get(url)) for url in ("/home", "/progress"))]

    assert "0 of 10" in waiting[0]
    assert "1 item is not in this score yet" in waiting[0]
    assert "Some items wait" in waiting[1]
    assert "0 of 10 correct (0%). 1 not counted yet." in waiting[2]
    assert not [page for page in waiting if "of 11" in page or "9%" in page]
    assert "1 of 11" in told[0]
    assert "9% of 11 items" in told[1]
    assert "1 of 11 correct (9%)." in told[2]


def test_the_page_tells_nothing_if_all_wait(app, signed_in) -> None:
    with app.app_context(), transaction():
        cases = [make_case(choice_item("shared"))]
    sat = Sitting(app, signed_in, cases=cases)
    with app.app_context(), transaction():
        make_assignment(sat.user, cases=cases, closes_in=timedelta(days=20000))

    page = sat.result().text

    assert "Answers and reasons wait" in page
    assert SECRET not in page


def keys_in(pages: Sequence[str]) -> int:
    return sum(page.count(SECRET) for page in pages)


def test_however_an_attempt_is_looked_at_while_another_runs_no_page_tells(app, signed_in) -> None:
    with app.app_context(), transaction():
        cases = [make_case(choice_item("shared"), number_item())]
    sat = Sitting(app, signed_in, cases=cases)
    with app.app_context(), transaction():
        given = make_assignment(sat.user, cases=cases, closes_in=timedelta(days=20000))
        services.start_attempt(sat.user, given.id, now=NOW)
    sat.result()
    browser = Fellow(signed_in(sat.user))

    pages = [f"{sat.url}/result", "/home", "/progress", sat.url, f"{sat.url}/status"]

    assert keys_in([browser.get(url).text for url in pages]) == 0


def test_the_result_says_what_was_not_reached_and_what_is_a_repeat(app, signed_in) -> None:
    sat = Sitting(app, signed_in, attempts_allowed=2)
    sat.save(1, answer="0")
    sat.change(Attempt, deadline_at=utcnow() - timedelta(hours=1))
    first = words(sat.result())
    begun = place_of(sat.fellow.post(f"/assignments/{sat.assignment_id}/begin"))
    sat.id = int(begun.split("/")[2])
    sat.url = f"/attempts/{sat.id}"
    second = words(sat.result())

    assert "3 items were not reached in time" in first
    assert "repeat" not in first
    assert "count first answers only; 1 of these is a repeat." in second
    assert "0 of 3 first answers correct." in words(sat.fellow.get("/progress"))


def test_the_result_says_what_came_after_a_case_like_it_and_counts_it(app, signed_in) -> None:
    with app.app_context(), transaction():
        twin = store_case(case_body(choice_item(), slug="twin"))
        case = store_case(case_body(choice_item(), slug="case") | {"sibling_of": "twin"})
    first = Sitting(app, signed_in, cases=[twin])
    told_first = words(first.result())
    with app.app_context(), transaction():
        then = make_assignment(first.user, cases=[case], due_in=YEARS, closes_in=YEARS)
    begun = place_of(first.fellow.post(f"/assignments/{then.id}/begin"))
    first.id = int(begun.split("/")[2])
    first.url = f"/attempts/{first.id}"
    told_then = words(first.result())

    said = "1 item is of a case like one of an earlier quiz, with another patient"
    assert said not in told_first
    assert said in told_then
    assert "repeat" not in told_then
