"""What tells nearly the same is found by the sketches in the index, on both databases."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.cases.content import starter_files
from lms.cases.models import CaseVersion
from lms.cases.revisions import retire_case
from lms.cases.search.keeping import batches, index, keep_draft, wanting
from lms.cases.search.models import SearchEntry, SearchSketch
from lms.cases.search.resembling import MOST, resembling
from lms.cases.services import load_cases
from lms.core.db import db, transaction
from question_bank.rules.telling import SKETCH, sketch_of, told_in
from tests.cases.texts import case_file, load, publisher, stored
from tests.factories import NOW
from tests.progress.statements import counted

STORY = (
    "A baker with a sore wrist wants to knead bread before the summer fair begins in town, and "
    "asks what she may take at night."
)
OTHER = "Two sailors carried a mast across the harbor, and since then his back is stiff at dawn."


def like(text: str, *, but: int | None = None) -> list[str]:
    """Return the slugs of what resembles a draft of that story, most first."""
    sketch = sketch_of(told_in({"stages": [{"text": text}]}))
    return [each.slug for each in resembling(sketch, but=but)]


def numbers() -> int:
    return db.session.scalar(select(func.count()).select_from(SearchSketch)) or 0


def test_what_tells_nearly_the_same_comes_first(in_app) -> None:
    near = STORY.replace("sore", "stiff")
    load(
        case_file("a-mast", vignette=OTHER),
        case_file("near", vignette=near),
        case_file("same", vignette=STORY),
    )

    assert like(STORY)[:2] == ["same", "near"]
    assert "a-mast" not in like(STORY)


def test_the_case_itself_and_what_is_retired_are_left_out(in_app) -> None:
    load(case_file("one", vignette=STORY), case_file("other", vignette=STORY))

    assert like(STORY, but=stored("one").id) == ["other"]

    with transaction():
        retire_case(publisher(), "other", "Too like another.", now=NOW)
    assert like(STORY) == ["one"]


def test_only_what_a_case_says_now_is_found(in_app) -> None:
    load(case_file("one", vignette=STORY))
    load(case_file("one", vignette=OTHER))

    assert like(STORY) == []
    assert like(OTHER) == ["one"]
    assert 0 < numbers() <= SKETCH


def test_drafts_are_not_found(in_app) -> None:
    with transaction():
        keep_draft(1, None, {"stages": [{"#": "s1", "text": STORY}]})

    assert like(STORY) == []
    assert numbers() == 0


def test_no_more_are_read_than_are_compared(in_app) -> None:
    load(*(case_file(f"case-{n}", vignette=STORY) for n in range(MOST + 3)))

    with counted(in_app) as statements:
        assert len(like(STORY)) == MOST
    assert [each.split()[0] for each in statements if each != "BEGIN"] == ["SELECT"]


def test_nothing_told_is_like_nothing(in_app) -> None:
    load(case_file("one", vignette="Hurts."))

    assert like("") == []


@pytest.fixture
def bank(in_app: Flask) -> None:
    with transaction():
        load_cases(None, starter_files(), now=NOW)


def test_every_shipped_case_resembles_itself_most(bank) -> None:
    for body in db.session.scalars(select(CaseVersion.body)).all():
        found = resembling(sketch_of(told_in(body)), but=None)
        assert found[0].body["slug"] == body["slug"]


def test_an_index_that_is_made_anew_says_the_same(bank) -> None:
    before = sketches()
    for batch in batches(wanting(anew=True)):
        with transaction():
            index(batch)

    assert sketches() == before


def sketches() -> set[tuple[int, int]]:
    rows = db.session.execute(
        select(SearchEntry.case_id, SearchSketch.number).join(
            SearchEntry, SearchEntry.id == SearchSketch.entry_id
        )
    )
    return {(row.case_id, row.number) for row in rows}
