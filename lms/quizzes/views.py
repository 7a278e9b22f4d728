"""Assembling, previewing and assigning quizzes."""

from flask import Blueprint

bp = Blueprint("quizzes", __name__)
