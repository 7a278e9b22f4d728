"""What a panel is shown, and what its answers say about an item."""

import pytest

from question_bank.case import InvalidCase, case_to_json, content_hash, parse_case
from question_bank.panels import asked, keep_panels, shown_to_panel, spread, wanting, with_panels
from tests.attempts.factories import SECRET, case_body, choice_item
from tests.panels.factories import panel_item

COUNTS = (1, 2, 4, 2, 1)


def case_of(*items, **changes):
    return parse_case(case_body(*(items or (choice_item(), panel_item())), slug="x") | changes)


def staged(*parts):
    body = case_body(choice_item(), slug="x")
    del body["vignette"], body["items"]
    stages = [
        {"title": f"Part {n}", "text": f"Text {n}.", "items": list(items)}
        for n, items in enumerate(parts, 1)
    ]
    return parse_case(body | {"stages": stages})


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        pytest.param((0, 10, 0, 0, 0), "unanimous", id="all the same"),
        pytest.param((5, 0, 0, 0, 5), "two peaks", id="the two ends"),
        pytest.param((1, 4, 1, 3, 1), "two peaks", id="a dip between two points"),
        pytest.param((2, 2, 2, 2, 2), "flat", id="evenly spread"),
        pytest.param((3, 3, 3, 1, 0), "flat", id="no answer has a third"),
        pytest.param((1, 2, 4, 2, 1), None, id="moderate disagreement"),
        pytest.param((0, 1, 9, 0, 0), None, id="nearly all the same"),
        pytest.param((0, 5, 5, 0, 0), None, id="two neighbours are one peak"),
        pytest.param((0, 0, 0, 0, 0), None, id="nobody"),
    ],
)
def test_unanimous_flat_and_bimodal_answers_are_told(counts, said) -> None:
    assert spread(counts) == said


def test_a_panel_is_shown_the_case_and_its_own_items_only() -> None:
    (part,) = shown_to_panel(case_of())

    assert [question.key for question in part.questions] == ["platelets"]
    assert part.questions[0].points[0] == ("−2", "Contraindicated")
    assert part.questions[0].points[2] == ("0", "Neither more nor less appropriate")
    assert SECRET not in str(shown_to_panel(case_of()))


def test_what_comes_after_the_last_item_for_the_panel_is_not_shown() -> None:
    case = staged([choice_item()], [panel_item(), panel_item("b")], [choice_item("later")])

    shown = shown_to_panel(case)

    assert [part.title for part in shown] == ["Part 1", "Part 2"]
    assert [q.position for part in shown for q in part.questions] == [1, 2]


def test_a_case_without_such_items_has_nothing_for_a_panel() -> None:
    assert shown_to_panel(case_of(choice_item())) == ()


@pytest.mark.parametrize("case", [case_of(), staged([choice_item()], [panel_item()])])
def test_panels_are_put_on_items_and_nothing_else_changes(case) -> None:
    keyed = with_panels(case, {"platelets": COUNTS})

    assert [item.panel.counts for item in asked(keyed)] == [COUNTS]
    assert [item.use for item in asked(keyed)] == ["formative"]
    assert wanting(keyed) == ()
    assert shown_to_panel(keyed) == shown_to_panel(case)
    assert len(case_to_json(keyed)) == len(case_to_json(case))
    assert content_hash(keyed) != content_hash(case)


@pytest.mark.parametrize("counts", [(1, 2, 3, 3, 0), (10, 0, 0, 0), (-1, 11, 0, 0, 0)])
def test_what_is_no_panel_is_refused(counts) -> None:
    with pytest.raises(InvalidCase):
        with_panels(case_of(), {"platelets": counts})


def test_a_panel_stays_where_the_case_shows_the_same() -> None:
    before = with_panels(case_of(), {"platelets": COUNTS})

    kept = keep_panels(case_of(takeaway="Another word."), before)

    assert [item.panel.counts for item in asked(kept)] == [COUNTS]
    assert kept.takeaway == "Another word."


@pytest.mark.parametrize(
    "changed",
    [
        case_of(vignette="Another patient."),
        case_of(title="Another title"),
        case_of(choice_item(), panel_item(finding="Platelets are 171,000/mcL")),
        case_of(choice_item(), panel_item(scale="diagnosis")),
        case_of(choice_item(), panel_item(), panel_item("another")),
    ],
)
def test_a_panel_goes_where_the_case_shows_something_else(changed) -> None:
    before = with_panels(case_of(), {"platelets": COUNTS})

    assert keep_panels(changed, before) == changed


def test_a_panel_that_the_author_gives_stays_as_it_is_written() -> None:
    before = with_panels(case_of(), {"platelets": COUNTS})
    own = case_of(choice_item(), panel_item(panel={"counts": [0, 0, 0, 4, 8]}))

    assert keep_panels(own, before) == own


def test_a_panel_comes_to_an_older_case_whose_harm_is_in_words() -> None:
    item = choice_item()
    item["options"][0]["harm"] = "A wound that no list names"
    before = parse_case(case_body(item, panel_item() | {"panel": "wanted"}, slug="x"))

    after = with_panels(before, {"after-the-scan": [0, 1, 3, 6, 0]})

    assert after.questions[0] == before.questions[0]
    assert parse_case(case_to_json(after)) == after
