"""What is told: complete, about nobody, and giving no answer away."""

import pytest

from tests.question_bank.lint.drafts import (
    VIGNETTE,
    WHY,
    broken,
    case,
    concordance,
    in_stages,
    number,
    places,
    single,
)


@pytest.mark.parametrize(
    "vignette",
    [
        pytest.param("A 58-year-old teacher comes to the clinic.", id="too short"),
        pytest.param(f"{VIGNETTE} " * 4, id="too long"),
        pytest.param(VIGNETTE.replace("58-year-old ", ""), id="no age"),
        pytest.param(
            VIGNETTE.replace("comes to the clinic", "has a bad leg and a good heart"),
            id="no setting",
        ),
        pytest.param(VIGNETTE.replace("For 6 weeks she", "She"), id="no duration"),
    ],
)
def test_l19_an_incomplete_vignette_is_found(vignette: str) -> None:
    assert set(places(case(vignette=vignette), "L19")) == {"vignette"}


def test_l19_a_vignette_without_a_finding_is_found() -> None:
    told = "A 58-year-old teacher comes to the clinic. For some weeks she has had pain. " + (
        "She would like to walk to the market with a friend and wonders how that can be done. " * 2
    )

    assert places(case(vignette=told), "L19") == ["vignette"]


@pytest.mark.parametrize(
    "vignette",
    [
        pytest.param(VIGNETTE.replace("A 58-year-old", "In her nineties, a"), id="in her nineties"),
        pytest.param(VIGNETTE.replace("comes to the clinic", "is seen on the ward"), id="ward"),
        pytest.param(VIGNETTE.replace("For 6 weeks", "Since a fall"), id="since a fall"),
        pytest.param(f"{VIGNETTE}\n\n" + "| Test | Result |\n" * 200, id="a long table"),
    ],
)
def test_l19_other_ways_to_say_it_are_fair(vignette: str) -> None:
    assert "L19" not in broken(case(vignette=vignette))


def test_l19_only_the_first_stage_has_to_be_complete() -> None:
    first = {"title": "Presentation", "text": VIGNETTE, "items": [single()]}
    later = {"title": "Course", "text": "It is better.", "items": [single(key="then")]}

    assert "L19" not in broken(in_stages(first, later))
    assert "stages[0].text" in places(in_stages(first | {"text": "Pain."}, later), "L19")


def test_l19_long_lead_ins_and_options_are_found() -> None:
    item = single("Graded walking", "Rest " * 26, "Lift", lead_in=f"Which step {'of care ' * 20}?")

    assert places(case(item), "L19") == ["items[0].lead_in", "items[0].options[1].text"]


@pytest.mark.parametrize(
    "text",
    [
        "Seen on March 3 for pain.",
        "Seen on 3/12/2024 for pain.",
        "Seen on 2024-03-12 for pain.",
        "Referred by Dr. Smith for pain.",
        "Call 555-123-4567 for help.",
        "Write to a.b@example.org for help.",
        "Lives at 12 Oak Street with a cat.",
        "Record 4711474 tells of it.",
        "A 93-year-old man has pain.",
        "Seen at Mercy Hospital for pain.",
    ],
)
def test_l20_what_identifies_a_person_is_found(text: str) -> None:
    assert places(case(takeaway=text), "L20") == ["takeaway"]


@pytest.mark.parametrize(
    "text",
    [
        "A 60-year-old man has pain, 5/5 power and 148/92 mmHg.",
        "The guideline of 2022 raised it in 10 of 12 trials.",
        "The 988 line is there day and night.",
        "A person in their nineties has pain.",
        "The Hospital Anxiety and Depression Scale is 12.",
        "At the Pain Clinic she may 10 % of the time rest.",
        "Platelets are 140,000 and the dose is 1,200,000 units.",
    ],
)
def test_l20_numbers_and_names_of_things_are_fair(text: str) -> None:
    assert "L20" not in broken(case(takeaway=text))


@pytest.mark.parametrize(
    "text", ["A Black man has pain.", "A Hispanic teacher rests.", "People of Asian ancestry."]
)
def test_l24_race_is_found(text: str) -> None:
    assert places(case(takeaway=text), "L24") == ["takeaway"]


@pytest.mark.parametrize(
    "text",
    ["A black flag is a barrier.", "White matter is spared.", "She speaks Spanish."],
)
def test_l24_colors_and_languages_are_fair(text: str) -> None:
    assert "L24" not in broken(case(takeaway=text))


def test_l28_a_stem_that_gives_away_another_key_is_found() -> None:
    giving = single(key="then", lead_in="Which drug belongs beside the splinting of the foot?")
    asking = single("Splinting", "Walking", "Lifting")

    assert places(case(asking, giving), "L28") == ["items[1].lead_in"]
    assert places(case(giving, asking), "L28") == ["items[0].lead_in"]


def test_l28_a_number_that_is_asked_for_elsewhere_is_found() -> None:
    later = single(key="then", lead_in="Which drug replaces the 120 mg of morphine best?")

    assert places(case(number("120"), later), "L28") == ["items[1].lead_in"]
    assert "L28" not in broken(case(number("140"), later))


def test_l28_a_later_stage_may_tell_what_was_asked() -> None:
    first = {"text": VIGNETTE, "items": [single("Splinting", "Walking", "Lifting")]}
    asked = single(key="then", lead_in="Which drug belongs beside the splinting of the foot?")

    assert "L28" not in broken(in_stages(first, {"text": "She is better.", "items": [asked]}))


def test_l28_words_of_the_vignette_or_of_a_distractor_give_nothing_away() -> None:
    later = concordance(idea="A visit to the market with a splint today")

    assert "L28" not in broken(case(single("Market visits", "Splints at night", "Heat"), later))


def test_reasons_are_long_enough_to_be_used_here() -> None:
    assert len(WHY.split()) >= 12
