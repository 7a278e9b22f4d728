"""Addresses of static files: what changes them, and what browsers may keep."""

import re
import shutil
from collections.abc import Iterable
from os.path import dirname, normpath
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

import lms
from lms.core.assets import init_assets

STATIC = Path(lms.__file__).parent / "static"
SCRIPTS = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))
KEPT = "public, max-age=31536000"
ASKED_AGAIN = "no-cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the static files, which the test may change."""
    return shutil.copytree(STATIC, tmp_path / "static")


def upgraded(folder: Path) -> Flask:
    """Return an application that starts with the files in *folder* as they are now."""
    app = Flask("upgraded", static_folder=str(folder))
    init_assets(app)
    return app


def render(app: Flask, template: str, name: str) -> str:
    with app.test_request_context():
        return render_template_string(template, name=name)


def address(app: Flask, name: str) -> str:
    return render(app, "{{ static_url(name) }}", name)


def addresses(app: Flask, names: Iterable[str] = SCRIPTS) -> list[str]:
    return [address(app, name) for name in names]


def get(client: FlaskClient, address: str) -> tuple[int, str | None]:
    page = client.get(address)
    return page.status_code, page.headers["Cache-Control"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_changed_module_changes_the_address_of_every_module(folder: Path, name: str) -> None:
    before = addresses(upgraded(folder))

    with (folder / name).open("a", encoding="utf-8") as script:
        script.write("// changed\n")

    after = addresses(upgraded(folder))
    assert len(after) > 10
    assert not set(before) & set(after)


def test_a_module_that_moves_changes_the_address_of_every_module(folder: Path) -> None:
    before = address(upgraded(folder), "player.js")

    (folder / "player" / "clock.js").rename(folder / "player" / "watch.js")

    assert address(upgraded(folder), "player.js") != before


def test_a_changed_style_sheet_changes_its_own_address_only(folder: Path) -> None:
    names = ["lms.css", "logo.svg", *SCRIPTS]
    before = addresses(upgraded(folder), names)

    (folder / "lms.css").write_text("body {}", encoding="utf-8")

    after = addresses(upgraded(folder), names)
    assert after[0] != before[0]
    assert after[1:] == before[1:]


@pytest.mark.parametrize("name", ["player.js", "result.js"])
def test_what_modules_import_is_kept_under_the_same_edition_and_named_ahead(
    app: Flask, name: str
) -> None:
    client = app.test_client()
    entry = address(app, name)
    assert re.fullmatch(rf"/static/v-[0-9a-f]{{12}}/{name}", entry)
    waiting, seen = [entry], set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        page = client.get(place)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, KEPT), place
        assert page.mimetype == "text/javascript"
        imported = re.findall(r'^import .*"(\.[^"]+)";$', page.text, re.MULTILINE)
        waiting += [normpath(f"{dirname(place)}/{each}") for each in imported]

    named = render(app, '{% from "components/script.html" import script %}{{ script(name) }}', name)
    assert set(re.findall(r'(?:src|href)="([^"]+)"', named)) == seen


@pytest.mark.parametrize(
    "asked",
    [
        "/static/player.js?v=adc094d457db",
        "/static/player/clock.js",
        "/static/v-adc094d457db/player.js",
        "/static/v-adc094d457db/player/clock.js",
        "/static/lms.css?v=60da52b50cf2",
        "/static/lms.css",
    ],
)
def test_an_address_of_another_edition_is_answered_but_not_kept(app: Flask, asked: str) -> None:
    assert get(app.test_client(), asked) == (200, ASKED_AGAIN)


@pytest.mark.parametrize(
    "asked", ["/static/v-adc094d457db/", "/static/v-1/none.js", "/static/v-1/../../config.py"]
)
def test_what_is_no_file_is_not_there_in_any_edition(app: Flask, asked: str) -> None:
    assert app.test_client().get(asked).status_code == 404
