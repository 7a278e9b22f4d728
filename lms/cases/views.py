"""The bank, for those who write and assign."""

from flask import Blueprint

bp = Blueprint("cases", __name__)
