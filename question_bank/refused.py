"""What a page sent as an answer and could not be taken, in the words of the person who gave it."""

from collections.abc import Iterator, Sequence

from question_bank.items import Fields, ItemForFellow

LONGEST = 8192
"""How many bytes of it are kept, as UTF-8."""

_ASIDE = ("flag", "confidence", "unit")
"""Controls that are no part of an answer, but for the unit, which stands behind its number."""


def as_typed(item: ItemForFellow, fields: Fields, order: Sequence[int]) -> str:
    """Return what the controls of *item* hold as it was typed, or as the options chosen read.

    It need be no answer. What is longer than `LONGEST` is cut, and what no database takes (a NUL,
    half a surrogate pair) is replaced.

    Args:
        item: As it was shown.
        fields: Its controls, by their names.
        order: `order[0]` is the authored index of the option that was shown first.
    """
    shown = [item.options[index] for index in order]
    text = "; ".join(_lines(fields, shown))
    unit = "".join(fields.get("unit", ())[:1])[:LONGEST]
    return storable(f"{text} {unit}".strip() if unit else text)


def _lines(fields: Fields, shown: Sequence[str]) -> Iterator[str]:
    for name, values in fields.items():
        control, _, row = name.partition(".")
        if control in _ASIDE:
            continue
        for value in values:
            if value.strip():
                yield _line(control, row, value[:LONGEST].strip(), shown)


def _line(control: str, row: str, value: str, shown: Sequence[str]) -> str:
    if control == "rank":
        return f"{_named(row, shown)}: {value}"
    return value if control == "entry" else _named(value, shown)


def _named(value: str, shown: Sequence[str]) -> str:
    """Return the option at the place that *value* is; what is none as it is."""
    is_place = value.isascii() and value.isdigit() and len(value) < 3 and int(value) < len(shown)
    return shown[int(value)] if is_place else value


def storable(text: str) -> str:
    """Return *text* without what no database takes, cut to `LONGEST`."""
    encoded = text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace")
    return encoded[:LONGEST].decode("utf-8", "ignore")
