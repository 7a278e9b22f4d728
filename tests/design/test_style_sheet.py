"""The style sheet: contrast of its tokens in both schemes, its weight, and what it may not hold."""

import gzip
import re
from itertools import product
from pathlib import Path

import pytest

import lms

STATIC = Path(lms.__file__).parent / "static"
CSS = (STATIC / "lms.css").read_text(encoding="utf-8")
AUTHORS = (STATIC / "author.css").read_text(encoding="utf-8")
"""What the pages of those who write and review have beside it."""

ROOT = r":root \{(.*?)\}"
DARK_BY_SYSTEM = r':root:not\(\[data-theme="light"\]\) \{(.*?)\}'
DARK_BY_CHOICE = r':root\[data-theme="dark"\] \{(.*?)\}'

TOKEN = r"--([a-z0-9-]+): (#[0-9a-f]{6}|var\(--light, #[0-9a-f]{6}\) var\(--dark, #[0-9a-f]{6}\));"
"""A token has one color, or one for each scheme."""

TEXT = [
    *product(("ink", "ink-2", "brand", "brand-hover", "good", "bad", "warn"), ("paper", "canvas")),
    *product(("ink",), ("brand-tint", "good-tint", "bad-tint", "warn-tint")),
    ("paper", "warn"),
    ("ink-2", "brand-tint"),
    ("on-brand", "brand"),
    ("on-brand", "brand-hover"),
    ("brand", "brand-tint"),
    ("good", "good-tint"),
    ("bad", "bad-tint"),
    ("warn", "warn-tint"),
    ("paper", "good"),
    ("paper", "bad"),
    *((f"on-heat-{step}", f"heat-{step}") for step in (1, 3, 4)),
]
EDGES = [
    *product(("edge", "focus", "brand"), ("paper", "canvas", "brand-tint")),
    *product(("focus",), ("good-tint", "bad-tint", "warn-tint")),
    ("good", "good-tint"),
    ("bad", "bad-tint"),
    ("warn", "warn-tint"),
]


def block(selector: str) -> str:
    found = re.search(selector, CSS, re.DOTALL)
    assert found, selector
    return found[1]


def switches(selector: str) -> dict[str, str]:
    """Return what the block sets besides tokens, without the spaces around it."""
    rules = re.sub(TOKEN, "", block(selector))
    return {name: value.strip() for name, value in re.findall(r"([a-z-]+):(.*?);", rules)}


def scheme(name: str) -> dict[str, str]:
    """Return each token's color in the light or the dark scheme."""
    place = {"light": 0, "dark": -1}[name]
    tokens = re.findall(TOKEN, block(ROOT))
    return {token: re.findall(r"#[0-9a-f]{6}", value)[place] for token, value in tokens}


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_stands_out_at_least_4_5_to_1(name: str, text: str, ground: str) -> None:
    colours = scheme(name)

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_focus_stand_out_at_least_3_to_1(name: str, edge: str, ground: str) -> None:
    colours = scheme(name)

    assert contrast(colours[edge], colours[ground]) >= 3


def test_the_dark_scheme_is_the_same_by_system_and_by_choice() -> None:
    light = {"color-scheme": "light", "--light": "initial", "--dark": ""}
    dark = {"color-scheme": "dark", "--light": "", "--dark": "initial"}

    assert switches(ROOT) == light
    assert switches(DARK_BY_SYSTEM) == switches(DARK_BY_CHOICE) == dark


def test_each_color_of_a_token_stands_in_one_place() -> None:
    defined = re.findall(r"--([a-z0-9-]+):", block(ROOT))

    assert len(defined) == len(set(defined))
    assert "#" not in block(DARK_BY_SYSTEM) + block(DARK_BY_CHOICE)


def test_the_dark_scheme_changes_every_colour_but_the_heat_steps() -> None:
    light, dark = scheme("light"), scheme("dark")
    unchanged = {name for name in light if light[name] == dark[name]}

    assert all("heat-" in name for name in unchanged)


def test_every_token_used_is_defined() -> None:
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", CSS + AUTHORS))

    assert used - {"side"} <= set(scheme("light"))


def test_colours_are_written_in_tokens_only() -> None:
    rules = re.sub(TOKEN, "", CSS) + AUTHORS

    assert not re.findall(r"#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(", rules)


def test_the_sheet_weighs_at_most_8_5_kb_gzipped() -> None:
    assert len(gzip.compress(CSS.encode(), mtime=0)) <= 8.5 * 1024


def test_what_authors_load_beside_it_weighs_at_most_2_kb_gzipped() -> None:
    assert len(gzip.compress(AUTHORS.encode(), mtime=0)) <= 2 * 1024


def test_the_sheets_load_nothing() -> None:
    assert not re.search(r"url\(|@import|@font-face", CSS + AUTHORS)
