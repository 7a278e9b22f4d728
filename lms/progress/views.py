"""Progress: a fellow's own, and a mentor's fellows."""

from flask import Blueprint

bp = Blueprint("progress", __name__)
