"""How texts are cut up and compared."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


def word_list(text: str) -> tuple[str, ...]:
    """Return the words of *text*: how long lists are kept readable."""
    return tuple(text.split())


STOP = frozenset(
    word_list(
        """
    about after again against all also although among and another any are around because been
    before being best between both but can could does done during each else ever every few for
    from given has have having her here hers him his how into its itself just large last later
    least left less like little longer made make many may might more most much near need needs new
    next not now off once one only other others over own per right same several second she short
    should small since some still such than that the their them then there these they this those
    through time today tonight too two three four until upon use used very was well were what when
    where whether which while who whom whose will with within without would year years month
    months week weeks days hours
    """
    )
)

ACTIONS = frozenset(
    word_list(
        """
    add adjust admit ask begin book cancel change check consult continue cut decrease defer
    discharge double drop exchange give halve hold implant increase infuse inject keep lower
    measure move obtain offer operate order place postpone prescribe raise recheck reduce refer
    remove repeat replace request restart resume rotate schedule send start stop swap switch take
    taper test treat wait withhold
    """
    )
)
"""What is done with drugs, tests and people."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|‘[^’]*’(?!\w)")


def tokens(text: str) -> tuple[str, ...]:
    """Return the words and numbers of *text*, case folded."""
    return tuple(_TOKEN.findall(text.casefold()))


@lru_cache(maxsize=256)
def content(text: str, shortest: int = 4) -> frozenset[str]:
    """Return the words of *text* with so many letters or more, in a common form."""
    return frozenset(
        stem(token)
        for token in tokens(text)
        if len(token) >= shortest and token.isalpha() and token not in STOP
    )


def first_word(text: str) -> str:
    """Return what *text* begins with, case folded; empty if it has no words."""
    return next(iter(text.casefold().split()), "")


def stem(word: str) -> str:
    """Return *word* without the endings of number: steps and step are the same."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


def roots(text: str) -> frozenset[str]:
    """Return the beginnings of the words of *text*: walking and walks are the same."""
    return frozenset(word[:4] for word in content(text)) | frozenset(
        token for token in tokens(text) if token[0].isdigit()
    )


def without_quotes(text: str) -> str:
    """Return *text* with what people say in it blanked out; lengths stay."""
    return _QUOTED.sub(lambda found: " " * len(found[0]), text)


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """Return the share of what two sets have in common, 0 to 1."""
    common = len(one & other)
    together = len(one) + len(other) - common
    return common / together if together else 0.0


def quoted(words: Iterable[str]) -> str:
    """Return *words* as a list in a sentence."""
    return ", ".join(f"“{word}”" for word in words)


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of *words*, as whole words, case aside."""
    each = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{each})\b", re.IGNORECASE)


_ANY_CASE = int(re.IGNORECASE)  # the flag as such reckons slowly


@dataclass(frozen=True)
class Sought:
    """A pattern that few texts have, and `signs`: wherever it is found, one of them stands.

    These are words, or patterns that begin with what they must have: looked for first, since that
    costs next to nothing. Where case is ignored words are in lower case. None: the pattern is such
    a one itself, and where a text ends is nothing to it.
    """

    pattern: re.Pattern[str]
    signs: tuple[str | re.Pattern[str], ...] = ()

    @property
    def of_any_case(self) -> bool:
        """Whether case is ignored."""
        return bool(self.pattern.flags & _ANY_CASE)

    def may_stand_in(self, text: str) -> bool:
        """Return whether *text*, in `one_case` where case is ignored, has one of the signs."""
        for sign in self.signs or (self.pattern,):
            if sign in text if isinstance(sign, str) else sign.search(text):
                return True
        return False

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place in *text*."""
        told = one_case(text) if self.of_any_case else text
        return self.pattern.search(text) if self.may_stand_in(told) else None


def one_case(text: str) -> str:
    """Return *text* in lower case: what patterns that ignore case take for equal is equal."""
    return text.casefold().replace("i̇", "i").replace("ı", "i")


def acts(word: str) -> bool:
    """Return whether *word* says what is done, like start or starting."""
    return word in ACTIONS or (
        word.endswith("ing") and bool({word[:-3], f"{word[:-3]}e", word[:-4]} & ACTIONS)
    )
