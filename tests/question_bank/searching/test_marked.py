"""What an excerpt marks in plain text, quickly, is what is read word by word in any text."""

from hypothesis import example, given
from hypothesis import strategies as st

from question_bank.searching.excerpts import excerpt_of
from question_bank.searching.places import Place
from question_bank.searching.words import read_query

LETTERS = st.text(alphabet="aAb1 .-_’é", max_size=40)


def marked(text: str, query: str) -> list[str]:
    found = excerpt_of([Place("Story", text)], read_query(query))
    return [] if found is None else [part.text for part in found.parts if part.marked]


@given(LETTERS, st.text(alphabet="ab1 .", min_size=1, max_size=8))
@example("xa a a", "a.a")
@example("a1a 1", "1")
def test_plain_text_is_marked_as_text_with_other_letters_is(text: str, query: str) -> None:
    """A letter that is none of ASCII, apart from all words, has the text read word by word."""
    plain = text.replace("é", "b").replace("’", "-")

    assert marked(plain, query) == marked(f"{plain} ñ", query)


def test_a_long_word_is_found_as_far_as_it_is_compared() -> None:
    assert marked("a" * 70, f'"{"a" * 65}"') == ["a" * 70]
    assert marked("b" + "a" * 70, "a" * 65) == []


def test_the_first_place_that_says_all_of_it_is_shown() -> None:
    places = [Place("One", "red"), Place("Two", "red and blue"), Place("Three", "blue, red, blue")]

    found = excerpt_of(places, read_query("red blue"))

    assert found is not None
    assert found.place == "Two"
