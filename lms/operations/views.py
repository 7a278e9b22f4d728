"""The mailbox, the mail ledger and the audit trail."""

from flask import Blueprint

bp = Blueprint("operations", __name__)
