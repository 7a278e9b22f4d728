"""What is left of a list, and what each further choice would leave, as one would count by hand."""

from hypothesis import given
from hypothesis import strategies as st

from question_bank.searching.facets import Chosen, Tag, TagNumbers, narrowed

TAGS: tuple[Tag, ...] = tuple((facet, value) for facet in "abc" for value in "xyz")
HIDDEN = frozenset({("a", "x")})
KNOWN = TagNumbers(TAGS)

sets_of_tags = st.lists(st.frozensets(st.sampled_from(TAGS)), max_size=12)
choices = st.dictionaries(st.sampled_from("abc"), st.frozensets(st.sampled_from("xyz")))


def is_left(tags: frozenset[Tag], chosen: Chosen) -> bool:
    """Whether all facets keep something with *tags*."""
    for facet in "abc":
        of_facet = {tag for tag in tags if tag[0] == facet}
        wanted = {(facet, value) for value in chosen.get(facet, ())}
        if wanted and not wanted & of_facet:
            return False
        if not wanted and of_facet and of_facet <= HIDDEN:
            return False
    return True


@given(sets_of_tags, choices)
def test_what_is_left_and_counted_is_what_each_choice_alone_would_leave(
    things: list[frozenset[Tag]], chosen: dict[str, frozenset[str]]
) -> None:
    result = narrowed([KNOWN.of(tags) for tags in things], chosen, KNOWN, hidden=HIDDEN)

    assert result.left == [n for n, tags in enumerate(things) if is_left(tags, chosen)]
    for facet, value in TAGS:
        alone = chosen | {facet: {value}}
        with_it = sum((facet, value) in tags and is_left(tags, alone) for tags in things)
        assert result.counts[facet, value] == with_it
    for facet in "abc":
        others = {name: values for name, values in chosen.items() if name != facet}
        if chosen.get(facet):
            kept = sum(is_left(tags, others) for tags in things)
            assert result.without[facet] == kept


def test_tags_that_nobody_knows_narrow_nothing_and_are_not_counted() -> None:
    known = TagNumbers([("a", "x")]).with_more([("a", "x"), ("b", "y")])
    found = [known.of([("a", "x"), ("c", "z")]), known.of([])]

    result = narrowed(found, {}, known)
    of_none = narrowed(found, {"c": {"z"}}, known)

    assert result.left == [0, 1]
    assert result.counts == {("a", "x"): 1, ("b", "y"): 0}
    assert (of_none.left, of_none.without) == ([], {"c": 2})


def test_a_hundred_thousand_of_a_tag_are_counted_in_its_own_lane() -> None:
    counts = narrowed([KNOWN.of(TAGS[:2])] * 100_000, {}, KNOWN).counts

    assert [counts[tag] for tag in TAGS[:3]] == [100_000, 100_000, 0]
