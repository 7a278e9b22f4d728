"""Case files with items of the newer types: what is wrong is said at its line, in plain words."""

import pytest

from question_bank.formats.native import CaseFileError, read_case
from tests.question_bank.builders import an_unfolding_case_file

TEXT = an_unfolding_case_file()
WHY = "why: The word stands for a reason that has twelve words or more of them."
L3 = '- {text: L3, why: "This root'
MASON = "text: A 45-year-old mason"
CUP = "polygon: [[350, 220], [420, 220], [420, 260], [350, 260]]"
WAIVER = "{rule: L24, why: The word never"
COUNTS = "{counts: [0, 1, 3, 6, 0]}"


def problem(old: str, new: str) -> str:
    """Return what is wrong with the file after the first *old* in it became *new*; one thing."""
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    with pytest.raises(CaseFileError) as caught:
        read_case(text, "back.yaml")
    (found,) = caught.value.problems
    return str(found)


def line_of(part: str) -> int:
    """Return the first line of the file, from 1, that holds *part*."""
    return TEXT[: TEXT.index(part)].count("\n") + 1


def without(start: str, end: str) -> str:
    """Return what stands in the file from *start* up to *end*."""
    begin = TEXT.index(start)
    return TEXT[begin : TEXT.index(end, begin)]


STEM = without("          - text: A 45", "      - key: drug-and-caution")
RUBRIC = without("          - name: Says what follows", "        model_answer")
REGIONS = without("          - text: Tip of", "          - text: Spinous")
LIST = without("          - {text: L3", "          - {text: L4")
PAIR = without("          - {left: Tramadol", "          - {left: Ketorolac")
STEPS = without("          - {text: Give oxygen", "  - title: Course")
LATER = without("  - title: Findings", "takeaway:")
MENU = without("          - {text: A film", "      - key: which-picture")

CASES = [
    # Extended matching
    ("key: L5\n", "key: L6\n", "which-root", "stages[1].items[0]",
     "the key “L6” is not the text of an option"),
    ("key: L5\n", "key: l5\n", "which-root", "stages[1].items[0]",
     "the key “l5” is not the text of an option"),
    ("            key: L5\n", "", MASON, "stages[1].items[0].stems[0].key", "is missing"),
    ("key: L5\n", "key: 5\n", "key: L5", "stages[1].items[0].stems[0].key",
     "is not text; put it in quotes"),
    ("{text: L3,", "{text: ' l2',", "which-root", "stages[1].items[0]",
     "the option “l2” stands there twice"),
    ("{text: L3,", "{text: L3, key: true,", L3, "stages[1].items[0].options[1].key",
     "is not a field of the format"),
    (LIST, "", "options:\n          - {text: L2",
     "stages[1].items[0].options", "has 5; give at least 6"),
    (STEM, STEM[: STEM.index("          - text: A 61")], "stems:", "stages[1].items[0].stems",
     "has 1; give at least 2"),
    ("        theme: Nerve roots of the leg\n", "", "which-root", "stages[1].items[0].theme",
     "is missing"),
    ("theme: Nerve", "theme: " + "Nerve " * 30, "theme:", "stages[1].items[0].theme",
     "is too long; write at most 120 characters"),
    # Matching
    ("right: Not with seizures", "right: not with CIPROFLOXACIN", "drug-and-caution",
     "stages[1].items[1]", "the option “not with CIPROFLOXACIN” stands there twice"),
    ("text: Not with milk", "text: Not with seizures", "drug-and-caution", "stages[1].items[1]",
     "the option “Not with seizures” stands there twice"),
    ("left: Tramadol", "left: Tizanidine", "drug-and-caution", "stages[1].items[1]",
     "the option “Tizanidine” stands there twice"),
    (PAIR, "", "pairs:", "stages[1].items[1].pairs", "has 2; give at least 3"),
    ("right: Not with seizures", "right: None of the above", "left: Tramadol",
     "stages[1].items[1].pairs[1].right", "an option stands for itself, not for others"),
    # Ordering
    (STEPS, "", "steps:", "stages[1].items[2].steps", "has 2; give at least 3"),
    ("text: Call for help", "text: Stop the injection", "first-steps", "stages[1].items[2]",
     "the option “Stop the injection” stands there twice"),
    ("{text: Call for help,", "{text: Call for help, key: true,", "{text: Call",
     "stages[1].items[2].steps[1].key", "is not a field of the format"),
    # Script concordance
    (COUNTS, "{counts: [0, 1, 3, 5, 0]}", "panel: {c", "stages[2].items[0].panel",
     "a panel has at least 10 members; these are 9"),
    (COUNTS, "{counts: [1, 3, 6, 0]}", "panel: {c", "stages[2].items[0].panel.counts",
     "has 4; give at least 5"),
    (COUNTS, "{counts: [0, 1, 3, 6, 0, 0]}", "panel: {c", "stages[2].items[0].panel.counts",
     "has 6; give at most 5"),
    (COUNTS, "{counts: [0, 1, 3, 6, -1]}", "panel: {c", "stages[2].items[0].panel.counts[4]",
     "is less than 0"),
    ("panel: wanted", "panel: awaited", "panel: wanted", "stages[2].items[1].panel",
     "is not a group of fields"),
    ("scale: treatment", "scale: therapy", "scale: treatment", "stages[2].items[0].scale",
     "is not one of diagnosis, investigation, treatment"),
    ("        idea: A lumbar medial branch block today\n", "", "inr-before-block",
     "stages[2].items[0].idea", "is missing"),
    # Key feature
    ("mode: menu", "mode: list", "mode: menu", "stages[2].items[2].mode",
     "is not one of menu, write_in"),
    ("permitted: 3", "permitted: 0", "permitted: 3", "stages[2].items[2].permitted",
     "is less than 1"),
    ("permitted: 3", "permitted: three", "permitted: 3", "stages[2].items[2].permitted",
     "is not a whole number"),
    ("weight: 2, why", "weight: 4, why", "{text: Whole-spine MRI today",
     "stages[2].items[2].options[0].weight", "is more than 3"),
    ("{text: A film of the chest,", "{text: A film of the chest, weight: 2,", "first-hour",
     "stages[2].items[2]", "only a key has a “weight”"),
    ("{text: A film of the chest,", "{text: A film, accept: [film],", "first-hour",
     "stages[2].items[2]", "“accept” belongs to the mode write_in"),
    (MENU, "", "first-hour", "stages[2].items[2]", "a menu has at least 6 options"),
    ("{text: Call the surgeon, key: true,", "{text: Call him, key: true, harm: A wait,",
     "{text: Call the surgeon", "stages[2].items[2].options[1]",
     "a key does no harm: drop “harm”, or “key”"),
    ("harm: Delayed decompression, why", "harm: no, why", "{text: Bed rest",
     "stages[2].items[2].options[3].harm", "is not text; put it in quotes"),
    ('accept: ["*puncture*"]', 'accept: [""]', "{text: Lumbar",
     "stages[2].items[3].options[2].accept[0]", "is empty"),
    ('accept: ["*puncture*"]', 'accept: "*puncture*"', "{text: Lumbar",
     "stages[2].items[3].options[2].accept", "is not a list"),
    # Hotspot
    (CUP, "polygon: [[345, 220], [420, 220], [420, 260], [345, 260]]", "where-to-place",
     "stages[2].items[4]", "the regions “Junction of the articular and the transverse process of "
     "L5” and “Tip of the transverse process of L5” overlap"),
    (CUP, "polygon: [[420, 220], [350, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon", "has 2; give at least 3"),
    (CUP, "polygon: [[350, 220], [420, 260], [420, 220], [350, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon",
     "goes once around an area, and no two of its sides cross"),
    (CUP, "polygon: [[350, 220], [420], [420, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon[1][1]", "is missing"),
    (CUP, "polygon: [[350, 220], [420, 220, 1], [420, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon[1]", "has 3; give at most 2"),
    (CUP, "polygon: [[350, 220], [420.5, 220], [420, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon[1][0]", "is not a whole number"),
    (CUP, "polygon: [[350, 220], [2001, 220], [420, 260]]", "polygon: [[350",
     "stages[2].items[4].regions[1].polygon[1][0]", "is more than 2000"),
    (REGIONS, "", "regions:", "stages[2].items[4].regions", "has 2; give at least 3"),
    ("text: Tip of the transverse process of L5", "text: Spinous process of l4", "where-to-place",
     "stages[2].items[4]", "the option “Spinous process of L4” stands there twice"),
    (CUP, CUP + "\n            key: true", "where-to-place", "stages[2].items[4]",
     "mark exactly one region with “key: true”; 2 are marked"),
    ("image: fluoro-lumbar-ap.svg", "image: ../fluoro.png", "image: fluoro",
     "stages[2].items[4].image", "is not the name of a picture, like knee-front.svg"),
    # Essay
    ("{points: 1, text: Says", "{points: 2, text: Says", "- name: Says what the",
     "stages[2].items[5].rubric[0]", "levels begin at 0 points and ascend"),
    ("{points: 0, text: Not said}", "{points: 1, text: Not said}", "- name: Says what follows",
     "stages[2].items[5].rubric[1]", "levels begin at 0 points and ascend"),
    ("{points: 3, text", "{points: 11, text", "{points: 3,",
     "stages[2].items[5].rubric[1].levels[1].points", "is more than 10"),
    ("              - {points: 3, text: Names the second test}\n", "", "levels:\n              - "
     "{points: 0, text: Not said}", "stages[2].items[5].rubric[1].levels",
     "has 1; give at least 2"),
    (RUBRIC, "", "rubric:", "stages[2].items[5].rubric", "has 1; give at least 2"),
    ("name: Says what follows", "name: Says what the test can show", "explain-the-result",
     "stages[2].items[5]", "give every criterion of the rubric a name of its own"),
    ("words: 50", "words: 501", "words: 50", "stages[2].items[5].words", "is more than 500"),
    ("The first test is quick", "The first test" + " very" * 60 + " quick", "explain-the-result",
     "stages[2].items[5]", "the model answer is longer than the 50 words permitted"),
    # Harm
    ("            harm: Delayed decompression\n", "            harm: D\n", "harm: Delayed",
     "stages[0].items[0].options[1].harm", "is too short; write at least 3 characters"),
    ("- text: Imaging today\n", "- text: Imaging today\n            harm: Rays\n",
     "- text: Imaging today", "stages[0].items[0].options[0]",
     "a key does no harm: drop “harm”, or “key”"),
    # Stages
    (LATER, "", "format:", "case", "a case that unfolds has two stages or more"),
    ("takeaway:", "vignette: A man.\ntakeaway:", "format:", "case",
     "a case with “stages” has no vignette, exhibits or items beside them"),
    ("takeaway:", "exhibits: [{key: a, title: A, table: {columns: [A], rows: [[b]]}}]\ntakeaway:",
     "format:", "case", "a case with “stages” has no vignette, exhibits or items beside them"),
    ("key: signs", "key: first-steps", "format:", "case",
     "give every item and every exhibit a “key” of its own"),
    ("key: strip", "key: labs", "format:", "case",
     "give every item and every exhibit a “key” of its own"),
    (without("    text: |\n      The picture", "    items:"), "", "- title: Findings",
     "stages[1].text", "is missing"),
    (without("    items:\n      - key: which-root", "  - title: Course"), "    items: []\n",
     "    items:\n      - key: which-root", "stages[1].items", "has 0; give at least 1"),
    # Exhibits
    (without("        alt: From", "        caption"), "", "- key: strip", "stages[0].exhibits[1]",
     "say in “alt” what the image shows"),
    ("        image: ecg-long-qt.svg\n", "", "- key: strip", "stages[0].exhibits[1]",
     "give either a “table” or an “image”"),
    ("        table:\n", "        image: knee-front.svg\n        table:\n", "- key: labs",
     "stages[0].exhibits[0]", "give either a “table” or an “image”"),
    ("[Sodium, 128 mmol/L]", "[Sodium]", "table:", "stages[0].exhibits[0].table",
     "row 1 has 1 cells for 2 columns"),
    ('[INR, "2.4"]', '[INR, "2.4", high]', "table:", "stages[0].exhibits[0].table",
     "row 2 has 3 cells for 2 columns"),
    ('[INR, "2.4"]', "[INR, 2.4]", "- [INR", "stages[0].exhibits[0].table.rows[1][1]",
     "is not text; put it in quotes"),
    ("columns: [Test, Result]", "columns: []", "columns:", "stages[0].exhibits[0].table.columns",
     "has 0; give at least 1"),
    ("image: ecg-long-qt.svg", "image: ecg-long-qt.gif", "image: ecg",
     "stages[0].exhibits[1].image", "is not the name of a picture, like knee-front.svg"),
    ("key: strip", "key: Strip II", "- key: strip", "stages[0].exhibits[1].key",
     "is not a lower-case name with hyphens"),
    # Waivers
    (WAIVER, "{rule: no-not, why: The word never", "- {rule", "waivers[0].rule",
     "is not the id of a rule, like L24"),
    ("why: The word never stands in the quotation itself", "why: So", "- {rule", "waivers[0].why",
     "is too short; write at least 12 characters"),
    (", why: The word never stands in the quotation itself", "", "- {rule", "waivers[0].why",
     "is missing"),
]  # fmt: skip
"""What is changed to what; a part of the line that is to be named, the field, and the sentence."""


@pytest.mark.parametrize(
    ("old", "new", "at", "field", "message"),
    [pytest.param(*case, id=f"{case[3]} {case[4]}"[:70]) for case in CASES],
)
def test_a_problem_is_named_with_file_line_field_and_sentence(
    old: str, new: str, at: str, field: str, message: str
) -> None:
    assert problem(old, new) == f"back.yaml:{line_of(at)}: {field}: {message}"
