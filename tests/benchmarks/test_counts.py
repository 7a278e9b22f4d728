"""No page sends twice the statements that it did, whatever else the program has."""

import pytest

from tests.benchmarks import counts
from tests.benchmarks.copies import multiply
from tests.benchmarks.in_one_process import program

pytestmark = pytest.mark.slow


def test_no_page_and_no_act_costs_twice_what_it_did(is_long: bool) -> None:
    """Renew what is expected by `make bench PART=counts`, if more is meant.

    The long form wants every page there, and holds it over five times the program too.
    """
    with program("sqlite") as (app, arguments):
        found = {"one program": counts.counted(app, arguments)}
        if is_long:
            with app.app_context():
                multiply(4)
            found["five programs"] = counts.counted(app, arguments)

    worse = {over: counts.doubled(each, counts.expected()) for over, each in found.items()}
    assert worse == {over: [] for over in found}
    if is_long:
        assert counts.expected().keys() == found["one program"].keys()


def test_what_costs_twice_as_much_is_named() -> None:
    before = {"/home (fellow)": (9, 0), "/bank (faculty)": (7, 1), "/people (director)": (5, 0)}
    now = {"/home (fellow)": (18, 0), "/bank (faculty)": (13, 1), "/people (director)": (5, 2)}

    assert counts.doubled(now | {"/new (mentor)": (3, 0)}, before) == [
        "/home (fellow): 9 statements, 0 rows before; now 18, 0",
        "/people (director): 5 statements, 0 rows before; now 5, 2",
    ]
