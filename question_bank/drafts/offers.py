"""What the editor of a case offers beside what each item type does: see `items.editing`.

`CASE` is all of it in the order of writing, which is offered and not forced: what is to be decided
and what that rests on, the stages with their items, then what is carried away, sources and tags.
"""

from question_bank.items.editing import (
    CellsPart,
    ChoicePart,
    ImagePart,
    ListPart,
    NumberPart,
    TagPart,
    TextPart,
)

STARTERS = (
    "Which of the following is the most appropriate next step?",
    "Which of the following is the most likely diagnosis?",
    "Which of the following best explains this finding?",
    "Which finding most strongly argues against proceeding today?",
    "Which of the following is the most appropriate first treatment?",
    "What total daily dose does this regimen amount to?",
)
"""Lead-ins to begin with."""

PLAN = (
    TextPart("title", "Title", "What fellows see on top; it gives no answer away.", most=120),
    TextPart(
        "decision", "Decision", "What the fellow has to decide, in one sentence.", rows=2, most=400
    ),
    TagPart("facts", "Facts it rests on", among="facts"),
)
"""What comes before the story."""

ITEM = (
    TextPart("lead_in", "Lead-in", "One closed question, answerable with the options covered."),
)
"""What every item begins with, before what its type offers."""

ITEM_END = (
    ChoicePart("level", "Level", "Of this item, not of the case.", among="levels"),
    NumberPart("points", "Points", "What it weighs, 1 to 10.", whole=True),
)
"""What every item ends with."""

EXHIBITS = ListPart(
    "exhibits",
    "Exhibits",
    "A table, or a picture with the same in words.",
    of=(
        TextPart("title", "Title", most=120),
        ImagePart("image", "Picture"),
        TextPart("alt", "The picture in words", "The data, not the conclusion.", rows=3),
        CellsPart("table/columns", "Columns", "Up to 8."),
        ListPart("table/rows", "Rows", of=(CellsPart("cells", "Cells"),), most=40, one="row"),
        TextPart("caption", "Caption"),
    ),
    most=6,
    one="exhibit",
)

STAGES = ListPart(
    "stages",
    "Stages",
    "One for a case that says all at once.",
    of=(
        TextPart("title", "Title", "Of a stage of several.", most=80),
        TextPart("text", "Story", "The data, not the conclusion.", rows=8, most=8000),
        EXHIBITS,
        ListPart("items", "Items", "Asked once this is known.", most=20, one="item"),
    ),
    fewest=1,
    most=5,
    one="stage",
    ordered=True,
)
"""The rows of `items` are those of `ITEM`, of the editor of their type, and of `ITEM_END`."""

REFERENCES = ListPart(
    "references",
    "Sources",
    "At least one guideline or landmark paper.",
    of=(
        TextPart("authors", "Authors or body"),
        TextPart("title", "Title", rows=2),
        TextPart("source", "Journal or publisher", "With volume and pages."),
        NumberPart("year", "Year", whole=True),
        TextPart("doi", "DOI", "Like 10.1000/182."),
        TextPart("supports", "What it supports", "Which statement in it the keys rest on.", rows=2),
    ),
    fewest=1,
    most=40,
    one="source",
)

TAGS = (
    ChoicePart("topic", "Topic", among="topics"),
    TagPart("tracks", "Tracks", "Both, unless one track is not trained for it.", among="tracks"),
    TagPart("focus", "Focus", "What is asked about.", among="focus"),
    ChoicePart("condition", "Condition", among="condition"),
    TagPart("population", "Population", among="population"),
    ChoicePart("setting", "Setting", among="setting"),
    ChoicePart("sibling_of", "Sibling of", "Same decision, new story.", among="siblings"),
)

WAIVERS = ListPart(
    "waivers",
    "Advice that is kept as it is",
    of=(
        ChoicePart("rule", "Rule", among="rules"),
        TextPart("why", "Why it is kept", "In 12 letters or more."),
        TextPart("at", "Where", "Empty: wherever the rule speaks."),
    ),
    most=20,
    one="kept advice",
)

CASE = (
    *PLAN,
    STAGES,
    TextPart("takeaway", "Takeaway", "One sentence, at most 25 words.", rows=2),
    REFERENCES,
    *TAGS,
    WAIVERS,
)
