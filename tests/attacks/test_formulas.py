"""A name that is a formula, in a roster that a spreadsheet opens: it is text there."""

import csv
import io

import pytest
from flask import Flask

from lms.core.db import transaction
from lms.people.models import Role
from tests.factories import make_cohort, make_user
from tests.signin.helpers import person, sign_in

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

NAMES = ("=1+1", "Kim;=1+1", "Kim; =1+1", 'Kim;"=1+1', "Kim;+1", "Kim;-1", "O'Hara; the second")


def cells_of(text: str, delimiter: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_of_a_roster_begins_like_a_formula_however_cells_are_parted(
    app: Flask, delimiter: str
) -> None:
    with app.app_context(), transaction():
        fellows = [make_user(Role.FELLOW, name=name) for name in NAMES]
        cohort = make_cohort(*fellows)
    director = sign_in(app, person(app, Role.DIRECTOR))

    text = director.get(f"/cohorts/{cohort.id}/roster.csv").text.removeprefix("\ufeff")

    begun = [cell for cell in cells_of(text, delimiter) if cell.lstrip(' "')[:1] in set("=+-@")]
    assert begun == []
    assert any("O'Hara; the second" in cell for cell in cells_of(text, ","))
