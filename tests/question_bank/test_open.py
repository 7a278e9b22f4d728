"""`question_bank/content/OPEN.md` says of the shipped bank what is so."""

import re
from functools import cache

from question_bank.case import Case
from question_bank.formats.native import read_case
from question_bank.knowledge import parse_facts
from tests.question_bank.builders import CONTENT, case_files

PAGE = (CONTENT / "OPEN.md").read_text(encoding="utf-8")


@cache
def bank() -> dict[str, Case]:
    read = (read_case(path.read_text(encoding="utf-8"), path.name) for path in case_files())
    return {case.slug: case for case in read}


def under(title: str) -> str:
    """Return what the page says under the heading *title*."""
    return PAGE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def rows(title: str) -> list[list[str]]:
    """Return the rows of the table under *title*, without its head."""
    lines = [line for line in under(title).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def by_case() -> dict[str, str]:
    """Return what is said of each case that has a heading of its own."""
    _, *parts = re.split(r"^### `([^`]+)`$", under("By case"), flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_case_that_is_named_is_in_the_bank() -> None:
    named = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", PAGE))

    assert named - bank().keys() == set()
    assert list(by_case()) == sorted(by_case())


def test_every_fact_that_is_named_is_in_the_fact_base() -> None:
    facts = parse_facts((CONTENT / "facts.yaml").read_text(encoding="utf-8"))

    assert set(re.findall(r"\b[GINPRXY]\d{2,3}\b", PAGE)) <= set(facts)


def test_every_fact_still_to_be_checked_is_listed_with_the_cases_that_cite_it() -> None:
    facts = parse_facts((CONTENT / "facts.yaml").read_text(encoding="utf-8"))
    open_facts = [fact.id for fact in facts.values() if fact.status == "check"]
    citing = {
        fact: sorted(slug for slug, case in bank().items() if fact in case.facts)
        for fact in open_facts
    }

    told = {fact: re.findall(r"`([^`]+)`", cases) for fact, cases, _ in rows(CHECK)}

    assert told == citing


CHECK = "Facts still to be checked"


def test_every_waiver_is_listed_and_no_other() -> None:
    waivers = [
        [f"`{slug}`", waiver.rule, waiver.at or "anywhere"]
        for slug, case in sorted(bank().items())
        for waiver in case.waivers
    ]

    assert rows("Waivers") == waivers


def test_an_option_that_is_quoted_as_unmarked_is_one_that_names_no_act() -> None:
    quoted = [
        (slug, option)
        for slug, said in by_case().items()
        for line in re.findall(r"- Left unmarked:(.*?)(?=\n- |\Z)", said, re.DOTALL)
        for option in re.findall(r"“([^”]+)”", " ".join(line.split()))
    ]

    assert quoted
    for slug, option in quoted:
        lines = [line for item in bank()[slug].questions for line in item.review(None)]
        assert [line.harm for line in lines if line.text == option] == [None], (slug, option)
