"""Cohorts, mentorships and the roster, for directors."""

from flask import Blueprint

bp = Blueprint("program", __name__)
