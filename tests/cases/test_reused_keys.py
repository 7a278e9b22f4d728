"""A key is never given to another question."""

from typing import Any

import pytest
from sqlalchemy import func, select

from lms.cases import services
from lms.cases.gate import Unpublishable
from lms.cases.models import CaseVersion, Item, ItemEdition
from lms.cases.versions import add_version
from lms.core.db import db, transaction
from question_bank.case import Case as CaseBody
from question_bank.case import parse_case
from tests.attempts.factories import case_body, choice_item, number_item
from tests.cases.test_editions import other_key
from tests.cases.texts import case_file, load, publisher, revise_case, stored
from tests.factories import NOW

pytestmark = pytest.mark.usefixtures("in_app")

RETIRED = (
    "the key “next-dose” was that of another question, retired since: "
    "give this one a key of its own"
)
OTHER_TYPE = (
    "the key “next-dose” is that of a question of another type: give this one a key of its own"
)


def bring(*items: dict[str, Any], slug: str = "ward") -> services.LoadReport:
    """Load a case with *items*, and publish what is proposed by that."""
    with transaction():
        report = services.load_cases(publisher(), [case_file(slug, *items)], now=NOW)
        for proposed in report.proposed:
            services.publish_newest(publisher(), proposed, now=NOW)
    return report


def versions() -> int:
    return db.session.scalar(select(func.count()).select_from(CaseVersion)) or 0


def state_of(key: str) -> tuple[str, bool, list[int]]:
    """Return an item's type, whether it is asked, and its editions so far."""
    db.session.expire_all()
    item = db.session.scalars(select(Item).where(Item.key == key)).one()
    editions = select(ItemEdition.edition).where(ItemEdition.item_id == item.id).distinct()
    return item.kind, item.retired_at is None, sorted(db.session.scalars(editions))


def renamed(item: dict[str, Any], lead_in: str) -> dict[str, Any]:
    return item | {"lead_in": lead_in}


@pytest.fixture
def retired(in_app) -> None:
    """A case that asked “next-dose” and does not any more."""
    load(case_file("ward", choice_item("kept"), choice_item("next-dose")))
    load(case_file("ward", choice_item("kept")))


@pytest.mark.usefixtures("retired")
@pytest.mark.parametrize(
    "other",
    [
        pytest.param(renamed(choice_item("next-dose"), "What else?"), id="of the same type"),
        pytest.param(number_item("next-dose"), id="of another type"),
        pytest.param(other_key("next-dose"), id="with another answer"),
    ],
)
def test_the_key_of_a_retired_item_comes_back_with_no_other_question(other) -> None:
    before = versions()
    report = bring(choice_item("kept"), other)

    (problem,) = report.problems
    assert problem.startswith("ward.yaml:1: items[1].key: ")
    assert problem.endswith(RETIRED)
    assert (report.changed, report.proposed, versions()) == ([], [], before)
    assert state_of("next-dose") == ("single_best_answer", False, [1])


@pytest.mark.usefixtures("retired")
def test_a_retired_item_comes_back_as_it_was() -> None:
    report = bring(choice_item("kept"), choice_item("next-dose", points=2))

    assert (report.problems, report.proposed) == ([], ["ward"])
    assert state_of("next-dose") == ("single_best_answer", True, [1])


def test_it_comes_back_with_any_of_its_editions() -> None:
    for items in ([choice_item("next-dose")], [other_key("next-dose")], [choice_item("kept")]):
        load(case_file("ward", *items))

    assert bring(choice_item("next-dose")).problems == []
    assert state_of("next-dose") == ("single_best_answer", True, [1, 2])


def test_a_question_does_not_become_one_of_another_type_under_its_key() -> None:
    load(case_file("ward", choice_item("kept"), choice_item("next-dose")))

    report = bring(choice_item("kept"), number_item("next-dose"))

    assert report.problems == [f"ward.yaml:1: items[1].key: {OTHER_TYPE}"]
    assert state_of("next-dose") == ("single_best_answer", True, [1])


def test_a_revised_lead_in_or_other_options_are_the_next_edition() -> None:
    load(case_file("ward", choice_item("next-dose")))

    reports = [
        bring(renamed(choice_item("next-dose"), "What else?")),
        bring(other_key("next-dose")),
    ]

    assert [each.problems for each in reports] == [[], []]
    assert state_of("next-dose") == ("single_best_answer", True, [1, 2, 3])


def test_the_same_key_in_another_case_is_another_item() -> None:
    load(case_file("ward", choice_item("next-dose")))

    assert bring(number_item("next-dose"), slug="other").problems == []


def test_the_other_files_of_the_load_come_in() -> None:
    load(case_file("ward", choice_item("next-dose")))
    files = [case_file("ward", number_item("next-dose")), case_file("sound")]

    with transaction():
        report = services.load_cases(publisher(), files, now=NOW)

    assert (len(report.problems), report.new) == (1, ["sound"])


def test_no_revision_gives_a_key_to_another_question() -> None:
    load(case_file("ward", choice_item("kept"), choice_item("next-dose")))
    case = stored("ward")
    without = parse_case(case_body(choice_item("kept"), slug="ward"))
    other = parse_case(case_body(choice_item("kept"), number_item("next-dose"), slug="ward"))

    def revise(body: CaseBody, of: int | None) -> CaseVersion:
        with transaction():
            return revise_case(publisher(), case.id, body, of=of, note="", now=NOW)

    with pytest.raises(Unpublishable, match=OTHER_TYPE):
        revise(other, case.current_id)
    then = revise(without, case.current_id)
    with pytest.raises(Unpublishable, match=RETIRED):
        revise(other, then.id)
    assert state_of("next-dose") == ("single_best_answer", False, [1])


def test_a_proposal_is_not_published_when_its_item_was_retired_since() -> None:
    load(case_file("ward", choice_item("kept"), choice_item("next-dose")))
    revised = parse_case(
        case_body(choice_item("kept"), renamed(choice_item("next-dose"), "What else?"), slug="ward")
    )
    load(case_file("ward", choice_item("kept")))
    with transaction():
        add_version(stored("ward"), revised, author=None, note="", of=None, now=NOW)

    with pytest.raises(Unpublishable, match=RETIRED), transaction():
        services.publish_newest(publisher(), "ward", now=NOW)
    assert state_of("next-dose") == ("single_best_answer", False, [1])
