"""One of many: a list of few, and of many what was looked for, with the form as it was typed."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.choosing import FEW, MOST_FOUND
from lms.core.clock import utcnow
from lms.core.db import transaction
from lms.people.models import Role, User
from lms.people.queries import user_by_id
from lms.program import queries
from lms.program.models import Cohort
from tests.factories import make_cohort, make_fellow, make_user
from tests.reading import place_of, words
from tests.signin.helpers import counted, send

SignIn = Callable[[User], FlaskClient]

DAY = {"starts_on": "2026-08-03"}


class Place:
    """A cohort that has no fellow yet, and its page, as a director opens it."""

    def __init__(self, app: Flask, signed_in: SignIn) -> None:
        self.app = app
        with app.app_context(), transaction():
            self.cohort: Cohort = make_cohort(name="Class of 2027")
            director = make_user(Role.DIRECTOR)
        self.page = f"/cohorts/{self.cohort.id}"
        self.browser = signed_in(director)

    def fellows(self, *names: str, others: int = 0) -> list[User]:
        with self.app.app_context(), transaction():
            for number in range(others):
                make_fellow(f"Dr. Other {number:03}")
            return [make_fellow(name) for name in names]

    def send(self, **data: object) -> TestResponse:
        named = {name.replace("__", "-"): value for name, value in data.items()}
        return send(self.browser, f"{self.page}/members", DAY | named, at=self.page)

    def members(self) -> list[int]:
        with self.app.app_context():
            return [each.fellow_id for each in queries.memberships(self.cohort.id)]


@pytest.fixture
def place(app: Flask, signed_in: SignIn) -> Place:
    return Place(app, signed_in)


def offered(page: TestResponse) -> list[str]:
    """Return the values that radio buttons have."""
    return re.findall(r'<input type="radio" name="person_id" value="(\d+)"', page.text)


def test_few_are_a_list_and_one_more_are_looked_for(place: Place) -> None:
    place.fellows(others=FEW)
    few = place.browser.get(place.page)
    place.fellows("Dr. One More")
    many = place.browser.get(place.page)

    assert few.text.count("<option") == FEW + 1
    assert "person_id-words" not in few.text
    assert "chooser.js" not in few.text
    assert "<option" not in many.text
    assert 'name="person_id-words"' in many.text
    assert "chooser.js" in many.text
    assert offered(many) == []


@pytest.mark.parametrize(
    "looked_for",
    ["garcia", "GARCÍA", "arcí", "maría garc", "garcia maria", "m.garcia@", "maría  garcía"],
)
def test_a_part_of_name_or_address_finds_whatever_accents_and_case(
    place: Place, looked_for: str
) -> None:
    with place.app.app_context(), transaction():
        maria = make_user(Role.FELLOW, name="Dr. María García", email="m.garcia@example.org")
    place.fellows("Dr. Mario Garland", others=FEW)

    found = place.send(person_id__words=looked_for, person_id__find="1")

    assert found.status_code == 200
    assert offered(found) == [str(maria.id)]
    assert "1 found." in words(found)


def test_nothing_found_says_so_and_of_many_found_the_first_are_shown(place: Place) -> None:
    place.fellows(others=FEW + 1)

    nothing = place.send(person_id__words="Nobody <b>", person_id__find="1")
    many = place.send(person_id__words="other", person_id__find="1")

    assert offered(nothing) == []
    assert "Nothing found for “Nobody &lt;b&gt;”" in nothing.text
    assert len(offered(many)) == MOST_FOUND
    assert f"The first {MOST_FOUND} that have “other”" in words(many)


def test_looking_keeps_what_was_typed_and_whom_somebody_chose_and_does_nothing(
    place: Place,
) -> None:
    ida, noa = place.fellows("Dr. Ida", "Dr. Noa", others=FEW)

    page = place.send(person_id=ida.id, person_id__words="noa", person_id__find="1")

    assert page.status_code == 200
    assert offered(page) == [str(ida.id), str(noa.id)]
    assert re.search(rf'value="{ida.id}" checked', page.text)
    assert 'value="2026-08-03"' in page.text
    assert "error-summary" not in page.text
    assert place.members() == []


def test_other_words_than_those_whose_list_is_shown_only_look(place: Place) -> None:
    ida, noa = place.fellows("Dr. Ida", "Dr. Noa", others=FEW)

    typed_on = place.send(person_id=ida.id, person_id__words="noa", person_id__shown="ida")
    assert place.members() == []
    done = place.send(person_id=noa.id, person_id__words="noa", person_id__shown="noa")

    assert offered(typed_on) == [str(ida.id), str(noa.id)]
    assert done.status_code == 302
    assert place_of(done) == place.page
    assert place.members() == [noa.id]


@pytest.mark.parametrize("number", ["mentor", "987654", "99999999999999999999", "-1", "1 2", "x"])
def test_who_may_not_be_chosen_is_refused_at_the_field(place: Place, number: str) -> None:
    place.fellows(others=FEW + 1)
    with place.app.app_context(), transaction():
        mentor = make_user(Role.MENTOR)

    page = place.send(person_id=mentor.id if number == "mentor" else number)

    assert page.status_code == 422
    assert 'href="#person_id"' in page.text
    assert place.members() == []


def test_who_was_disabled_or_is_in_the_cohort_already_is_not_found(place: Place) -> None:
    gone, inside = place.fellows("Dr. Ida Gone", "Dr. Ida Inside", others=FEW)
    with place.app.app_context(), transaction():
        user_by_id(gone.id).disabled_at = utcnow()
    place.send(person_id=inside.id, starts_on="2026-07-01")

    page = place.send(person_id__words="ida", person_id__find="1")

    assert offered(page) == []
    assert place.members() == [inside.id]


def test_nobody_chosen_among_many_is_said_in_the_words_of_the_list(place: Place) -> None:
    place.fellows(others=FEW + 1)

    page = place.send()

    assert page.status_code == 422
    assert "Choose a person." in page.text
    assert "Not a valid choice" not in page.text


def test_more_words_than_are_read_do_no_harm(place: Place) -> None:
    place.fellows(others=FEW + 1)

    long = place.send(person_id__words="a" * 5_000, person_id__find="1")
    longer = place.send(person_id__words="a" * 30_000, person_id__find="1")

    assert long.status_code == 200
    assert "a" * 101 not in long.text
    assert longer.status_code in (200, 422)
    assert place.members() == []


def test_a_page_takes_as_many_statements_for_two_hundred_as_for_sixty(place: Place) -> None:
    counts = []
    for more in (60, 140):
        place.fellows(others=more)
        with counted(place.app) as count:
            place.browser.get(place.page)
            place.send(person_id__words="other", person_id__find="1")
        counts.append(count())

    assert counts[0] == counts[1]
