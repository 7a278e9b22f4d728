"""Addresses of our own static files that change when the file does, so browsers keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

YEAR = 365 * 24 * 3600


def init_assets(app: Flask) -> None:
    """Offer `static_url(name)` to templates, and let browsers keep what it names."""
    folder = Path(app.static_folder or "")

    @lru_cache(maxsize=256)
    def fingerprint(name: str) -> str:
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    def static_url(name: str) -> str:
        return url_for("static", filename=name, v=fingerprint(name))

    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = YEAR
    app.jinja_env.globals["static_url"] = static_url
