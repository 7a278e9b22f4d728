"""Lead-ins ask one clear thing, and no wording tells the key."""

import pytest

from tests.question_bank.lint.drafts import (
    broken,
    case,
    essay,
    menu,
    places,
    several,
    single,
    unparsed,
)

ASK = "Which of the following is the most appropriate next step?"


@pytest.mark.parametrize(
    ("rule", "lead_in"),
    [
        ("L03", "Which of these is not appropriate for her?"),
        ("L03", "All of these are useful except which one?"),
        ("L03", "Which of these is the least useful step?"),
        ("L04", "Is a scan of her back useful?"),
        ("L04", "The most appropriate next step is?"),
        ("L04", "What is the cause and how is it treated?"),
        ("L05", "Which of the following statements is true?"),
        ("L05", "Which of the following is correct?"),
        ("L05", "Regarding her gait, which finding is expected?"),
        ("L05", "Which one is best?"),
        ("L11", "The finding on which side is an?"),
        ("L29", "Which step would you take next today?"),
        ("L29", "What is your next step in her care?"),
        ("L29", "What do you do next in her care?"),
    ],
)
def test_a_flawed_lead_in_is_found(rule: str, lead_in: str) -> None:
    assert places(case(single(lead_in=lead_in)), rule) == ["items[0].lead_in"]


@pytest.mark.parametrize(
    ("rule", "lead_in"),
    [
        ("L03", "Which drug fits a person who has not yet responded to the first?"),
        ("L03", "Which step is best for a person who did not tolerate gabapentin?"),
        ("L03", "Which dose relieves at least half of the pain?"),
        ("L03", "Which value is the false-positive rate of the block?"),
        ("L03", "Which step respects a do-not-resuscitate order best?"),
        ("L04", "A cousin urges a scan. Which reply fits the guideline best?"),
        ("L04", "By how many percent has her score fallen?"),
        ("L04", "When sleep is restricted, how many hours in bed are prescribed?"),
        ("L05", "Which sentence prepares him best for the injection?"),
        ("L05", "Which summary of the 2002 trial is correct?"),
        ("L29", "What do you tell her before she consents?"),
        ("L29", "Which answer fits “How are you today?” best".replace("?”", "”") + "?"),
    ],
)
def test_a_lead_in_that_only_resembles_a_flaw_is_fair(rule: str, lead_in: str) -> None:
    assert rule not in broken(case(single(lead_in=lead_in)))


def test_l04_a_vignette_that_ends_with_a_question_is_found() -> None:
    told = case().vignette or ""

    assert places(case(vignette=f"{told} What is next?"), "L04") == ["vignette"]
    assert places(case(vignette=f"{told} She asks, “What is next?”"), "L04") == []


@pytest.mark.parametrize("build", [essay, lambda **more: menu(*"abcdef", **more)])
def test_l04_items_with_several_answers_may_have_two_halves(build) -> None:
    lead_in = "How is the result explained, and which step is proposed?"

    assert "L04" not in broken(case(build(lead_in=lead_in)))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        pytest.param("Amputation", True, id="another answer"),
        pytest.param("A program in which she walks", False, id="the same word in another form"),
        pytest.param("walking", False, id="the same word"),
    ],
)
def test_l06_the_covered_answer_shares_a_word_with_the_key(answer: str, found: bool) -> None:
    assert ("L06" in broken(case(single(covered_answer=answer)))) == found


def test_l06_an_empty_covered_answer_is_found() -> None:
    assert places(unparsed(covered_answer=" "), "L06") == ["items[0].covered_answer"]


@pytest.mark.parametrize("text", ["Never walk again", "Only rest", "Walk in every weather"])
def test_l09_an_absolute_is_found(text: str) -> None:
    assert places(case(single("Graded walking", text, "Lift")), "L09") == [
        "items[0].options[1].text"
    ]


@pytest.mark.parametrize(
    "text",
    ["Splints on all four limbs", "Walk every morning", "None", "Not only rest", "Overall rest"],
)
def test_l09_absolutes_that_count_something_are_fair(text: str) -> None:
    assert "L09" not in broken(case(single("Graded walking", text, "Lift")))


def test_l10_a_vague_frequency_is_noted_in_options_and_nowhere_else() -> None:
    vignette = f"{case().vignette} She often rests."

    assert places(case(single("Graded walking", "Often rest", "Lift")), "L10") == [
        "items[0].options[1].text"
    ]
    assert "L10" not in broken(case(vignette=vignette))


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            several("Walk", "Lift", "Rest", lead_in="Which three of these help her most?"),
            id="more asked for than there are",
        ),
        pytest.param(single("Graded walking.", "Splint", "Lift"), id="one period"),
        pytest.param(single("Graded walking", "splint", "Lift"), id="one small letter"),
        pytest.param(
            single("Starting ibuprofen", "Raise the dose", "Stop the drug"), id="one gerund"
        ),
    ],
)
def test_l11_a_cue_from_grammar_is_found(item) -> None:
    assert "L11" in broken(case(item))


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(several("Walk", "Lift", "Rest"), id="as many as there are"),
        pytest.param(single("Graded walking", "pH of the urine", "Lift"), id="pH"),
        pytest.param(
            single("Walking by plan", "Longer rest", "Fewer visits"), id="a gerund as a noun"
        ),
        pytest.param(
            menu(*"abcdef", lead_in="Which one test and which one visit are planned?"),
            id="one and one are two",
        ),
    ],
)
def test_l11_one_form_is_fair(item) -> None:
    assert "L11" not in broken(case(item))


def test_l12_a_word_of_the_stem_in_the_key_alone_is_found() -> None:
    assert "L12" in broken(case(single("A market visit", "Night splint", "Nerve study")))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(("A market visit", "A market stall", "Nerve study"), id="in a distractor too"),
        pytest.param(
            ("A market visit", "More acetaminophen", "Nerve study"), id="others echo as well"
        ),
        pytest.param(("Calf raises", "Night splint", "Nerve study"), id="a short word"),
    ],
)
def test_l12_words_that_do_not_single_out_the_key_are_fair(texts: tuple[str, ...]) -> None:
    assert "L12" not in broken(case(single(*texts)))


def test_l12_the_class_of_drugs_that_is_asked_for_is_no_clue() -> None:
    item = single("An opioid", "A splint", "A scan", lead_in="Which opioid or aid fits her best?")

    assert "L12" not in broken(case(item))


def test_l12_the_words_of_a_picture_are_no_stem() -> None:
    picture = {"key": "map", "title": "A map", "image": "a.svg", "alt": "The harbor is shaded."}

    one = case(single("Harbor walks", "Night splint", "Nerve study"), exhibits=[picture])

    assert "L12" not in broken(one)
