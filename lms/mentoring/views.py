"""A mentor's mails, and stopping them."""

from flask import Blueprint

bp = Blueprint("mentoring", __name__)
