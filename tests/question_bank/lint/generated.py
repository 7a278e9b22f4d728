"""Banks of any size, made of the shipped cases: every case is told anew in other words."""

from collections.abc import Iterator
from random import Random

from question_bank.case import Case, Stage
from question_bank.rules.words import tokens
from tests.question_bank.lint.drafts import shipped


def bank(size: int, seed: int = 1, changed: float = 0.5) -> list[Case]:
    """Return so many cases; of the words of each, the share *changed* is another's of the bank."""
    chance = Random(seed)
    words = [word for each in shipped() for word in tokens(each.parts[0].text)]
    return [_told_anew(chance, words, n, changed) for n in range(size)]


def _told_anew(chance: Random, words: list[str], n: int, changed: float) -> Case:
    case = shipped()[chance.randrange(len(shipped()))]
    parts = tuple(
        Stage.model_construct(**dict(part) | {"text": _other(chance, words, part.text, changed)})
        for part in case.parts
    )
    told = {"stages": parts} if case.unfolds else {"vignette": parts[0].text}
    fields = {name: getattr(case, name) for name in Case.model_fields}
    return Case.model_construct(**fields | told | {"slug": f"case-{n}"})


def _other(chance: Random, words: list[str], text: str, changed: float) -> str:
    return " ".join(_words(chance, words, text, changed))


def _words(chance: Random, words: list[str], text: str, changed: float) -> Iterator[str]:
    for word in text.split():
        yield chance.choice(words) if chance.random() < changed else word
