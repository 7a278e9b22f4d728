"""Ten thousand malformed cases and answers: each is taken or refused with a sentence."""

import copy
import json
import pickle
import re
from collections import Counter
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.case import Case, InvalidCase, case_to_json, parse_case
from question_bank.formats.native import CaseFileError, Dumper, read_case
from question_bank.items import InvalidResponse, renamed
from tests.question_bank.builders import an_unfolding_case_file
from tests.question_bank.contract import answer_or_refusal, best_answer, check_any_json
from tests.question_bank.kinds import CASE, CONTROLS, FIELDS, KINDS, count_of

pytestmark = pytest.mark.slow

HOW_MANY = 5_000
BATCH = 50
"""How many are made from one seed."""

SEED = st.randoms(use_true_random=True)  # seeded, and quicker than drawing part by part

WRITTEN = yaml.safe_load(an_unfolding_case_file())
BODY = json.loads(json.dumps(case_to_json(CASE)))

ENGLISH = re.compile(
    r"Input should|should (have|match)|[Vv]alid |Value error|not permitted|Field req"
)
"""How pydantic says it, to programmers."""

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 7, 99, 10**30, 0.5, 1e300, float("nan"), float("inf"), "", " ",
    "x", "7", "-5", "−5", "1e99", "a" * 5_000, "\u202e", "\n", "a?b?", "L5", "wanted", "*", "\\",
    "Both A and B", "2026-02-30", [], [[]], [None], [0, 0], [1, 2, 3], ["a", "a"], {}, {"a": 1},
    {"text": "x"}, {"counts": [1] * 5}, {"type": "essay"}, {"0": 0}, [{"key": True}] * 30,
)  # fmt: skip
"""What may stand anywhere."""

NAMES = (*FIELDS, "key", "type", "why", "harm", "weight", "accept", "stages", "items", "0", "", "ß")


def places(part: Any) -> list[tuple[Any, Any]]:
    """Return every container inside *part* with each of its names or indices."""
    found, waiting = [], [part]
    while waiting:
        each = waiting.pop()
        inner = list(each.items()) if isinstance(each, dict) else list(enumerate(each))
        found += [(each, name) for name, _ in inner]
        waiting += [value for _, value in inner if isinstance(value, dict | list)]
    return found


def damage(tree: Any, random: Random) -> None:
    """Change one place of *tree*."""
    found = places(tree)
    if not found:
        return
    part, name = random.choice(found)
    other, other_name = random.choice(found)
    match random.randrange(7):
        case 0:
            del part[name]
        case 1:
            part[name] = [part[name]]
        case 2:
            part[name] = copy.deepcopy(other[other_name])
        case 3 if isinstance(part, dict):
            part[random.choice(NAMES)] = part.pop(name)
        case 4 if isinstance(part, list):
            part.append(copy.deepcopy(part[name]))
        case 5 if isinstance(part[name], str):
            part[name] = part[name][: random.randrange(20)]
        case _:
            part[name] = copy.deepcopy(random.choice(VALUES))


def damaged(tree: Any, random: Random) -> Any:
    """Return *tree* after one to four changes."""
    found = pickle.loads(pickle.dumps(tree))  # quicker than `deepcopy`
    for _ in range(random.randint(1, 4)):
        damage(found, random)
    return found


def case_or_refusal(random: Random) -> Case | InvalidCase | CaseFileError:
    """Return what a damaged case, as JSON or as a file, is read as; anything else is raised."""
    try:
        if random.random() < 0.5:
            return parse_case(damaged(BODY, random))
        text = yaml.dump(damaged(WRITTEN, random), Dumper=Dumper, allow_unicode=True)
        return read_case(text, "damaged.yaml")
    except (InvalidCase, CaseFileError) as refusal:
        return refusal


def test_five_thousand_malformed_cases_are_cases_or_are_refused_plainly(
    is_long: bool,
) -> None:
    many = 10 * HOW_MANY if is_long else HOW_MANY
    seen: Counter[str] = Counter()

    @settings(max_examples=many // BATCH)
    @given(SEED)
    def batch(random: Random) -> None:
        for _ in range(BATCH):
            found = case_or_refusal(random)
            seen[type(found).__name__] += 1
            if isinstance(found, Case):
                assert parse_case(case_to_json(found)) == found
                continue
            assert found.problems
            assert all(each.field and each.message for each in found.problems)
            assert ENGLISH.search(str(found)) is None, str(found)

    batch()
    assert seen.total() >= many
    assert seen["InvalidCase"] > many / 4
    assert seen["CaseFileError"] > many / 4


def answer_like(item: Any, random: Random) -> Any:
    """Return something like an answer to *item*, as JSON, as it comes through a door."""
    order = random.sample(range(count_of(item)), count_of(item))
    match random.randrange(4):
        case 0:
            names = random.choices(CONTROLS, k=4)
            pool = ["", "0", "1", "2", "9", "-1", "x", "1 mg", "−5", "foot drop", "\0", "a" * 999]
            fields = {name: random.choices(pool, k=random.randint(0, 2)) for name in names}
            return renamed(item.for_fellow().read_controls(fields), order)
        case 1:
            return renamed(damaged(best_answer(item), random), order)
        case 2:
            return {random.choice(FIELDS): random.choice(VALUES)}
    return damaged(best_answer(random.choice(KINDS)), random)


def test_five_thousand_malformed_answers_are_answers_or_are_refused(is_long: bool) -> None:
    many = 10 * HOW_MANY if is_long else HOW_MANY
    seen: Counter[str] = Counter()

    @settings(max_examples=many // BATCH)
    @given(SEED)
    def batch(random: Random) -> None:
        for _ in range(BATCH):
            item = random.choice(KINDS)
            try:
                raw = answer_like(item, random)
            except InvalidResponse:
                seen["InvalidResponse"] += 1
                continue
            seen[type(answer_or_refusal(item, raw)).__name__] += 1
            check_any_json(item, raw)

    batch()
    assert seen.total() >= many
    assert seen["InvalidResponse"] > many / 4
