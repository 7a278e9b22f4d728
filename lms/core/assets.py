"""Addresses of our own static files that change when the file does, so browsers keep them.

A file has its fingerprint behind it: `/static/lms.css?v=0a1b2c3d4e5f`. Scripts are modules that
import one another by relative addresses, which take over a folder but nothing behind it. So a
script has the fingerprint of all scripts together before it: in `/static/v-0a1b2c3d4e5f/player.js`,
"./player/clock.js" means `/static/v-0a1b2c3d4e5f/player/clock.js`. A module that changes gives all
of them new addresses, and a page never mixes two editions. (An import map would let browsers keep
the others, but has to stand in the page, and the policy allows no script there.)

The modules of a script are in the folder of its name, and what scripts share is in `common`. A page
names all that its script imports, so that browsers ask for them at once and not one after another.

Only what is named as it is now may be kept, for a year. Any other address, as of a page opened
before an upgrade, is answered with what the file is today, and the browser has to ask each time.
"""

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath

from flask import Flask, Response, request, send_from_directory, url_for

YEAR = 365 * 24 * 3600

_IMPORTED = re.compile(r'^import (?:[^";]* from )?"(\.[^"]+)";$', re.MULTILINE)
"""What a module asks for, beside it."""


def init_assets(app: Flask) -> None:
    """Offer `static_url(name)` and `modules_of(script)` to templates.

    Let browsers keep what the first names. The second gives the names of what a script imports.
    """
    folder = Path(app.static_folder or "")

    @lru_cache(maxsize=256)
    def fingerprint(name: str) -> str:
        files = sorted(folder.rglob("*.js")) if _is_script(name) else [folder / name]
        return _fingerprint(folder, files)

    def static_url(name: str) -> str:
        return address(name, request.root_path)

    @lru_cache(maxsize=1024)
    def address(name: str, _root: str) -> str:
        """Return the address of a file, the service being at *_root*; a page asks for twenty."""
        if _is_script(name):
            return url_for("static", filename=name, edition=fingerprint(name))
        return url_for("static", filename=name, v=fingerprint(name))

    @lru_cache(maxsize=256)
    def modules_of(script: str) -> list[str]:
        return sorted(_imported_by(folder, script))

    def serve(filename: str, edition: str | None = None) -> Response:
        page = send_from_directory(folder, filename)
        if fingerprint(filename) == (edition or request.args.get("v")):
            page.cache_control.no_cache = None
            page.cache_control.public = True
            page.cache_control.max_age = YEAR
        return page

    app.view_functions["static"] = serve
    app.add_url_rule("/static/v-<edition>/<path:filename>", endpoint="static")
    app.jinja_env.globals.update(static_url=static_url, modules_of=modules_of)


def _imported_by(folder: Path, script: str) -> set[str]:
    """Return the names of all modules in *folder* that a browser loads because of *script*."""
    found: set[str] = set()
    waiting = [script]
    while waiting:
        name = waiting.pop()
        text = (folder / name).read_text("utf-8")
        imported = {normpath(join(dirname(name), each)) for each in _IMPORTED.findall(text)}
        waiting += imported - found
        found |= imported
    return found


def _is_script(name: str) -> bool:
    return name.endswith(".js")


def _fingerprint(folder: Path, files: list[Path]) -> str:
    """Return what changes when one of *files* in *folder* is renamed or says something else."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
