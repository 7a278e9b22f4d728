"""What a supervisor asks: whether the process is alive, and whether it can work."""

from http import HTTPStatus

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from lms.core.clock import utcnow
from lms.core.db import db
from lms.core.schema import Schema, compare, differs, revision_of
from lms.core.waiting import all_waiting

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Answer that the process is alive."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> ResponseReturnValue:
    """Answer whether the database is there and its schema is the one this code knows.

    `waiting` says for how many seconds the oldest thing of each kind waits for the workers, and
    `late` which of them wait too long. That is for people to be told: pages are served without
    workers.
    """
    try:
        revision = revision_of(db.session.connection())
    except SQLAlchemyError:
        return jsonify(database="away"), HTTPStatus.SERVICE_UNAVAILABLE
    found = compare(revision)
    if found is Schema.OK:
        waiting = all_waiting(utcnow())
        return jsonify(
            database="ok",
            schema=found,
            waiting={each.what: round(each.age.total_seconds()) for each in waiting},
            late=[each.what for each in waiting if each.is_late],
        )
    said = differs(revision)
    return jsonify(database="ok", schema=found, message=said), HTTPStatus.SERVICE_UNAVAILABLE


for _view in (healthz, readyz):
    _view.allowed = "anyone"  # type: ignore[attr-defined]
