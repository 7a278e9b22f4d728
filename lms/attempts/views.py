"""A fellow's pages: what is due, taking a quiz, looking back."""

from flask import Blueprint

bp = Blueprint("attempts", __name__)
