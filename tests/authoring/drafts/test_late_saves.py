"""A save that arrives after a later one of its page undoes nothing, and raises no question."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from lms.authoring.drafts import queries, services
from lms.authoring.models import Draft
from lms.core.db import transaction
from lms.people.models import User
from tests.authoring.drafts.factories import as_kept, saying
from tests.authoring.drafts.kept import BODY, kept_draft, make_author
from tests.authoring.editor.browser import controls_of
from tests.factories import NOW


@pytest.fixture
def pair(app: Flask) -> tuple[User, User]:
    """Two who write on the same draft."""
    with app.app_context(), transaction():
        return make_author("Dr. Ada"), make_author("Dr. Ben")


@pytest.fixture
def draft(app: Flask, pair: tuple[User, User]) -> Draft:
    with app.app_context(), transaction():
        return kept_draft(pair[0])


def save(person: User, draft: Draft, seq: int | None, tab: str = "tab", **said: Any) -> Any:
    with transaction():
        return services.save(
            person, draft.id, saying(**said), from_revision=0, tab=tab, now=NOW, seq=seq
        )


@pytest.mark.usefixtures("in_app")
def test_what_arrives_late_changes_nothing_and_is_acknowledged(pair, draft) -> None:
    save(pair[0], draft, 2, title="Newer")
    late = save(pair[0], draft, 1, title="Older", text="Older.")

    assert (late.draft.revision, late.joined, late.conflicts) == (1, (), ())
    assert as_kept(draft.id).body == saying(title="Newer")


@pytest.mark.usefixtures("in_app")
def test_it_counts_too_that_what_came_before_it_changed_nothing(pair, draft) -> None:
    """The words were typed and deleted again: the save that says so is no revision."""
    save(pair[0], draft, 2)
    save(pair[0], draft, 1, title="Typed and deleted")

    assert as_kept(draft.id).body == BODY


@pytest.mark.usefixtures("in_app")
def test_what_arrives_late_raises_no_question_about_anothers_text(pair, draft) -> None:
    save(pair[0], draft, 2, title="Newer")
    save(pair[1], draft, None, "other", title="Newer", text="Ben wrote this.")
    late = save(pair[0], draft, 1, title="Older", text="Older.")

    assert late.conflicts == ()
    assert queries.waiting_of(as_kept(draft.id), pair[0]) == []
    assert as_kept(draft.id).body == saying(title="Newer", text="Ben wrote this.")


@pytest.mark.usefixtures("in_app")
def test_pages_count_for_themselves_and_the_same_save_may_come_twice(pair, draft) -> None:
    save(pair[0], draft, 7, title="Newer")
    save(pair[0], draft, 7, title="Newer")
    save(pair[0], draft, 1, "another", text="Mine too.")

    assert as_kept(draft.id).revision == 2
    assert as_kept(draft.id).body == saying(title="Newer", text="Mine too.")


def test_a_button_is_later_than_what_its_page_saved_by_itself(
    app: Flask, pair, draft, signed_in: Callable[..., FlaskClient]
) -> None:
    author = signed_in(pair[0])
    here = f"/drafts/{draft.id}"
    sent = [each for each in controls_of(author.get(here)) if each[0] != "seq"]
    typed = [(name, "Typed" if name == "stages/s1/text" else value) for name, value in sent]

    author.post(here, data=MultiDict([*typed, ("seq", "3"), ("do", "add:stages/s1/items")]))
    told = author.post(
        here, data=MultiDict([*sent, ("seq", "2")]), headers={"Accept": "application/json"}
    )

    assert (told.status_code, told.json["conflicts"]) == (200, [])
    with app.app_context():
        (stage,) = as_kept(draft.id).body["stages"]
    assert stage["text"] == "Typed"
    assert len(stage["items"]) == 1


@pytest.mark.parametrize("seq", ["", "x", "-1", str(2**31), "9" * 400])
def test_a_number_that_no_page_counts_is_none(
    app: Flask, pair, draft, signed_in: Callable[..., FlaskClient], seq: str
) -> None:
    author = signed_in(pair[0])
    here = f"/drafts/{draft.id}"
    sent = [each for each in controls_of(author.get(here)) if each[0] != "seq"]
    sent = [(name, "Typed" if name == "title" else value) for name, value in sent]
    page = author.post(here, data=MultiDict([*sent, ("seq", seq)]))

    assert page.status_code == 303
    with app.app_context():
        assert as_kept(draft.id).body["title"] == "Typed"
