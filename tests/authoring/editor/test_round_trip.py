"""A case that is opened in the editor and saved as it is says what it said."""

from pathlib import Path

import pytest
from flask import Flask

import question_bank
from lms.authoring.editor.forms import draft_form
from lms.authoring.models import Draft
from lms.core.db import db, transaction
from question_bank.case import Case, said_hash
from question_bank.drafts.opening import draft_of, read_draft
from question_bank.formats.native import read_case
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import press

SHIPPED = sorted((Path(question_bank.__file__).parent / "content").glob("*/*.yaml"))
EVERY_KIND = Path(__file__).parents[2] / "question_bank" / "data" / "all-kinds.yaml"
SOME = ("an-itch-without-a-rash", "a-taste-of-metal", "nothing-stays-down")


def case_in(path: Path) -> Case:
    return read_case(path.read_text(encoding="utf-8"), path.name)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    every = metafunc.config.getoption("long")
    if "path" in metafunc.fixturenames:
        shipped = [path for path in SHIPPED if every or path.stem in SOME]
        metafunc.parametrize("path", [EVERY_KIND, *shipped], ids=lambda path: path.stem)


def test_an_untouched_form_changes_nothing(app: Flask, signed_in, path: Path) -> None:
    case = case_in(path)
    with app.app_context(), transaction():
        body = draft_of(case)
        author = make_author()
        draft_id = kept_draft(author, body=body).id

    page = press(signed_in(author), draft_id)

    assert page.status_code == 303
    with app.app_context():
        draft = db.session.get_one(Draft, draft_id)
        assert draft.revision == 0
        assert draft.body == body
        assert said_hash(read_draft(draft.body)) == said_hash(case)


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.stem)
def test_the_form_of_a_shipped_case_has_its_body(shipped: Path) -> None:
    body = draft_of(case_in(shipped))
    lists = dict.fromkeys(
        ("acts", "condition", "facts", "focus", "levels", "population", "setting",
         "topics", "tracks"),
        (),
    )  # fmt: skip

    assert draft_form(body, lists).body == body
