"""What holds for one fellow: rights only ever widen it, in any order, in any night of any zone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.terms import (
    Allowance,
    Feedback,
    Grant,
    Pause,
    PublishedTerms,
    Taking,
    Terms,
    Unfinished,
    terms_for,
)

OPENS = datetime(2026, 10, 26, 13, tzinfo=UTC)

ZONES = ("America/New_York", "America/Phoenix", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC")
"""Clocks that change by an hour, never, and by half an hour."""

HOURS = st.integers(0, 24 * 20).map(lambda hours: timedelta(hours=hours))
MINUTES = st.integers(0, 60 * 24 * 3).map(lambda minutes: timedelta(minutes=minutes))
MOMENTS = HOURS.map(lambda after: OPENS + after)
ZONE = st.sampled_from(ZONES)


@st.composite
def published_terms(draw: st.DrawFn) -> PublishedTerms:
    """Return terms around the night in which clocks of New York go back, November 1."""
    due = OPENS + timedelta(minutes=1) + draw(HOURS)
    closes = due + draw(HOURS)
    return PublishedTerms(
        opens_at=OPENS,
        due_at=due,
        closes_at=closes,
        results_at=closes + draw(HOURS),
        time_limit=draw(st.none() | st.integers(1, 600)),
        attempts_allowed=draw(st.integers(1, 3)),
        feedback=draw(st.sampled_from(Feedback)),
    )


GRANTS = st.builds(
    Grant,
    minutes=st.integers(0, 600),
    opens_at=st.none() | MOMENTS,
    due_at=st.none() | MOMENTS,
    closes_at=st.none() | MOMENTS,
    attempts=st.integers(0, 9),
)

DAYS = st.dates(date(2026, 10, 20), date(2026, 11, 30))


@st.composite
def some_allowance(draw: st.DrawFn) -> Allowance:
    first = draw(DAYS)
    last = draw(st.none() | DAYS)
    return Allowance(
        percent=draw(st.none() | st.integers(125, 300)),
        days=draw(st.integers(0, 30)),
        starts_on=first,
        ends_on=None if last is None else max(first, last),
    )


@st.composite
def some_pause(draw: st.DrawFn) -> Pause:
    began = draw(MOMENTS)
    return Pause(began, began + draw(MINUTES))


RIGHTS = st.tuples(
    st.lists(GRANTS, max_size=3), st.lists(some_allowance(), max_size=3),
    st.lists(some_pause(), max_size=3),
)  # fmt: skip


def is_no_less(wide: Terms, narrow: Terms) -> bool:
    return (
        wide.opens <= narrow.opens
        and wide.due >= narrow.due
        and wide.closes >= narrow.closes
        and wide.attempts >= narrow.attempts
        and wide.results == narrow.results
    )


@given(published_terms(), RIGHTS, RIGHTS, ZONE, MOMENTS)
def test_more_rights_never_give_less_time(published, some, more, zone, begun) -> None:
    grants, allowances, pauses = some
    narrow = terms_for(published, grants=grants, allowances=allowances, zone=zone)
    wide = terms_for(published, grants=grants + more[0], allowances=allowances + more[1], zone=zone)

    assert is_no_less(wide, narrow)
    limit = wide.limit(begun)
    assert limit is None or (narrow.limit(begun) or limit + limit) <= limit
    assert narrow.deadline(begun, pauses) <= wide.deadline(begun, pauses + more[2])
    assert narrow.reopened(begun, begun, pauses) <= wide.reopened(begun, begun, pauses + more[2])


@given(published_terms(), RIGHTS, ZONE, MOMENTS)
def test_the_order_in_which_rights_were_given_does_not_matter(
    published, rights, zone, begun
) -> None:
    grants, allowances, pauses = rights
    found = {
        (terms, terms.deadline(begun, stood))
        for one in permutations(grants)
        for other in permutations(allowances)
        for terms in [terms_for(published, grants=one, allowances=other, zone=zone)]
        for stood in permutations(pauses)
    }

    assert len(found) == 1


@given(published_terms(), RIGHTS, ZONE, MOMENTS)
def test_no_window_however_widened_passes_the_results(published, rights, zone, begun) -> None:
    terms = terms_for(published, grants=rights[0], allowances=rights[1], zone=zone)

    assert terms.opens < terms.due <= terms.closes <= published.results_at
    assert terms.deadline(begun, rights[2]) <= published.results_at
    assert terms.reopened(begun, begun, rights[2]) <= published.results_at


@given(published_terms(), RIGHTS, ZONE, MOMENTS)
def test_nobody_has_less_than_what_was_promised_but_where_the_window_ends(
    published, rights, zone, begun
) -> None:
    terms = terms_for(published, grants=rights[0], allowances=rights[1], zone=zone)
    limit = terms.limit(begun)
    stood = terms.deadline(begun, rights[2])

    if limit is None or begun + limit > terms.closes:
        assert stood >= min(terms.closes, published.results_at)
    else:
        assert stood >= begun + limit
    if published.time_limit is not None and limit is not None:
        assert limit >= timedelta(minutes=published.time_limit)


@given(published_terms(), RIGHTS, ZONE, MOMENTS)
def test_an_attempt_that_is_cut_short_lasts_until_the_closing_and_no_other_is(
    published, rights, zone, begun
) -> None:
    terms = terms_for(published, grants=rights[0], allowances=rights[1], zone=zone)
    limit, left = terms.limit(begun), terms.cut_short(begun)

    if left is not None:
        assert limit is not None
        assert left < limit
        assert terms.deadline(begun) == begun + left
    elif limit is not None and begun < terms.closes:
        assert terms.deadline(begun) == begun + limit


@given(published_terms(), ZONE, MOMENTS, st.integers(0, 100), MINUTES)
def test_what_was_left_when_the_clock_stopped_is_left_when_it_goes_on(
    published, zone, begun, part, stood
) -> None:
    terms = terms_for(published, zone=zone)
    plain = terms.deadline(begun)
    stops = begun + (plain - begun) * part / 100 if plain > begun else begun

    pauses = [Pause(stops, stops + stood)]

    wanted = plain + stood if stops < plain else plain
    assert terms.deadline(begun, pauses) == min(wanted, terms.results)
    if stops < plain:
        assert terms.deadline(begun, [Pause(stops)]) is None


def test_two_pauses_at_once_give_the_time_back_once() -> None:
    hour = timedelta(hours=1)
    published = PublishedTerms(OPENS, OPENS + 90 * hour, OPENS + 90 * hour, OPENS + 99 * hour, 60)
    terms = terms_for(published, zone="UTC")

    stood = [Pause(OPENS + hour / 2, OPENS + 2 * hour), Pause(OPENS + hour, OPENS + 3 * hour)]

    assert terms.deadline(OPENS, stood) == OPENS + hour + 2.5 * hour


@pytest.mark.parametrize(
    ("zone", "closes", "wanted"),
    [
        pytest.param("America/New_York", "2026-10-31T21:00Z", "2026-11-02T22:00Z", id="back"),
        pytest.param("America/New_York", "2027-03-13T22:00Z", "2027-03-15T21:00Z", id="forward"),
        pytest.param("America/Phoenix", "2026-10-31T21:00Z", "2026-11-02T21:00Z", id="never"),
        pytest.param("Australia/Lord_Howe", "2026-10-03T06:30Z", "2026-10-05T06:00Z", id="half"),
    ],
)
def test_a_window_is_widened_by_days_of_the_fellows_clock(zone, closes, wanted) -> None:
    end = datetime.fromisoformat(closes)
    published = PublishedTerms(
        end - timedelta(days=5), end, end, results_at=end + timedelta(days=9)
    )
    allowance = Allowance(200, 2, date(2026, 1, 1))

    terms = terms_for(published, allowances=[allowance], zone=zone)

    assert terms.closes == datetime.fromisoformat(wanted)
    here, there = (each.astimezone(ZoneInfo(zone)) for each in (end, terms.closes))
    assert here.time() == there.time()


def test_the_days_of_an_allowance_are_those_of_the_fellows_zone() -> None:
    late = datetime(2026, 11, 1, 3, 30, tzinfo=UTC)  # October 31, 11:30 PM in New York
    end = late + timedelta(days=9)
    published = PublishedTerms(late - timedelta(days=9), end, end, end, time_limit=20)
    ended = Allowance(150, 0, date(2026, 10, 1), date(2026, 10, 31))

    limits = {
        zone: terms_for(published, allowances=[ended], zone=zone).limit(late)
        for zone in ("America/New_York", "UTC")
    }

    assert limits == {"America/New_York": timedelta(minutes=30), "UTC": timedelta(minutes=20)}


def test_what_is_allowed_from_today_counts_for_an_attempt_begun_yesterday() -> None:
    begun = datetime(2026, 11, 4, 4, 50, tzinfo=UTC)  # ten minutes before midnight in New York
    end = begun + timedelta(days=9)
    published = PublishedTerms(begun - timedelta(days=9), end, end, end, time_limit=30)

    allowed = Allowance(200, 0, date(2026, 11, 4))

    terms = terms_for(published, allowances=[allowed], zone="America/New_York")
    assert terms.limit(begun) == timedelta(minutes=60)
    assert terms.multiplied(begun) == 200


DUE = OPENS + timedelta(days=7)

CLOSES = OPENS + timedelta(days=9)

RESULTS = OPENS + timedelta(days=10)

TWICE = terms_for(PublishedTerms(OPENS, DUE, CLOSES, RESULTS, attempts_allowed=2), zone="UTC")

WAITING = replace(TWICE, policy=Feedback.CLOSED)


@pytest.mark.parametrize(
    ("terms", "graded", "withdrawn", "opens"),
    [
        pytest.param(TWICE, [], None, None, id="nothing was taken"),
        pytest.param(TWICE, [OPENS], None, CLOSES, id="another may be begun until it closes"),
        pytest.param(TWICE, [OPENS, None], None, None, id="another runs"),
        pytest.param(TWICE, [OPENS, DUE], None, DUE, id="the last is graded"),
        pytest.param(TWICE, [RESULTS], None, RESULTS, id="graded after it closed"),
        pytest.param(TWICE, [OPENS], DUE, DUE, id="taken back"),
        pytest.param(TWICE, [OPENS], RESULTS, CLOSES, id="taken back after it closed"),
        pytest.param(WAITING, [OPENS, None], None, RESULTS, id="waits for the closing"),
        pytest.param(WAITING, [None], None, None, id="waits, and nothing is graded"),
    ],
)
def test_keys_open_after_the_last_allowed_attempt_or_when_results_do(
    terms: Terms, graded, withdrawn, opens
) -> None:
    terms = replace(terms, withdrawn=withdrawn)

    assert terms.keys([Taking(each) for each in graded]) == opens


@pytest.mark.parametrize(
    ("terms", "takings", "opens"),
    [
        pytest.param(TWICE, [(None, OPENS), (None, DUE)], RESULTS, id="all abandoned"),
        pytest.param(TWICE, [(None, OPENS)], RESULTS, id="abandoned, and one may be begun"),
        pytest.param(TWICE, [(DUE, None), (None, OPENS)], DUE, id="the other is graded"),
        pytest.param(TWICE, [(OPENS, None), (None, DUE)], DUE, id="the last was abandoned later"),
        pytest.param(TWICE, [(None, OPENS), (None, None)], None, id="another runs"),
        pytest.param(WAITING, [(None, OPENS)], RESULTS, id="waits for the closing anyway"),
    ],
)
def test_nobody_reads_keys_earlier_by_letting_the_time_run_out(terms, takings, opens) -> None:
    assert terms.keys([Taking(*each) for each in takings]) == opens


@given(published_terms(), st.sampled_from(Unfinished), st.integers(5, 1440), MOMENTS)
def test_grace_gives_no_less_than_the_time_and_nothing_beyond_the_results(
    published, unfinished, minutes, ends
) -> None:
    terms = replace(
        terms_for(published, zone="UTC"), unfinished=unfinished, grace=timedelta(minutes=minutes)
    )

    until = terms.handed_in_by(ends)

    assert ends <= until <= max(ends, terms.results)
    assert until <= ends + terms.grace
    assert until == ends or unfinished is Unfinished.GRACE


@given(
    published_terms(), st.lists(some_allowance(), max_size=2), ZONE, st.lists(st.none() | MOMENTS)
)
def test_when_others_are_told_of_keys_hangs_on_no_allowance_and_is_not_before_the_fellow(
    published: PublishedTerms, allowances, zone: str, graded
) -> None:
    takings = [Taking(each) for each in graded]
    plain, allowed = (terms_for(published, allowances=e, zone=zone) for e in ((), allowances))

    to_others = allowed.keys(takings, to_others=True)

    assert to_others == plain.keys(takings, to_others=True)
    own = allowed.keys(takings)
    assert (own is None) == (to_others is None)
    assert own is None or (to_others is not None and own <= to_others)
