"""The advice on a draft: for its authors, as a page and in pieces, always at the same cost."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask

from lms.authoring.advice.pressing import after_press
from lms.authoring.advice.queries import advice_on
from lms.core.db import transaction
from lms.core.errors import Invalid
from lms.people.models import Role
from question_bank.advice.listing import AdviceList
from tests.authoring.drafts.kept import kept_draft, make_author
from tests.authoring.editor.browser import press
from tests.factories import NOW, make_user
from tests.question_bank.advice.bodies import draft, option
from tests.signin.helpers import counted

BODY = draft(option("o1", "Always <b>rest</b>, .5 mg"), option("o2", "Walk")) | {"title": "A calf"}
OPTION = "stages/s1/items/i1/options/o1/text"
JSON = {"Accept": "application/json"}


@pytest.fixture
def address(app: Flask) -> str:
    with app.app_context(), transaction():
        return f"/drafts/{kept_draft(make_author(), body=BODY).id}/advice"


@pytest.fixture
def author(app: Flask, signed_in, address: str):
    with app.app_context(), transaction():
        user = make_author("Dr. Second")
    return signed_in(user)


def test_the_page_lists_all_advice_and_leads_to_the_fields(author, address: str) -> None:
    page = author.get(address)

    assert f'href="{address.removesuffix("/advice")}#{OPTION}"' in page.text
    assert "Item 1, option A" in page.text
    assert "block approval" in page.text
    assert "<b>rest</b>" not in page.text


def test_a_script_gets_the_list_and_what_stands_beside_each_field(author, address: str) -> None:
    told = author.get(address, headers=JSON).json

    assert "block approval" in told["parts"]["blocks"]
    assert told["parts"]["count"].startswith("Advice, ")
    assert f'href="#{OPTION}"' in told["parts"]["list"]
    assert "Found in the story" in told["parts"]["strip"]
    assert 'name="do" value="mend:' in told["fields"][OPTION]
    assert f'value="keep:{OPTION}:L09:0"' in told["fields"][OPTION]
    assert "<b>rest</b>" not in told["fields"][OPTION]


def test_a_script_that_has_the_advice_is_told_when_it_changes(
    app: Flask, author, address: str
) -> None:
    tag = author.get(address, headers=JSON).headers["ETag"]
    again = author.get(address, headers=JSON | {"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")

    press(author, int(address.split("/")[2]), title="Another title")
    assert author.get(address, headers=JSON | {"If-None-Match": tag}).status_code == 304

    press(author, int(address.split("/")[2]), **{OPTION.replace("/", "__"): "Rest"})
    assert author.get(address, headers=JSON | {"If-None-Match": tag}).status_code == 200


def test_the_pieces_are_what_the_editor_shows(author, address: str) -> None:
    told = author.get(address, headers=JSON).json
    page = author.get(address.removesuffix("/advice")).text

    assert f'data-advised="{OPTION}">{told["fields"][OPTION]}</div>' in page
    for name, part in told["parts"].items():
        assert f'data-renews="{name}">{part}</' in page


def test_what_blocks_offers_no_way_to_keep_it(author, address: str) -> None:
    told = author.get(address, headers=JSON).json

    reason = told["fields"]["stages/s1/items/i1/options/o2/why"]

    assert "No reason yet" in reason
    assert "Keep, with a reason" not in reason


def test_nothing_to_say_is_said(app: Flask, signed_in) -> None:
    with app.app_context(), transaction():
        user = make_author()
        address = f"/drafts/{kept_draft(user, body={}).id}/advice"

    assert "Nothing to say." in signed_in(user).get(address).text


def test_fellows_and_strangers_learn_nothing(app: Flask, signed_in, address: str) -> None:
    with app.app_context(), transaction():
        fellow = make_user(Role.FELLOW)

    assert signed_in(fellow).get(address).status_code == 403
    assert app.test_client().get(address).status_code == 302


def test_a_draft_of_nothing_and_one_of_sixty_items_cost_the_same(app: Flask, signed_in) -> None:
    items = [deepcopy(BODY["stages"][0]["items"][0]) | {"#": f"i{n}"} for n in range(60)]
    long = {"title": "Long", "stages": [{"#": "s1", "text": "A story.", "items": items}]}
    with app.app_context(), transaction():
        user = make_author()
        short, full = (kept_draft(user, body=body).id for body in ({"title": "Short"}, long))
    browser = signed_in(user)

    costs = []
    for number in (short, short, full):
        with counted(app) as count:
            assert browser.get(f"/drafts/{number}/advice").status_code == 200
        costs.append(count())

    assert costs[1] == costs[2]


def advised(body: Mapping[str, Any]) -> AdviceList:
    """Return the advice on a new draft that says *body*, to one of the faculty."""
    return advice_on(body, of=None, to=make_author(), now=NOW)


@pytest.mark.usefixtures("in_app")
def test_a_press_mends_keeps_and_lets_go() -> None:
    mended, place = after_press(BODY, "mend", f"{OPTION}:L21:0", {}, advised)
    assert place == OPTION
    assert mended["stages"][0]["items"][0]["options"][0]["text"].endswith("0.5 mg")

    why = {f"why:{OPTION}:L09:0": "The guideline's own words."}
    kept, _ = after_press(mended, "keep", f"{OPTION}:L09:0", why, advised)
    assert advised(kept).at(OPTION) == ()

    handle = kept["waivers"][0]["#"]
    assert after_press(kept, "letgo", handle, {}, advised)[0]["waivers"] == []


@pytest.mark.usefixtures("in_app")
@pytest.mark.parametrize(
    "at", ["", ":", "::", f"{OPTION}", f"{OPTION}:L09:x", "a/b:L21:0", "@:L1:²"]
)
@pytest.mark.parametrize("verb", ["mend", "keep"])
def test_a_press_made_up_is_refused_with_a_sentence(verb: str, at: str) -> None:
    with pytest.raises(Invalid, match=r"\.$"):
        after_press(BODY, verb, at, {f"why:{at}": "x" * 11}, advised)
