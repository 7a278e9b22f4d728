"""How figures are said."""

from fractions import Fraction

from lms.core.figures import say_figure
from question_bank.scoring import FIGURE, Tally


def test_the_least_number_of_items_is_said_as_it_is() -> None:
    few, enough = (Tally(Fraction(6), items) for items in (FIGURE - 1, FIGURE))

    assert say_figure(few) == f"6 of {FIGURE - 1}, too few for a share ({FIGURE} needed)"
    assert say_figure(enough) == f"6 of {FIGURE} (60%, 95% interval 31 to 83%)"
