"""What a supervisor asks: whether the process is alive, and whether it can work."""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lms.core.db import db
from lms.core.schema import Schema, compare, differs, revision_of

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer that the process is alive."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer whether the database is there and its schema is the one this code knows."""
    try:
        revision = revision_of(db.session.connection())
    except SQLAlchemyError:
        return jsonify(database="away"), HTTPStatus.SERVICE_UNAVAILABLE
    found = compare(revision)
    if found is Schema.OK:
        return jsonify(database="ok", schema=found)
    said = differs(revision)
    return jsonify(database="ok", schema=found, message=said), HTTPStatus.SERVICE_UNAVAILABLE


for _view in (healthz, readyz):
    _view.allowed = "anyone"  # type: ignore[attr-defined]
