"""Two people's changes of one draft join, or both are shown; nothing is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.drafts.merging import Conflict, merged, undone
from question_bank.drafts.opening import draft_of
from question_bank.drafts.paths import (
    ORDER,
    applied,
    changes_between,
    flatten,
    reversed_changes,
    unflatten,
)
from tests.question_bank.drafts.made import BODIES, FEW, WORDS, edited
from tests.question_bank.kinds import CASE

BASE = draft_of(CASE)
STORY = "stages/s1/text"
OPTIONS = "stages/s1/items/i1/options"


def written(**leaves: Any) -> dict[str, Any]:
    """Return the draft with other leaves; `__` in a name is `/`."""
    return with_leaves({name.replace("__", "/"): leaf for name, leaf in leaves.items()})


def with_leaves(leaves: dict[str, Any], base: dict[str, Any] = BASE) -> dict[str, Any]:
    kept = {path: leaf for path, leaf in (flatten(base) | leaves).items() if leaf is not None}
    return unflatten(kept)


def without(row: str, base: dict[str, Any] = BASE) -> dict[str, Any]:
    """Return the draft without the row at the path *row*."""
    leaves = flatten(base)
    around, handle = row.rsplit("/", 1)
    order = [each for each in leaves[f"{around}/{ORDER}"] if each != handle]
    kept = {path: leaf for path, leaf in leaves.items() if not path.startswith(f"{row}/")}
    return unflatten(kept | {f"{around}/{ORDER}": order})


def without_orders(body: dict[str, Any]) -> dict[str, Any]:
    leaves = flatten(body)
    return {path: sorted(leaf) if path.endswith(ORDER) else leaf for path, leaf in leaves.items()}


@FEW
@given(st.data())
def test_changes_of_one_alone_are_taken_as_they_are(data: st.DataObject) -> None:
    base = data.draw(BODIES)
    other = data.draw(edited(base))

    assert merged(base, other, base).body == other
    assert merged(base, base, other).body == other
    assert merged(base, other, other).body == other
    for pair in ((other, base), (base, other), (other, other)):
        assert merged(base, *pair).conflicts == ()


@FEW
@given(st.data())
def test_what_two_people_change_is_together_or_in_a_conflict(data: st.DataObject) -> None:
    base = data.draw(BODIES)
    theirs, mine = data.draw(edited(base)), data.draw(edited(base))

    found = merged(base, theirs, mine)

    leaves = flatten(found.body)
    clashing = {each.path for each in found.conflicts}
    said = " ".join(str(leaf) for leaf in leaves.values())
    said += " ".join(str(each.mine) for each in found.conflicts)
    for side in (theirs, mine):
        for change in changes_between(base, side):
            if isinstance(change.after, str):
                assert change.after in said or any(map(change.path.startswith, clashing))
    for each in found.conflicts:
        if not each.path.endswith(ORDER):
            assert leaves.get(each.path) == each.theirs
            assert len({str(each.base), str(each.theirs), str(each.mine)}) == 3
    assert clashing.isdisjoint(found.joined)


@FEW
@given(st.data())
def test_changes_of_different_leaves_join_in_either_order_and_lose_nothing(
    data: st.DataObject,
) -> None:
    base = data.draw(BODIES)
    texts = sorted(path for path, leaf in flatten(base).items() if isinstance(leaf, str))
    chosen = data.draw(st.lists(st.sampled_from(texts), unique=True, min_size=2, max_size=8))
    half = len(chosen) // 2
    first = {path: data.draw(WORDS) for path in chosen[:half]}
    second = {path: data.draw(WORDS) for path in chosen[half:]}

    theirs, mine = with_leaves(first, base), with_leaves(second, base)
    found = merged(base, theirs, mine)

    assert found.conflicts == ()
    assert found.body == merged(base, mine, theirs).body == with_leaves(first | second, base)
    assert set(found.joined) == {each.path for each in changes_between(base, theirs)}


@FEW
@given(st.data())
def test_a_conflict_is_one_whoever_was_first(data: st.DataObject) -> None:
    base = data.draw(BODIES)
    theirs, mine = data.draw(edited(base)), data.draw(edited(base))

    found, turned = merged(base, theirs, mine), merged(base, mine, theirs)

    clashing = {each.path for each in found.conflicts if not each.path.endswith(ORDER)}
    assert clashing == {each.path for each in turned.conflicts if not each.path.endswith(ORDER)}
    one, other = without_orders(found.body), without_orders(turned.body)
    assert {path: leaf for path, leaf in one.items() if path not in clashing} == {
        path: leaf for path, leaf in other.items() if path not in clashing
    }


@FEW
@given(st.data())
def test_changes_lead_from_one_body_to_another_and_back(data: st.DataObject) -> None:
    before = data.draw(BODIES)
    after = data.draw(edited(before))
    changes = changes_between(before, after)

    assert applied(before, changes) == after
    assert applied(after, reversed_changes(changes)) == before
    assert undone(after, changes).body == before
    assert undone(after, changes).conflicts == ()


def test_two_texts_at_one_path_are_a_conflict_and_the_first_stays() -> None:
    found = merged(BASE, written(title="Theirs"), written(title="Mine"))

    assert found.conflicts == (Conflict("title", "A back that will not rest", "Theirs", "Mine"),)
    assert found.body == written(title="Theirs")
    assert found.joined == ()


def test_changes_of_two_sentences_of_one_text_join() -> None:
    told = "She hurts. She sleeps badly. She works.\nShe walks a mile."
    base = with_leaves({STORY: told})
    theirs = with_leaves({STORY: told.replace("hurts", "aches")})
    mine = with_leaves({STORY: told.replace("a mile", "two miles")})

    found = merged(base, theirs, mine)

    assert flatten(found.body)[STORY] == (
        "She aches. She sleeps badly. She works.\nShe walks two miles."
    )
    assert (found.conflicts, found.joined) == ((), (STORY,))


def test_changes_of_one_sentence_are_a_conflict() -> None:
    base = with_leaves({STORY: "She hurts. She works."})
    theirs = with_leaves({STORY: "She aches. She works."})
    mine = with_leaves({STORY: "She suffers. She works."})

    (conflict,) = merged(base, theirs, mine).conflicts

    assert conflict == Conflict(
        STORY, "She hurts. She works.", "She aches. She works.", "She suffers. She works."
    )


def test_rows_that_both_add_stand_one_after_the_other() -> None:
    theirs = with_leaves({f"{OPTIONS}/xx/text": "Theirs"})
    mine = with_leaves({f"{OPTIONS}/yy/text": "Mine"})

    found = merged(BASE, theirs, mine)

    assert flatten(found.body)[f"{OPTIONS}/@"] == ["o1", "o2", "o3", "xx", "yy"]
    assert found.conflicts == ()
    assert f"{OPTIONS}/xx/text" in found.joined


def test_a_row_is_written_in_by_one_while_the_other_moves_it() -> None:
    leaves = flatten(BASE)
    moved = {
        path.replace("stages/s1/items/i4", "stages/s2/items/i4"): leaf
        for path, leaf in leaves.items()
    }
    moved["stages/s1/items/@"] = ["i1", "i2", "i3"]
    moved["stages/s2/items/@"] = ["i4", *leaves["stages/s2/items/@"]]
    mine = with_leaves({"stages/s1/items/i4/lead_in": "How is the weakness called?"})

    for found in (merged(BASE, unflatten(moved), mine), merged(BASE, mine, unflatten(moved))):
        said = flatten(found.body)
        assert said["stages/s2/items/i4/lead_in"] == "How is the weakness called?"
        assert "stages/s1/items/i4/lead_in" not in said
        assert found.conflicts == ()


def test_a_row_that_one_removes_and_the_other_writes_in_stays_whole() -> None:
    theirs = without(f"{OPTIONS}/o2")
    mine = with_leaves({f"{OPTIONS}/o2/text": "Bed rest"})

    for found in (merged(BASE, theirs, mine), merged(BASE, mine, theirs)):
        assert found.body == mine
        assert (found.conflicts, found.kept) == ((), (f"{OPTIONS}/o2",))


def test_an_item_stays_if_one_option_in_it_is_written_in_while_its_stage_goes() -> None:
    theirs = without("stages/s1")
    mine = with_leaves({f"{OPTIONS}/o2/text": "Bed rest"})

    found = merged(BASE, theirs, mine)

    assert found.body == mine
    assert found.kept == ("stages/s1",)


def test_a_row_that_one_removes_and_nobody_changes_is_gone() -> None:
    theirs, mine = without(f"{OPTIONS}/o2"), written(title="Mine")

    found = merged(BASE, theirs, mine)

    assert found.body == with_leaves({"title": "Mine"}, theirs)
    assert found.kept == ()


def test_orders_join_unless_both_move_the_same_rows_in_two_ways() -> None:
    first = with_leaves({f"{OPTIONS}/@": ["o3", "o1", "o2"]})
    second = with_leaves({f"{OPTIONS}/@": ["o1", "o3", "o2"]})
    added = with_leaves({f"{OPTIONS}/xx/text": "New"})

    (conflict,) = merged(BASE, first, second).conflicts
    joined = merged(BASE, added, second)

    assert conflict == Conflict(
        f"{OPTIONS}/@", ["o1", "o2", "o3"], ["o3", "o1", "o2"], ["o1", "o3", "o2"]
    )
    assert flatten(joined.body)[f"{OPTIONS}/@"] == ["o1", "o3", "xx", "o2"]
    assert joined.conflicts == ()


def test_new_rows_of_two_lists_that_share_a_handle_are_two_rows() -> None:
    theirs = with_leaves({f"{OPTIONS}/xx/text": "An option"})
    mine = with_leaves({"references/xx/title": "A source"})

    said = flatten(merged(BASE, theirs, mine).body)

    assert said[f"{OPTIONS}/xx/text"] == "An option"
    assert said["references/z1/title"] == "A source"


def test_what_was_changed_again_is_not_undone() -> None:
    first = written(title="First", takeaway="Then")
    changes = changes_between(BASE, first)
    now = with_leaves({"title": "Second", "stages/s1/text": "New."}, first)

    found = undone(now, changes)

    said = flatten(found.body)
    assert (said["title"], said["stages/s1/text"]) == ("Second", "New.")
    assert said["takeaway"] == flatten(BASE)["takeaway"]
    assert [each.path for each in found.conflicts] == ["title"]


@pytest.mark.parametrize("row", ["stages/s2", "stages/s1/items/i1", f"{OPTIONS}/o1", "waivers/w1"])
def test_a_removed_row_comes_back_to_its_place(row: str) -> None:
    less = without(row)

    assert undone(less, changes_between(BASE, less)).body == BASE
