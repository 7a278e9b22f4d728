"""Nothing that tells a key reaches a browser before the policy releases it."""

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import lms
from lms.cases.bank import starter_files
from lms.cases.models import Case
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.quizzes.models import Feedback
from tests.attempts.factories import ALL_KINDS, make_case
from tests.attempts.pages import Fellow
from tests.attempts.test_pages import Sitting
from tests.factories import make_fellow

STATIC = sorted((Path(lms.__file__).parent / "static").rglob("*.*"))


def secrets_of(body: dict[str, object]) -> Iterator[str]:
    """Yield every text of a case that only the result page may show."""
    yield str(body["takeaway"])
    for reference in body["references"]:
        yield reference["supports"]
    for item in body["items"]:
        yield item.get("covered_answer") or str(body["takeaway"])
        yield from (option["why"] for option in item.get("options", ()))
        yield from (mistake["why"] for mistake in item.get("mistakes", ()))
        if "why" in item:
            yield item["why"]
        yield from item.get("accept", ())


def fragments(text: str, size: int = 4) -> set[str]:
    """Return parts of *text* that would be found whatever mark-up is put around words."""
    words = text.split()
    return {" ".join(words[n : n + size]) for n in range(0, max(1, len(words) - size + 1), size)}


def hidden_in(bodies: list[dict[str, object]]) -> set[str]:
    """Return fragments of all secrets that no stem, lead-in or option says as well."""
    public = " ".join(
        " ".join(text.split())
        for body in bodies
        for text in (
            body["title"],
            body["vignette"],
            *(item["lead_in"] for item in body["items"]),
            *(option["text"] for item in body["items"] for option in item.get("options", ())),
        )
    )
    found = {part for body in bodies for text in secrets_of(body) for part in fragments(text)}
    return {part for part in found if part not in public}


@pytest.fixture
def sitting(app: Flask, signed_in) -> tuple[Sitting, set[str], list[str]]:
    """A running attempt at a quiz of all kinds of items and of the starter bank."""
    with app.app_context():
        with transaction():
            load_cases(starter_files(), actor_id=None, now=utcnow())
        with transaction():
            made = [make_case(*ALL_KINDS)]
            stored = db.session.scalars(
                db.select(Case).options(db.selectinload(Case.items), db.joinedload(Case.current))
            ).all()
            cases = [*made, *(case for case in stored if case.id != made[0].id)][:6]
            bodies = [case.current.body for case in stored if case in cases]
    sitting = Sitting(app, signed_in, cases=cases, feedback=Feedback.CLOSED)
    tags = [str(body[name]) for body in bodies for name in ("slug", "topic")]
    tags = [tag for tag in tags if "-" in tag and not tag.startswith("case-")]
    return sitting, hidden_in(bodies), tags


def answering_pages(sitting: Sitting) -> dict[str, str]:
    """Return everything that the server says from the start to after the grading."""
    fellow, url = sitting.fellow, sitting.url
    urls = ["/home", f"/assignments/{sitting.assignment_id}/begin", url, f"{url}/status"]
    cases = [f"{url}/cases/{number}" for number in range(1, 7)]
    said = {each: fellow.get(each).text for each in (*urls, *cases)}
    for position in range(1, 7):
        for answer in ({"chosen": 0}, {"chosen": [0]}, {"value": "1"}, {"text": "x"}, 5):
            page = fellow.send(f"{url}/items/{position}", tab="a", seq=position, answer=answer)
            said[f"item {position} {answer}"] = page.text
    said["form"] = fellow.post(f"{url}/cases/1", answer_1="99", answer_3="many").text
    fellow.post(f"{url}/submit")
    said["waiting"] = fellow.get(f"{url}/result").text
    said["late"] = fellow.send(f"{url}/items/1", tab="a", seq=99, answer={"chosen": 0}).text
    sitting.grade()
    said["graded"] = fellow.get(f"{url}/result").text
    said["home after"] = fellow.get("/home").text
    return said


def test_no_key_and_no_reason_is_in_anything_said_before_the_release(sitting) -> None:
    sat, hidden, _ = sitting

    said = answering_pages(sat)

    assert len(hidden) > 200
    assert "Answers and reasons follow" in said["graded"]
    leaks = {
        (name, part)
        for name, text in said.items()
        for part in hidden
        if part in " ".join(html.unescape(text).split())
    }
    assert leaks == set()


def test_the_reasons_do_appear_once_released(app, signed_in) -> None:
    sat = Sitting(app, signed_in)
    sat.fellow.post(f"{sat.url}/submit")
    sat.grade()

    text = html.unescape(sat.fellow.get(f"{sat.url}/result").text)

    assert text.count("zanzibar") > 10


def test_no_static_file_carries_a_case(app) -> None:
    with app.app_context(), transaction():
        load_cases(starter_files(), actor_id=None, now=utcnow())
        bodies = [
            case.current.body
            for case in db.session.scalars(db.select(Case).options(db.joinedload(Case.current)))
        ]
    texts = [text for body in bodies for text in secrets_of(body)]
    long = {part for text in texts for part in fragments(text, 8) if len(part.split()) == 8}

    assert STATIC
    assert len(long) > 300
    for path in STATIC:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [part for part in long if part in text], path


def test_slugs_and_tags_do_not_reach_the_answering_page(sitting) -> None:
    sat, _, tags = sitting

    for number in range(1, 7):
        text = sat.fellow.get(f"{sat.url}/cases/{number}").text
        assert not [
            tag for tag in tags if "-" in tag and not tag.startswith("case-") and tag in text
        ]


def test_what_a_stranger_asks_for_says_nothing(sitting, app, signed_in) -> None:
    sat, hidden, _ = sitting
    with app.app_context(), transaction():
        stranger = make_fellow()
    other = Fellow(signed_in(stranger))

    text = html.unescape(other.get(f"{sat.url}/result").text)

    assert not [part for part in hidden if len(part.split()) == 4 and part in text]
