"""How figures are said."""

import re
from fractions import Fraction

import pytest

from lms.core.figures import say_figure, say_score, say_score_briefly
from question_bank.scoring import FIGURE, EarnedCredit, Score, Tally, score
from tests.source import MODULES, TEMPLATES


def test_the_least_number_of_items_is_said_as_it_is() -> None:
    few, enough = (Tally(Fraction(6), items) for items in (FIGURE - 1, FIGURE))

    assert say_figure(few) == f"6 of {FIGURE - 1}, too few for a share ({FIGURE} needed)"
    assert say_figure(enough) == f"6 of {FIGURE} (60%, 95% interval 31 to 83%)"


def scored(correct: Fraction, items: int) -> Score:
    """Return the score of *items* of one point each, with *correct* in all."""
    credit = correct / items
    return score([EarnedCredit(credit, 1, "rehabilitative", "rehab-spine")] * items)


@pytest.mark.parametrize(
    ("correct", "items", "share"),
    [
        pytest.param(Fraction(106, 3), 37, "95%", id="a hair under a half"),
        pytest.param(Fraction(997, 100), 10, "99%", id="nearly all"),
        pytest.param(Fraction(3, 100), 10, "1%", id="nearly nothing"),
        pytest.param(Fraction(10), 10, "100%", id="all"),
        pytest.param(Fraction(0), 10, "0%", id="nothing"),
    ],
)
def test_a_result_its_short_form_and_a_report_say_one_share_that_fits_the_count(
    correct: Fraction, items: int, share: str
) -> None:
    found = scored(correct, items)

    said = {
        say_score_briefly(found),
        re.findall(r"\((\d+%),", say_score(found))[0],
        re.findall(r"\((\d+%),", say_figure(Tally(correct, items)))[0],
    }
    assert said == {share}


def test_shares_are_made_into_percent_in_one_place() -> None:
    """`lms.core.figures` says a share; a template that rounds by itself would say another one."""
    own = re.compile(r"\|\s*(score_)?percent\b|\bimport\b.*\b(score_)?percent\b")
    others = [path for path in (*TEMPLATES, *MODULES) if path.name != "figures.py"]

    assert [path.name for path in others if own.search(path.read_text(encoding="utf-8"))] == []


def test_a_count_with_a_part_of_an_item_says_that_there_is_partial_credit() -> None:
    whole = [EarnedCredit(Fraction(1), points=1, approach="a", topic="t")] * 11
    part = [*whole[1:], EarnedCredit(Fraction(1, 3), points=1, approach="a", topic="t")]

    said = [say_score(score(marks)) for marks in (whole, part)]

    assert ["partial credit" in sentence for sentence in said] == [False, True]
    assert said[1].startswith("10.3 of 11 (94%")
