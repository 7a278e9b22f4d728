"""Beside its tags a draft says what the bank has of its topic and levels."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.authoring.advice.serving import coverage_served
from lms.cases.covering import tracks_covered
from lms.core.db import transaction
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.test_buttons import BODY


def about(**tags: Any) -> dict[str, Any]:
    """Return a draft with these tags, whose one item is at the level of recall."""
    body = deepcopy(BODY) | tags
    body["stages"][0]["items"][0]["level"] = "recall"
    return body


@pytest.mark.usefixtures("in_app")
def test_each_track_of_the_draft_has_its_line() -> None:
    one, other = tracks_covered()
    topic = next(each for each in one.topics if each.wanted)

    both = coverage_served(about(topic=topic.topic))
    alone = coverage_served(about(topic=topic.topic, tracks=[one.track]))

    assert [each.track for each in both] == [one.track, other.track]
    assert [each.track for each in alone] == [one.track]
    assert f"This topic has 0 items; the blueprint asks for {topic.wanted}." in alone[0].said
    assert "Recall: 0% of the items, " in alone[0].said


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize("body", [{}, {"topic": "no-such-topic"}, {"tracks": ["none"]}])
def test_of_a_draft_about_nothing_there_is_nothing_to_say(body: dict[str, Any]) -> None:
    assert coverage_served(body) == []


def test_the_page_says_it_beside_the_tags(
    app: Flask, signed_in: Callable[..., FlaskClient]
) -> None:
    with app.app_context(), transaction():
        author = make_author()
        topic = next(each for each in tracks_covered()[0].topics if each.wanted)
        draft_id = kept_draft(author, body=about(topic=topic.topic)).id

    page = signed_in(author).get(f"/drafts/{draft_id}").text

    assert f"This topic has 0 items; the blueprint asks for {topic.wanted}." in page
    assert 'href="/bank/coverage?track=' in page
