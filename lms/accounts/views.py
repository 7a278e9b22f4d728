"""Signing in, links from mails, settings; people, for directors."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
