"""Every list is paged in one way: what is out of bounds is the nearest, in one statement."""

import pytest
from flask import Flask
from sqlalchemy import select

from lms.core import paging
from lms.core.db import transaction
from lms.core.paging import Page, page_in, page_of, page_of_endless, whole
from lms.people.models import User
from tests.attempts.statements import count_statements
from tests.factories import make_user

NAMES = [f"Dr. {number}" for number in range(7)]


@pytest.fixture
def seven(in_app: Flask) -> None:
    with transaction():
        for name in NAMES:
            make_user(name=name)


def queried(number: int) -> Page[User]:
    return page_of(select(User).order_by(User.name), number, size=3, read=whole)


@pytest.mark.parametrize(
    ("number", "page", "names"),
    [
        (1, 1, NAMES[:3]),
        (3, 3, NAMES[6:]),
        (0, 1, NAMES[:3]),
        (-(2**70), 1, NAMES[:3]),
        (4, 3, NAMES[6:]),
        (2**70, 3, NAMES[6:]),
    ],
)
def test_a_number_out_of_bounds_is_the_nearest(
    seven: None, number: int, page: int, names: list[str]
) -> None:
    found, listed = queried(number), page_in(NAMES, number, size=3)

    assert [user.name for user in found] == listed.items == names
    assert (found.page, found.pages, found.total) == (page, 3, 7)
    assert (listed.page, listed.pages, listed.total) == (page, 3, 7)


def test_an_empty_list_has_one_page(in_app: Flask) -> None:
    for page in (queried(5), page_in([], 5, size=3)):
        assert (page.items, page.page, page.pages, page.total) == ([], 1, 1, 0)


@pytest.mark.parametrize(
    ("number", "page", "pages", "goes_on", "names"),
    [
        (1, 1, 2, True, NAMES[:2]),
        (2, 2, 3, True, NAMES[2:4]),
        (3, 3, 4, False, NAMES[4:6]),
        (0, 1, 2, True, NAMES[:2]),
        (2**70, 4, 4, False, NAMES[6:]),
    ],
)
def test_an_endless_list_is_counted_no_farther_than_some_pages_ahead(
    seven: None,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    page: int,
    pages: int,
    goes_on: bool,
    names: list[str],
) -> None:
    monkeypatch.setattr(paging, "AHEAD", 1)

    found = page_of_endless(select(User).order_by(User.name), number, size=2, read=whole)

    assert [user.name for user in found] == names
    assert (found.page, found.pages, found.goes_on) == (page, pages, goes_on)


def test_what_an_endless_list_counts_may_be_said_apart(seven: None) -> None:
    once = select(User).order_by(User.name).limit(2)

    found = page_of_endless(once, 1, size=2, read=whole, counted=select(User.id))

    assert ([user.name for user in found], found.total) == (NAMES[:2], 7)


def test_a_page_that_is_there_takes_one_statement(seven: None, in_app: Flask) -> None:
    with count_statements() as statements:
        queried(2)

    assert len(statements) == 1


def test_that_there_is_nothing_takes_one_statement_too(in_app: Flask) -> None:
    with count_statements() as statements:
        page = queried(1)

    assert (page.items, page.total) == ([], 0)
    assert len(statements) == 1


def test_the_address_decides_nothing_behind_the_views_back(seven: None, in_app: Flask) -> None:
    with in_app.test_request_context("/?page=3&per_page=1"):
        page = queried(1)

    assert [user.name for user in page] == NAMES[:3]
