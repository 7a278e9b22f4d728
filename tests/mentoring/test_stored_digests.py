"""What was kept of digests can be read for ever: rows of the first edition are there to stay."""

from fractions import Fraction

from lms.mentoring.digests.contents import Ask, Bar, from_json, to_json
from question_bank.scoring import Tally

KEPT = {
    "subject": "One of your two fellows needs a word this week",
    "lead": "The other one is on track.",
    "period": "Nov 16 to 22, 2026",
    "zone": "Eastern",
    "fellows": [
        {
            "id": 2,
            "name": "Dr. Amara Okafor",
            "needs_word": True,
            "why": [
                "Interventional items are a weak area: 21 of 40 correct in eight weeks, "
                "against 30 of 42 in the eight before."
            ],
            "news": "Finished Quiz 4. 23 items in this period, 14 correct.",
            "bars": [
                ["Pharmacological", 41, 1, 50],
                ["Interventional", 21, 1, 40],
                ["Rehabilitative", 18, 1, 24],
                ["Psychological", 5, 1, 8],
            ],
            "total": [85, 1, 122],
            "before": "Eight weeks before: Pharmacological 38 of 47.",
            "contrasts": ["Strength: Pharmacological, 41 of 50 (82%, 95% interval 69 to 90%)."],
            "late": [
                [
                    "Quiz 5 is one day overdue.",
                    "Due Sat Nov 21, 1:00 PM Eastern, closes Mon Nov 23, 1:00 PM Eastern; "
                    "14 of 14 items are open.",
                    "Quiz 5 is one day overdue.",
                ]
            ],
            "asks": [
                [
                    "Epidural steroid injection and radicular pain.",
                    "9 of 15 correct. A disc herniation with radicular pain earns the shot.",
                    "Epidural steroid injection and radicular pain (9 of 15)",
                ],
                [
                    "Psychological assessment and suicide risk.",
                    "5 of 8 correct. A disc herniation with radicular pain earns the shot.",
                    "Psychological assessment and suicide risk (5 of 8)",
                ],
                [
                    "Facet joint blocks and radiofrequency denervation.",
                    "12 of 25 correct. Remember what topical-49 taught.",
                    "Facet joint blocks and radiofrequency denervation (12 of 25)",
                ],
            ],
        },
        {
            "id": 3,
            "name": "Dr. Daniel Reyes",
            "needs_word": False,
            "why": [],
            "news": "Nothing new in this period.",
            "bars": [
                ["Pharmacological", 17, 1, 20],
                ["Interventional", 0, 1, 0],
                ["Rehabilitative", 16, 1, 20],
                ["Psychological", 0, 1, 0],
            ],
            "total": [33, 1, 40],
            "before": "No items in the eight weeks before.",
            "contrasts": [],
            "late": [],
            "asks": [
                [
                    "Low back and neck pain rehabilitation.",
                    "16 of 20 correct. Remember what topical-69 taught.",
                    "Low back and neck pain rehabilitation (16 of 20)",
                ],
                [
                    "Opioid selection, dosing and rotation.",
                    "17 of 20 correct. Remember what topical-67 taught.",
                    "Opioid selection, dosing and rotation (17 of 20)",
                ],
            ],
        },
    ],
}
"""`digest.said` as the first edition wrote it."""


def test_what_the_first_edition_kept_says_what_it_said() -> None:
    contents = from_json(KEPT)

    assert contents.subject == "One of your two fellows needs a word this week"
    assert (contents.period, contents.zone) == ("Nov 16 to 22, 2026", "Eastern")
    (weak,), ((tag, (fine,)),) = contents.in_need, contents.others
    assert (weak.tag, tag) == (("Talk this week", "warn"), "On track")
    assert (weak.fellow_id, weak.name) == (2, "Dr. Amara Okafor")
    assert weak.bars[1] == Bar("Interventional", Tally(Fraction(21), 40))
    assert weak.late == (
        Ask(
            "Quiz 5 is one day overdue.",
            "Due Sat Nov 21, 1:00 PM Eastern, closes Mon Nov 23, 1:00 PM Eastern; "
            "14 of 14 items are open.",
            "Quiz 5 is one day overdue.",
        ),
    )
    assert fine.total == Tally(Fraction(33), 40)
    assert fine.short == [
        "Nothing new in this period.",
        "Eight weeks: 33 of 40 (83%, 95% interval 68 to 91%). "
        "Pharmacological 17 of 20, Rehabilitative 16 of 20.",
        "Ask about: Low back and neck pain rehabilitation (16 of 20).",
    ]


def test_what_was_read_is_kept_as_it_was() -> None:
    assert to_json(from_json(KEPT)) == KEPT


def test_part_of_the_credit_is_kept_exactly() -> None:
    first, *others = KEPT["fellows"]
    bars = [["Interventional", 61, 3, 40]]
    kept = KEPT | {"fellows": [first | {"total": [1, 7, 3], "bars": bars}, *others]}

    part = from_json(kept).fellows[0]

    assert part.total == Tally(Fraction(1, 7), 3)
    assert part.bars == (Bar("Interventional", Tally(Fraction(61, 3), 40)),)
    assert to_json(from_json(kept)) == kept


def test_the_one_text_that_mails_of_before_kept_of_a_fellow_is_read() -> None:
    first, *others = KEPT["fellows"]
    kept = KEPT | {"fellows": [first | {"own_words": "Pumps,\nand <b>."}, *others]}

    part = from_json(kept).fellows[0]

    assert [(said.text, said.about) for said in part.own_words] == [("Pumps,\nand <b>.", "")]
    assert part.quotes == ["“Pumps, and <b>.”"]
    assert from_json(to_json(from_json(kept))) == from_json(kept)
