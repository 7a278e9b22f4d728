"""The player in a real browser, with every type of item."""

import re

import pytest
from playwright.sync_api import Page, expect

from lms.attempts.models import Confidence
from tests.attempts.factories import case_body
from tests.attempts.kind_answers import ANSWERS
from tests.attempts.kinds import EVERY_KIND, POSITION
from tests.attempts.sitting import Sitting, sitting_at
from tests.services import wait_for
from tests.taking.player import (
    choose,
    close_unsent,
    enter,
    kept_locally,
    leave,
    open_case,
    saved,
    tab_to,
)

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


NERVE, DRUGS, ORDER = (
    POSITION[key] for key in ("which-nerve", "drug-and-target", "in-which-order")
)


SCAN, MENU, TESTS = (POSITION[key] for key in ("after-the-scan", "first-orders", "write-the-tests"))


SPOT, ESSAY = POSITION["where-to-inject"], POSITION["tell-the-patient"]


@pytest.fixture
def sitting(app, signed_in) -> Sitting:
    return sitting_at(app, signed_in, case_body(*EVERY_KIND, slug="every-kind"), seed=5)


def control(page: Page, name: str, position: int):
    return page.locator(f'[name="{name}-{position}"]')


def answered(page: Page, position: int) -> None:
    expect(page.locator(f'[data-chip="{position}"]')).to_have_class(re.compile("answered"))


@pytest.mark.parametrize("answered_before", [False, True])
def test_a_page_that_is_only_opened_saves_nothing(page, sitting, answered_before) -> None:
    for key, (controls_of, *_) in ANSWERS.items() if answered_before else ():
        controls = controls_of(lambda at, key=key: str(sitting.place(POSITION[key], at)))
        address = f"{sitting.url}/items/{POSITION[key]}"
        assert sitting.fellow.send(address, tab="b", seq=1, controls=controls).status_code == 200
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))

    page.reload()
    page.wait_for_load_state("networkidle")

    assert "POST" not in sent
    assert len(sent) > 5


@pytest.mark.parametrize(
    ("position", "wanted"),
    [
        pytest.param(NERVE, {"picks": [None, 1]}, id="extended matching"),
        pytest.param(DRUGS, {"picks": [None, 1, None]}, id="matching"),
    ],
)
def test_a_row_is_saved_as_soon_as_it_is_chosen(page, sitting, position, wanted) -> None:
    place = str(sitting.place(position, authored=1))

    control(page, "row.1", position).select_option(place)

    saved(page)
    answered(page, position)
    assert sitting.answer(position) == wanted
    page.reload()
    expect(control(page, "row.1", position)).to_have_value(place)
    expect(control(page, "row.0", position)).to_have_value("")


def test_steps_are_saved_as_they_get_their_places(page, sitting) -> None:
    for step, rank in enumerate("2143"):
        place = sitting.place(ORDER, authored=step)
        control(page, f"rank.{place}", ORDER).select_option(rank)

    wanted = {"ranks": [[0, "2"], [1, "1"], [2, "4"], [3, "3"]]}
    wait_for(lambda: sitting.answer(ORDER) == wanted, "all four steps")
    saved(page)
    answered(page, ORDER)


def test_what_is_written_in_is_saved_after_a_pause_line_by_line(page, sitting) -> None:
    control(page, "entry.1", TESTS).press_sequentially("mg level", delay=20)

    saved(page)
    assert sitting.answer(TESTS) == {"entries": ["", "mg level"]}
    assert len(sitting.events()) == 1
    page.reload()
    expect(control(page, "entry.1", TESTS)).to_have_value("mg level")


def test_an_essay_is_saved_while_it_is_typed_and_keeps_its_lines(page, sitting) -> None:
    area = control(page, "answer", ESSAY)
    area.press_sequentially("First I listen.", delay=5)
    saved(page)
    area.press("Enter")
    area.press_sequentially("Then I explain.", delay=5)

    text = "First I listen.\nThen I explain."
    wait_for(lambda: sitting.answer(ESSAY) == {"text": text}, "the second line")
    page.reload()
    expect(area).to_have_value(text)
    page.get_by_role("button", name="Save and continue").last.click()
    page.wait_for_url(re.compile(r"/attempts/\d+(#top)?$"))
    assert sitting.row(ESSAY).revision == 2


def test_an_essay_far_over_its_limit_is_said_at_the_field_and_not_lost(page, sitting) -> None:
    area = control(page, "answer", ESSAY)
    area.fill("word " * 400)
    area.blur()

    expect(page.locator(f"#item-{ESSAY}-error")).to_contain_text("about 60 words")
    expect(area).to_have_attribute("aria-invalid", "true")
    expect(area).to_have_value("word " * 400)


def test_a_place_is_chosen_on_the_picture_and_by_the_list_with_the_same_result(
    page, sitting
) -> None:
    areas = page.locator(f'[data-chooses^="answer-{SPOT}-"]')

    areas.nth(2).locator("polygon").last.click(position={"x": 8, "y": 8})

    saved(page)
    expect(page.locator(f"#answer-{SPOT}-2")).to_be_checked()
    expect(areas.nth(2)).to_have_class(re.compile("chosen"))
    assert sitting.answer(SPOT) == {"chosen": 2}
    choose(page, SPOT, 0)
    expect(areas.nth(0)).to_have_class(re.compile("chosen"))
    expect(areas.nth(2)).not_to_have_class(re.compile("chosen"))
    wait_for(lambda: sitting.answer(SPOT) == {"chosen": 0}, "the place from the list")
    page.reload()
    expect(areas.nth(0)).to_have_class(re.compile("chosen"))


def test_menu_and_scale_are_saved_as_they_are_clicked(page, sitting) -> None:
    places = [sitting.place(MENU, authored) for authored in (0, 1)]
    for place in places:
        choose(page, MENU, place)
    choose(page, SCAN, 3)

    wait_for(lambda: sitting.answer(MENU) == {"chosen": [0, 1]}, "both orders")
    wait_for(lambda: sitting.answer(SCAN) == {"chosen": 3}, "the scale")
    saved(page)


def test_how_sure_one_is_is_saved_and_is_no_answer(page, sitting) -> None:
    page.locator(f'label[for="confidence-{NERVE}-leaning"]').click()

    saved(page)
    assert sitting.row(NERVE).confidence is Confidence.LEANING
    assert sitting.answer(NERVE) is None
    chip = page.locator(f'[data-chip="{NERVE}"]')
    expect(chip).not_to_have_class(re.compile("answered"))
    page.reload()
    expect(page.locator(f"#confidence-{NERVE}-leaning")).to_be_checked()


def test_without_a_connection_rows_and_lines_are_kept_and_shown_by_the_next_page(
    page, context, served, sitting, troubles
) -> None:
    context.set_offline(True)
    control(page, "row.0", NERVE).select_option("4")
    control(page, "answer", ESSAY).fill("Kept here.")
    page.locator(f'[data-chooses="answer-{SPOT}-1"] polygon').last.click(position={"x": 8, "y": 8})
    expect(page.locator("[data-save]")).to_have_attribute("data-state", "failed")
    wait_for(lambda: len(kept_locally(page)) == 3, "three packets on the device")
    close_unsent(page)
    context.set_offline(False)

    again = open_case(context, served, sitting, troubles)

    expect(control(again, "row.0", NERVE)).to_have_value("4")
    expect(control(again, "answer", ESSAY)).to_have_value("Kept here.")
    expect(again.locator(f'[data-chooses="answer-{SPOT}-1"]')).to_have_class(re.compile("chosen"))
    saved(again)
    assert sitting.answer(NERVE) == {"picks": [4, None]}
    assert sitting.answer(ESSAY) == {"text": "Kept here."}
    assert sitting.answer(SPOT) == {"chosen": 1}
    assert kept_locally(again) == []


def test_rows_steps_places_and_chips_are_reached_by_the_keyboard(page, sitting) -> None:
    tab_to(page, f'[name="row.0-{NERVE}"]')
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    tab_to(page, f"#confidence-{NERVE}-sure")
    page.keyboard.press("ArrowRight")
    tab_to(page, f"#answer-{SPOT}-0")
    page.keyboard.press("c")

    wait_for(lambda: sitting.answer(SPOT) == {"chosen": 2}, "the place")
    wait_for(lambda: sitting.answer(NERVE) == {"picks": [1, None]}, "the row")
    assert sitting.row(NERVE).confidence is Confidence.LEANING
    chosen = page.locator(f'[data-chooses="answer-{SPOT}-2"]')
    expect(chosen).to_have_class(re.compile("chosen"))


def test_every_type_is_answered_without_a_script(browser, served, sitting) -> None:
    context = enter(browser, served, sitting, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served}{sitting.url}/cases/1")

    control(page, "row.1", NERVE).select_option("3")
    control(page, "row.0", DRUGS).select_option(str(sitting.place(DRUGS, 0)))
    control(page, f"rank.{sitting.place(ORDER, 0)}", ORDER).select_option("1")
    choose(page, SCAN, 4)
    choose(page, MENU, sitting.place(MENU, 0))
    control(page, "entry.0", TESTS).fill("magnesium")
    choose(page, SPOT, 1)
    control(page, "answer", ESSAY).fill("One line.\nAnother.")
    page.locator(f'label[for="confidence-{SPOT}-guessing"]').click()
    page.get_by_role("button", name="Save and continue").last.click()

    expect(page.get_by_text("8 of 12 answered.")).to_be_visible()
    kept = [sitting.answer(position) for position in range(NERVE, ESSAY + 1)]
    assert kept == [
        {"picks": [None, 3]},
        {"picks": [0, None, None]},
        {"ranks": [[0, "1"]]},
        {"chosen": 4},
        {"chosen": [0]},
        {"entries": ["magnesium"]},
        {"chosen": 1},
        {"text": "One line.\nAnother."},
    ]
    assert sitting.row(SPOT).confidence is Confidence.GUESSING
    leave(context)


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_nothing_runs_over_the_edge(page, served, sitting, width) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sitting.fellow.post(f"{sitting.url}/submit")
    sitting.grade()
    page.goto(f"{served}{sitting.url}/result")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
