"""What fellows are told of a rubric while they write."""

import pytest

from tests.question_bank.lint.drafts import case, essay, places, shipped, single

RULE = "L35"
AT = "items[0].rubric[0].name"
LEVELS = [{"points": 0, "text": "Not said"}, {"points": 1, "text": "Said"}]


def named(name: str, text: str | None = None):
    """Return an essay whose first criterion has this name."""
    first = {"name": name, "levels": LEVELS} | ({} if text is None else {"text": text})
    return essay(
        rubric=[first, {"name": "Next step", "levels": LEVELS}],
        model_answer="Breastfeeding is encouraged, and buprenorphine goes on. Babies are watched.",
    )


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Encouraged breastfeeding", id="as the model answer has it"),
        pytest.param("Buprenorphine goes on", id="a sentence"),
        pytest.param("Says that the pain is real", id="what a good answer does"),
        pytest.param("No sedatives", id="what is not to be"),
    ],
)
def test_l35_a_name_that_tells_how_to_answer_is_found(name: str) -> None:
    assert places(case(named(name)), RULE) == [AT]


@pytest.mark.parametrize(
    "name",
    ["Her own treatment", "What the relative said of her milk", "Duties", "How it is decided"],
)
def test_l35_a_name_of_what_is_looked_at_is_none(name: str) -> None:
    assert places(case(named(name)), RULE) == []


def test_l35_the_text_of_a_criterion_may_say_what_is_right() -> None:
    assert places(case(named("Her treatment", "Says that buprenorphine goes on.")), RULE) == []


def test_l35_the_key_of_another_item_is_looked_for_too() -> None:
    other = single("Graded walking", "Night splint", "Nerve study", "Heel raise")

    assert places(case(named("Graded walking"), other), RULE) == [AT]
    assert places(case(named("Grading splints"), other), RULE) == []


def test_l35_no_criterion_of_the_shipped_bank_tells_how_to_answer() -> None:
    found = {one.slug: places(one, RULE) for one in shipped()}

    assert {slug: where for slug, where in found.items() if where} == {}
