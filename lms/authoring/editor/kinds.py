"""The types of items, as an author meets them."""

from question_bank.items import ITEM_TYPES

KINDS = {kind.type_name(): kind for kind in ITEM_TYPES}

KIND_NAMES = (
    ("single_best_answer", "Single best answer"),
    ("multiple_response", "Multiple response"),
    ("numeric", "A number"),
    ("short_answer", "Short answer"),
    ("ordering", "Ordering"),
    ("matching", "Matching"),
    ("extended_matching", "Extended matching"),
    ("key_feature", "Key feature"),
    ("hotspot", "A place on a picture"),
    ("script_concordance", "Script concordance"),
    ("essay", "Essay"),
)
"""The types of items, each with its words, the usual ones first."""

FIRST_KIND = "single_best_answer"
"""The type of an item that says no other."""


def known_kind(said: object) -> str:
    """Return the type that is *said*, or the first where there is none such."""
    return said if isinstance(said, str) and said in KINDS else FIRST_KIND
