"""Nothing that tells a key reaches a browser before the policy releases it."""

import html
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

import lms
from lms.cases.content import starter_files
from lms.cases.models import CaseVersion, StoredCase
from lms.cases.services import load_cases
from lms.core.clock import utcnow
from lms.core.db import db, transaction
from lms.program.blueprint import blueprint
from question_bank.terms import Feedback
from tests.attempts.factories import PLANNED, make_case, store_case
from tests.attempts.kinds import EVERY_KIND, SECOND, unfolding
from tests.attempts.sitting import Sitting
from tests.factories import make_fellow
from tests.taking.pages import Fellow

STATIC = sorted((Path(lms.__file__).parent / "static").rglob("*.*"))


TOLD = {"why", "harm", "misconception", "model_answer", "covered_answer", "supports"}
"""Fields of an item or a source that only the result page may show, if any."""


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in *value*."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_in(each)


def parts_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the stages of a case; one if it says all at once."""
    return body.get("stages") or [{**body, "text": body["vignette"]}]


def items_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for part in parts_of(body) for item in part["items"]]


def told_in(value: object) -> Iterator[str]:
    """Yield what the fields in `TOLD` say, wherever they stand in *value*."""
    if isinstance(value, list):
        for each in value:
            yield from told_in(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in TOLD and each:
                yield each
            else:
                yield from told_in(each)


def secrets_of(body: dict[str, Any]) -> Iterator[str]:
    """Yield every text of a case that only the result page may show."""
    yield from (str(body[name]) for name in ("takeaway", "decision") if name in body)
    yield from told_in([body["references"], body.get("items"), body.get("stages")])
    for item in items_of(body):
        yield from item.get("accept", ())
        if item["type"] == "key_feature" and item["mode"] == "write_in":
            yield from (option["text"] for option in item["options"])
            yield from texts_in([option.get("accept", []) for option in item["options"]])
        if item["type"] == "matching":
            yield from (f"{pair['left']}: {pair['right']}" for pair in item["pairs"])
        for criterion in item.get("rubric", ()):
            yield from (level["text"] for level in criterion["levels"])
    for stage in parts_of(body)[1:]:
        shown = [part for item in stage["items"] for part in shown_of(item)]
        yield from (stage["title"], stage["text"], *texts_in(stage.get("exhibits", [])), *shown)


SHOWN = ("lead_in", "theme", "idea", "finding", "alt")


def shown_of(item: dict[str, Any]) -> Iterator[str]:
    """Yield what is shown of an item while it is answered."""
    yield from (item[name] for name in SHOWN if name in item)
    if item.get("mode") != "write_in":
        rows = ("options", "regions", "steps", "stems", "distractors")
        yield from (each["text"] for name in rows for each in item.get(name, ()))
    for pair in item.get("pairs", ()):
        yield from (pair["left"], pair["right"])
    yield from (criterion["name"] for criterion in item.get("rubric", ()))


def fragments(text: str, size: int = 4) -> set[str]:
    """Return parts of *text* that would be found whatever mark-up is put around words."""
    words = text.split()
    return {" ".join(words[n : n + size]) for n in range(0, max(1, len(words) - size + 1), size)}


def public_in(body: dict[str, Any]) -> Iterator[str]:
    """Yield what is shown of a case from the start: the whole of its first stage."""
    first = parts_of(body)[0]
    yield from (body["title"], first.get("title", ""), first["text"])
    yield from texts_in(first.get("exhibits", []))
    for item in first["items"]:
        yield from shown_of(item)


def hidden_in(bodies: list[dict[str, Any]]) -> set[str]:
    """Return fragments of all secrets that nothing shown from the start says as well."""
    public = " ".join(" ".join(text.split()) for body in bodies for text in public_in(body))
    found = {part for body in bodies for text in secrets_of(body) for part in fragments(text)}
    return {part for part in found if part not in public and len(part) > 5}


def names() -> list[str]:
    """Return the names of approaches and topics, which the pages say anyway."""
    return [each.name for each in (*blueprint().approaches, *blueprint().topics)]


def folded(*pages: str) -> str:
    """Return what *pages* say, in one line."""
    return " ".join(" ".join(html.unescape(page).split()) for page in pages)


def one_of_each_kind(cases: Sequence[StoredCase]) -> list[StoredCase]:
    """Return few of *cases* that have all types of items, and two that unfold."""
    chosen = [case for case in cases if case.unfolds][:2]
    kinds = {item.kind for case in chosen for item in case.items}
    for case in cases:
        new = {item.kind for item in case.items} - kinds
        if new:
            chosen.append(case)
            kinds |= new
    return chosen


@pytest.fixture
def sitting(app: Flask, signed_in) -> tuple[Sitting, set[str], list[str]]:
    """A running attempt at a quiz of all kinds of items, of ours and of the starter bank."""
    with app.app_context():
        with transaction():
            load_cases(None, starter_files(), now=utcnow())
        stored = db.session.scalars(
            db.select(StoredCase)
            .options(db.selectinload(StoredCase.items))
            .order_by(StoredCase.slug)
        ).all()
        with transaction():
            made = [make_case(*EVERY_KIND), store_case(unfolding())]
            cases = [*made, *one_of_each_kind(stored)]
            versions = db.select(CaseVersion).where(
                CaseVersion.id.in_([case.current_id for case in cases])
            )
            bodies = [version.body for version in db.session.scalars(versions)]
    hidden = hidden_in(bodies)
    said = folded(
        *answering_pages(Sitting(app, signed_in, feedback=Feedback.CLOSED)).values(),
        *texts_in(names()),
    )
    sitting = Sitting(app, signed_in, cases=cases, feedback=Feedback.CLOSED)
    tags = [str(body[name]) for body in bodies for name in ("slug", "topic")]
    tags = [tag for tag in tags if "-" in tag and not tag.startswith("case-")]
    return sitting, {part for part in hidden if part not in said}, tags


PACKETS: tuple[dict[str, list[str]], ...] = (
    {"answer": ["0"]},
    {"answer": ["99"]},
    {"answer": ["x"], "unit": ["x"], "confidence": ["sure"], "flag": ["1"]},
    {"row.0": ["0"], "rank.0": ["1"], "entry.0": ["x"]},
    {"row.0": ["99"], "rank.0": ["99"], "entry.0": ["x" * 999]},
)


def answering_pages(sitting: Sitting) -> dict[str, str]:
    """Return everything that the server says from the start to after the grading."""
    fellow, url = sitting.fellow, sitting.url
    urls = ["/home", f"/assignments/{sitting.assignment_id}/begin", url, f"{url}/status"]
    numbers = range(1, fellow.get(url).text.count("<h2 class=") + 1)
    pages = [*urls, *(f"{url}/cases/{number}" for number in numbers)]
    said = {each: fellow.get(each).text for each in pages}
    for position in range(1, 30):
        for seq, controls in enumerate(PACKETS):
            item = f"{url}/items/{position}"
            said[f"{position} {seq}"] = fellow.send(item, tab="a", seq=seq, controls=controls).text
    for number in numbers:
        said[f"{number} again"] = fellow.get(f"{url}/cases/{number}").text
        form = {f"{name}-{n}": "99" for n in range(1, 60) for name in ("answer", "row.0", "rank.0")}
        for go in ("next", "lock-1", "lock-13"):
            page = fellow.post(f"{url}/cases/{number}", go=go, **form)
            said[f"{number} {go}"] = page.text
    fellow.post(f"{url}/submit")
    said["waiting"] = fellow.get(f"{url}/result").text
    said["late"] = fellow.send(f"{url}/items/1", tab="a", seq=99, controls={"answer": ["0"]}).text
    sitting.grade()
    said["graded"] = fellow.get(f"{url}/result").text
    said["home after"] = fellow.get("/home").text
    said["progress"] = fellow.get("/progress").text
    return said


def test_no_key_and_no_reason_is_in_anything_said_before_the_release(sitting) -> None:
    sat, hidden, _ = sitting

    said = answering_pages(sat)

    assert len(hidden) > 1000
    assert len(said) > 150
    assert {SECOND, "zanzibar"} <= {word for part in hidden for word in part.split()}
    assert "Answers and reasons follow" in said["graded"]
    together = folded(*said.values())
    assert "panelists" not in together
    leaks = {part for part in hidden if part in together}
    assert {where: part for part in leaks for where in said if part in folded(said[where])} == {}


def test_the_reasons_do_appear_once_released(app, signed_in) -> None:
    sat = Sitting(app, signed_in)
    sat.fellow.post(f"{sat.url}/submit")
    sat.grade()

    text = html.unescape(sat.fellow.get(f"{sat.url}/result").text)

    assert text.count("zanzibar") > 10


def test_what_authors_plan_by_is_on_no_page_of_a_fellow_not_even_once_released(
    app, signed_in
) -> None:
    sat = Sitting(app, signed_in)

    said = answering_pages(sat)

    assert "zanzibar" in said["graded"]
    assert {where for where, text in said.items() if PLANNED in text} == set()


def test_no_static_file_carries_a_case(app) -> None:
    with app.app_context(), transaction():
        load_cases(None, starter_files(), now=utcnow())
        bodies = [
            case.current.body
            for case in db.session.scalars(
                db.select(StoredCase).options(db.joinedload(StoredCase.current))
            )
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

    for number in range(1, 9):
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
