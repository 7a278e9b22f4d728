"""Answers to the items of `EVERY_KIND`: their controls, what is kept, and what they earn."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

Place = Callable[[int], str]
"""Where the fellow sees an authored option, as the page's controls say it."""


Answer = tuple[Callable[[Place], dict[str, list[str]]], dict[str, Any], Fraction | None]


PROSE = "First I listen.\nThen I explain it in plain words."


ANSWERS: dict[str, Answer] = {
    "next-step": (lambda at: {"answer": [at(1)]}, {"chosen": 1}, Fraction(1)),
    "safe-drugs": (
        lambda at: {"answer": sorted([at(0), at(2)])},
        {"chosen": [0, 2]},
        Fraction(1),
    ),
    "total-dose": (lambda _: {"answer": ["100"]}, {"value": "100"}, Fraction(1)),
    "name-the-drug": (lambda _: {"answer": ["naloxone"]}, {"text": "naloxone"}, Fraction(1)),
    "which-nerve": (
        lambda at: {"row.0": [at(1)], "row.1": [at(4)]},
        {"picks": [1, 4]},
        Fraction(1, 2),
    ),
    "drug-and-target": (
        lambda at: {"row.0": [at(0)], "row.2": [at(3)]},
        {"picks": [0, None, 3]},
        Fraction(1, 3),
    ),
    "in-which-order": (
        lambda at: {f"rank.{at(step)}": [rank] for step, rank in enumerate("1324")},
        {"ranks": [[0, "1"], [1, "3"], [2, "2"], [3, "4"]]},
        Fraction(2, 3),
    ),
    "after-the-scan": (lambda at: {"answer": [at(2)]}, {"chosen": 2}, Fraction(1, 2)),
    "first-orders": (
        lambda at: {"answer": sorted([at(1), at(5)])},
        {"chosen": [1, 5]},
        Fraction(0),
    ),
    "write-the-tests": (
        lambda _: {"entry.0": ["mg level"], "entry.1": ["potassium"]},
        {"entries": ["mg level", "potassium"]},
        Fraction(1),
    ),
    "where-to-inject": (lambda at: {"answer": [at(1)]}, {"chosen": 1}, Fraction(1)),
    "tell-the-patient": (lambda _: {"answer": [PROSE]}, {"text": PROSE}, None),
}
"""For each item: the controls, given where its options stand; what is stored; what it earns."""
