"""Starting, saving and handing in, on the real database."""

from datetime import timedelta

import pytest

from lms.attempts import queries, services
from lms.attempts.models import Attempt, AttemptState, Response, ResponseEvent, SubmittedBy
from lms.attempts.queries import GRACE
from lms.attempts.standings import standings
from lms.cases.models import Item, StoredCase
from lms.core.audit import AuditEvent
from lms.core.db import db, transaction
from lms.core.errors import NotFound
from lms.program.models import Membership
from lms.taking import saving
from lms.taking.incoming_saves import InvalidAnswer, Packet, PageControls, ShownAnswer
from question_bank.case import parse_case
from tests.attempts.factories import (
    answer_of,
    begin,
    case_body,
    choice_item,
    make_assignment,
    make_case,
    row_of,
    shown_place,
    store_case,
)
from tests.attempts.kinds import panel_item, unfolding
from tests.cases.texts import publisher, revise_case
from tests.factories import NOW, add, make_cohort, make_fellow

pytestmark = pytest.mark.usefixtures("in_app")


SECOND = timedelta(seconds=1)


def save(fellow, attempt, position, given, *, tab="a", seq=1, now=NOW, age=timedelta()):
    answer = given if isinstance(given, PageControls) else ShownAnswer(given)
    with transaction():
        packet = Packet(tab, seq, now, answer, age)
        return saving.save_response(fellow, attempt.id, position, packet)


def events_of(attempt) -> list[ResponseEvent]:
    return list(
        db.session.scalars(
            db.select(ResponseEvent)
            .join(Response, Response.id == ResponseEvent.response_id)
            .where(Response.attempt_id == attempt.id)
            .order_by(ResponseEvent.received_at, ResponseEvent.tab_seq)
        )
    )


def fresh(attempt) -> Attempt:
    db.session.expire_all()
    return db.session.get_one(Attempt, attempt.id)


def test_an_attempt_freezes_versions_order_and_deadline() -> None:
    _, attempt = begin(seed=7, time_limit=30)

    rows = [row_of(attempt.id, position) for position in (1, 2, 3, 4)]
    assert attempt.deadline_at == NOW + timedelta(minutes=30)
    assert attempt.number == 1
    assert all(row.case_version_id is not None for row in rows)
    assert sorted(rows[0].order) == [0, 1, 2, 3]
    assert rows[2].order == rows[3].order == []


def test_the_same_seed_gives_the_same_order_and_another_seed_another() -> None:
    with transaction():
        cases = [make_case(*(choice_item(f"item-{n}") for n in range(8)))]
        fellows = [make_fellow() for _ in range(3)]
        assignment = make_assignment(*fellows, cases=cases)
        attempts = [
            services.start_attempt(fellow, assignment.id, now=NOW, seed=seed)
            for fellow, seed in zip(fellows, (5, 5, 6), strict=True)
        ]

    orders = [[row_of(a.id, n).order for n in range(1, 9)] for a in attempts]
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]


def test_an_item_that_is_not_to_be_shuffled_keeps_the_authored_order() -> None:
    for seed in range(5):
        _, attempt = begin(seed=seed, cases=None)
        assert sorted(row_of(attempt.id, 1).order) == [0, 1, 2, 3]
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow, cases=[make_case(choice_item(shuffle=False))])
        attempt = services.start_attempt(fellow, assignment.id, now=NOW, seed=3)

    assert row_of(attempt.id, 1).order == [0, 1, 2, 3]


def test_the_window_ends_an_attempt_before_its_time_limit_does() -> None:
    _, attempt = begin(time_limit=600, due_in=timedelta(minutes=5), closes_in=timedelta(minutes=9))

    assert attempt.deadline_at == NOW + timedelta(minutes=9)


def test_starting_again_goes_on_with_the_running_attempt() -> None:
    fellow, attempt = begin()

    with transaction():
        again = services.start_attempt(fellow, attempt.assignment_id, now=NOW + SECOND)

    assert again.id == attempt.id
    assert db.session.scalar(db.select(db.func.count(Response.id))) == 4


@pytest.mark.parametrize(
    ("at", "refusal"),
    [
        pytest.param(-timedelta(days=2), services.NotOpen, id="before it opens"),
        pytest.param(timedelta(days=5), services.WindowClosed, id="at the moment it closes"),
    ],
)
def test_outside_the_window_nothing_starts(at, refusal) -> None:
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow)

    with pytest.raises(refusal), transaction():
        services.start_attempt(fellow, assignment.id, now=NOW + at)

    assert db.session.scalar(db.select(db.func.count(Attempt.id))) == 0


def test_no_more_attempts_start_than_are_allowed() -> None:
    fellow, attempt = begin(attempts_allowed=2)
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW)
        second = services.start_attempt(fellow, attempt.assignment_id, now=NOW)
        services.submit_attempt(fellow, second.id, now=NOW)

    with pytest.raises(services.NoAttemptLeft), transaction():
        services.start_attempt(fellow, attempt.assignment_id, now=NOW)

    assert second.number == 2


def test_an_attempt_whose_time_is_up_gives_way_to_the_next() -> None:
    fellow, attempt = begin(attempts_allowed=2, time_limit=10)
    later = NOW + timedelta(minutes=11)

    with transaction():
        second = services.start_attempt(fellow, attempt.assignment_id, now=later)

    assert second.number == 2
    assert fresh(attempt).submitted_by is SubmittedBy.CLOCK


def test_only_members_of_the_cohort_may_start() -> None:
    with transaction():
        fellow, stranger = make_fellow(), make_fellow()
        make_cohort(stranger)
        assignment = make_assignment(fellow)

    with pytest.raises(NotFound), transaction():
        services.start_attempt(stranger, assignment.id, now=NOW)


def test_a_former_member_may_not_start() -> None:
    with transaction():
        fellow = make_fellow()
        assignment = make_assignment(fellow)
        yesterday = (NOW - timedelta(days=1)).date()
        db.session.execute(db.update(Membership).values(ends_on=yesterday))

    with pytest.raises(NotFound), transaction():
        services.start_attempt(fellow, assignment.id, now=NOW)


def test_an_item_that_left_its_case_is_not_asked() -> None:
    with transaction():
        fellow = make_fellow()
        case = make_case(choice_item("kept"))
        gone = add_item(case, "gone")
        assignment = make_assignment(fellow, cases=[case])
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)

    items = db.session.scalars(
        db.select(Response.item_id).where(Response.attempt_id == attempt.id)
    ).all()
    assert gone.id not in items
    assert len(items) == 1


def test_an_item_that_lost_its_panel_is_not_asked_since_nobody_could_give_it_credit() -> None:
    with transaction():
        fellow = make_fellow()
        case = store_case(case_body(panel_item(), choice_item("kept"), slug="panel"))
        assignment = make_assignment(fellow, cases=[case])
        wanted = panel_item() | {"panel": "wanted"}
        body = parse_case(case_body(wanted, choice_item("kept"), slug="panel"))
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)

    with transaction():
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)

    assert keys_of(attempt) == ["kept"]


WANTED = panel_item("first") | {"panel": "wanted"}


def test_a_scored_quiz_does_not_ask_what_is_fit_for_formative_ones_only() -> None:
    with transaction():
        fellow = make_fellow()
        case = store_case(case_body(WANTED, choice_item("kept"), slug="keyed"))
        assignment = make_assignment(fellow, cases=[case])
        body = parse_case(case_body(panel_item("first"), choice_item("kept"), slug="keyed"))
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)

    with transaction():
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)

    assert keys_of(attempt) == ["kept"]


@pytest.mark.parametrize(
    ("first", "newer"),
    [
        pytest.param(choice_item("first"), [], id="left its case"),
        pytest.param(panel_item("first"), [WANTED], id="lost its panel"),
        pytest.param(WANTED, [panel_item("first")], id="is for formative quizzes only now"),
        pytest.param(choice_item("first"), [choice_item("first", points=2)], id="is still asked"),
    ],
)
def test_before_the_start_as_many_items_are_announced_as_are_asked(first, newer) -> None:
    with transaction():
        fellow = make_fellow()
        case = store_case(case_body(first, choice_item("kept"), slug="changed"))
        assignment = make_assignment(fellow, cases=[case])
        body = parse_case(case_body(*newer, choice_item("kept"), slug="changed"))
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)
    (standing,) = standings([fellow.id], NOW)
    announced = queries.count_items(assignment, None)

    with transaction():
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)

    asked = len(keys_of(attempt))
    assert (standing.items, announced, queries.count_items(assignment, attempt)) == (asked,) * 3


def test_a_quiz_of_which_nothing_can_be_asked_concerns_nobody() -> None:
    with transaction():
        fellow = make_fellow()
        case = store_case(case_body(choice_item("first"), slug="changed"))
        make_assignment(fellow, cases=[case])
        body = parse_case(case_body(choice_item("different"), slug="changed"))
        revise_case(publisher(), case.id, body, of=case.current_id, note="", now=NOW)

    assert standings([fellow.id], NOW + timedelta(days=30)) == []


def test_stages_are_asked_in_their_order_wherever_a_newer_version_has_put_an_item() -> None:
    before, moved = unfolding("moved"), unfolding("moved")
    third = moved["stages"][2]["items"].pop()
    moved["stages"][1]["items"], moved["stages"][2]["items"] = (
        [moved["stages"][1]["items"][0], third],
        [moved["stages"][1]["items"][1]],
    )
    with transaction():
        fellow = make_fellow()
        cases = [store_case(before), make_case(choice_item("other"))]
        assignment = make_assignment(fellow, cases=cases)
        revise_case(
            publisher(), cases[0].id, parse_case(moved), of=cases[0].current_id, note="", now=NOW
        )

    with transaction():
        attempt = services.start_attempt(fellow, assignment.id, now=NOW)

    asked = ["first-look", "first-dose", "second-look", "third-look", "antidote", "other"]
    assert keys_of(attempt) == asked
    assert [row_of(attempt.id, position).stage for position in range(1, 7)] == [0, 0, 1, 1, 2, 0]


def keys_of(attempt: Attempt) -> list[str]:
    """Return the keys of the items that are asked, in their order."""
    return list(
        db.session.scalars(
            db.select(Item.key)
            .join(Response, Response.item_id == Item.id)
            .where(Response.attempt_id == attempt.id)
            .order_by(Response.position)
        )
    )


def add_item(case: StoredCase, key: str) -> Item:
    item = Item(key=key, position=9, kind="x", topic="t", approach="a", level="l", case_id=case.id)
    add(item)
    case.items.append(item)
    return item


def test_a_choice_is_stored_as_authored_whatever_the_order_shown() -> None:
    fellow, attempt = begin()
    place = shown_place(attempt.id, 1, authored=1)

    saved = save(fellow, attempt, 1, {"chosen": place})

    assert answer_of(attempt.id, 1) == {"chosen": 1}
    assert (saved.revision, saved.other_tab, saved.saved_at) == (1, False, NOW)
    assert saved.deadline_at == attempt.deadline_at


def test_all_kinds_of_answers_are_kept() -> None:
    fellow, attempt = begin()
    places = [shown_place(attempt.id, 2, authored=index) for index in (2, 0)]

    save(fellow, attempt, 2, {"chosen": places})
    save(fellow, attempt, 3, {"value": "99.5"})
    save(fellow, attempt, 4, {"text": "Naloxone"})

    assert answer_of(attempt.id, 2) == {"chosen": [0, 2]}
    assert answer_of(attempt.id, 3)["value"] == "99.5"
    assert answer_of(attempt.id, 4) == {"text": "Naloxone"}


def test_an_answer_can_be_taken_back() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, {"text": "Naloxone"}, seq=1)

    save(fellow, attempt, 4, None, seq=2)

    assert answer_of(attempt.id, 4) is None
    assert row_of(attempt.id, 4).revision == 2


def test_flagging_is_a_save_and_leaves_out_nothing() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, PageControls({"answer": ["Naloxone"], "flag": ["1"]}), seq=1)

    save(fellow, attempt, 4, {"text": "Naloxone"}, seq=2)

    assert row_of(attempt.id, 4).flagged is True
    assert len(events_of(attempt)) == 2


def test_a_replayed_packet_is_acknowledged_and_changes_nothing() -> None:
    fellow, attempt = begin()
    first = save(fellow, attempt, 4, {"text": "one"}, seq=3)
    save(fellow, attempt, 4, {"text": "two"}, seq=4)

    again = save(fellow, attempt, 4, {"text": "one"}, seq=3, now=NOW + SECOND)

    assert answer_of(attempt.id, 4) == {"text": "two"}
    assert first.revision == 1
    assert again.revision == 2
    assert len(events_of(attempt)) == 2


def test_an_older_packet_of_the_same_tab_never_wins() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, {"text": "new"}, tab="a", seq=9)
    save(fellow, attempt, 4, {"text": "other"}, tab="b", seq=1, now=NOW + SECOND)

    save(fellow, attempt, 4, {"text": "old"}, tab="a", seq=8, now=NOW + 2 * SECOND)

    assert answer_of(attempt.id, 4) == {"text": "other"}
    assert [event.answer for event in events_of(attempt)] == [
        {"text": "new"},
        {"text": "other"},
        {"text": "old"},
    ]


def test_between_tabs_the_last_arrival_wins_and_is_told() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, {"text": "from a"}, tab="a", seq=50)

    saved = save(fellow, attempt, 4, {"text": "from b"}, tab="b", seq=1)

    assert answer_of(attempt.id, 4) == {"text": "from b"}
    assert saved.other_tab is True
    assert save(fellow, attempt, 4, {"text": "b"}, tab="b", seq=2).other_tab is False


@pytest.mark.parametrize(
    ("position", "raw"),
    [
        pytest.param(1, {"chosen": 4}, id="no such option"),
        pytest.param(1, {"chosen": -1}, id="a negative place"),
        pytest.param(1, {"chosen": True}, id="a truth"),
        pytest.param(1, {"chosen": "0"}, id="words for a place"),
        pytest.param(1, {"chosen": [0, 1]}, id="two for one"),
        pytest.param(1, {"text": "second"}, id="words for a choice"),
        pytest.param(2, {"chosen": [0, 9]}, id="one of several is forged"),
        pytest.param(2, {"chosen": {"0": 1}}, id="an object"),
        pytest.param(3, {"value": "many"}, id="not a number"),
        pytest.param(4, {"text": 5}, id="not words"),
        pytest.param(4, [1, 2], id="not an answer at all"),
        pytest.param(4, "naloxone", id="bare words"),
    ],
)
def test_what_the_item_does_not_offer_is_refused_and_the_rest_stays(position, raw) -> None:
    fellow, attempt = begin()

    with pytest.raises(InvalidAnswer):
        save(fellow, attempt, position, raw)

    assert answer_of(attempt.id, position) is None
    assert events_of(attempt) == []
    assert row_of(attempt.id, position).saved_at is None


@pytest.mark.parametrize(
    ("tab", "seq"), [("", 1), ("x" * 65, 1), ("a\0", 1), ("a", -1), ("a", 2**63)]
)
def test_a_packet_without_sense_is_refused(tab, seq) -> None:
    fellow, attempt = begin()

    with pytest.raises(InvalidAnswer):
        save(fellow, attempt, 4, {"text": "x"}, tab=tab, seq=seq)


def test_nobody_saves_into_another_persons_attempt() -> None:
    _, attempt = begin()
    with transaction():
        stranger = make_fellow()

    with pytest.raises(NotFound):
        save(stranger, attempt, 4, {"text": "x"})
    with pytest.raises(NotFound):
        save(stranger, attempt, 99, {"text": "x"})

    assert answer_of(attempt.id, 4) is None
    assert row_of(attempt.id, 4).saved_at is None


@pytest.mark.parametrize(
    ("after", "kept"),
    [
        pytest.param(timedelta(minutes=30), True, id="at the bell"),
        pytest.param(timedelta(minutes=30) + GRACE, True, id="at the end of the grace"),
        pytest.param(
            timedelta(minutes=30) + GRACE + timedelta(microseconds=1), False, id="a moment later"
        ),
    ],
)
def test_the_servers_clock_alone_decides(after, kept) -> None:
    fellow, attempt = begin(time_limit=30)

    if kept:
        save(fellow, attempt, 4, {"text": "x"}, now=NOW + after)
    else:
        with pytest.raises(saving.AttemptClosed):
            save(fellow, attempt, 4, {"text": "x"}, now=NOW + after)

    assert (answer_of(attempt.id, 4) is not None) is kept


def test_what_comes_too_late_is_kept_apart() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, {"text": "in time"})
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW)

    with pytest.raises(saving.AttemptClosed):
        save(fellow, attempt, 4, {"text": "late"}, seq=2)
    with transaction():
        packet = Packet("a", 2, NOW + SECOND, ShownAnswer({"text": "late"}))
        stored = saving.keep_late(fellow, attempt.id, 4, packet)

    assert stored == {"answer": ["in time"]}
    assert answer_of(attempt.id, 4) == {"text": "in time"}
    assert [(e.answer, e.late) for e in events_of(attempt)] == [
        ({"text": "in time"}, False),
        ({"text": "late"}, True),
    ]


def test_a_strangers_late_packet_is_not_kept() -> None:
    fellow, attempt = begin()
    with transaction():
        stranger = make_fellow()
        services.submit_attempt(fellow, attempt.id, now=NOW)

    with pytest.raises(NotFound), transaction():
        saving.keep_late(stranger, attempt.id, 4, Packet("a", 1, NOW, ShownAnswer(None)))

    assert events_of(attempt) == []


def test_an_attempt_is_handed_in_once_and_the_second_time_nothing_happens() -> None:
    fellow, attempt = begin()
    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW + SECOND)

    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW + 5 * SECOND)

    found = fresh(attempt)
    assert (found.state, found.submitted_by) == (AttemptState.SUBMITTED, SubmittedBy.FELLOW)
    assert found.submitted_at == NOW + SECOND
    acts = db.session.scalars(
        db.select(AuditEvent.action).where(AuditEvent.object_type == "attempt")
    ).all()
    assert acts == ["attempt.start", "attempt.submit"]


def test_handing_in_long_after_the_bell_is_the_clocks_doing() -> None:
    fellow, attempt = begin(time_limit=30)

    with transaction():
        services.submit_attempt(fellow, attempt.id, now=NOW + timedelta(hours=2))

    assert fresh(attempt).submitted_by is SubmittedBy.CLOCK


def test_nobody_hands_in_for_another() -> None:
    _, attempt = begin()
    with transaction():
        stranger = make_fellow()

    with pytest.raises(NotFound), transaction():
        services.submit_attempt(stranger, attempt.id, now=NOW)

    assert fresh(attempt).state is AttemptState.IN_PROGRESS


@pytest.mark.parametrize(
    ("after", "closed"),
    [
        (timedelta(minutes=30) + GRACE, False),
        (timedelta(minutes=30) + GRACE + timedelta(microseconds=1), True),
        (timedelta(days=4000), True),
    ],
)
def test_the_clock_hands_in_only_after_the_grace(after, closed) -> None:
    _, attempt = begin(time_limit=30)

    with transaction():
        did = services.close_overdue(attempt.id, now=NOW + after)

    assert did is closed
    assert (fresh(attempt).state is AttemptState.SUBMITTED) is closed


def test_of_two_tabs_the_answer_given_last_counts_not_the_one_that_arrives_last() -> None:
    fellow, attempt = begin()
    save(fellow, attempt, 4, {"text": "phone"}, tab="phone", now=NOW + 60 * SECOND)

    kept = save(
        fellow, attempt, 4, {"text": "laptop"}, tab="laptop", now=NOW + 90 * SECOND,
        age=36 * SECOND,
    )  # fmt: skip

    assert kept.stands is True
    assert answer_of(attempt.id, 4) == {"text": "phone"}
    assert len(events_of(attempt)) == 2, "what does not count is in the log"

    later = save(
        fellow, attempt, 4, {"text": "laptop"}, tab="laptop", seq=2, now=NOW + 90 * SECOND,
        age=35 * SECOND,
    )  # fmt: skip

    assert (later.stands, later.other_tab) == (False, True)
    assert answer_of(attempt.id, 4) == {"text": "laptop"}
