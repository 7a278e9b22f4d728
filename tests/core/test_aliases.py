"""Aliases of numbers: always the same, taken back with their key alone, and telling no order."""

from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from lms.core.aliases import alias_of, number_of
from lms.core.db import LARGEST_ID

NUMBERS = st.integers(0, LARGEST_ID)


@pytest.fixture(scope="module")
def keyed() -> Flask:
    """Something that has keys, and nothing else."""
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": "today's", "SECRET_KEY_FALLBACKS": []}
    return app


def with_keys(today: str, *before: str) -> Flask:
    app = Flask(__name__)
    app.config |= {"SECRET_KEY": today, "SECRET_KEY_FALLBACKS": list(before)}
    return app


@given(number=NUMBERS)
def test_an_alias_leads_back_to_its_number(keyed: Flask, number: int) -> None:
    with keyed.app_context():
        assert number_of(alias_of(number)) == number


@given(number=NUMBERS)
def test_it_is_sixteen_plain_characters(keyed: Flask, number: int) -> None:
    with keyed.app_context():
        alias = alias_of(number)

    assert len(alias) == 16
    assert set(alias) <= set("0123456789abcdef")


def test_later_numbers_have_no_later_aliases(keyed: Flask) -> None:
    with keyed.app_context():
        aliases = [alias_of(number) for number in range(1, 2001)]

    later = sum(one < other for one, other in pairwise(aliases))
    assert len(set(aliases)) == 2000
    assert 900 < later < 1100


def test_a_key_that_was_in_use_before_still_opens_its_aliases() -> None:
    with with_keys("old").app_context():
        alias = alias_of(7)

    with with_keys("new", "old").app_context():
        assert number_of(alias) == 7
        assert alias_of(7) != alias


@given(text=st.one_of(st.text(max_size=20), st.text("0123456789abcdef", min_size=16, max_size=16)))
def test_what_we_did_not_make_is_refused(keyed: Flask, text: str) -> None:
    with keyed.app_context():
        try:
            made = alias_of(number_of(text))
        except ValueError:
            return

    assert made == text.lower()


def test_an_alias_of_another_key_is_refused(keyed: Flask) -> None:
    with with_keys("another").app_context():
        alias = alias_of(7)

    with keyed.app_context(), pytest.raises(ValueError, match="no alias of ours"):
        number_of(alias)
