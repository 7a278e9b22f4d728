"""The web application, for gunicorn."""

from gunicorn.errors import AppImportError

from lms.app import create_app
from lms.config import Misconfigured, begin

try:
    app = create_app(begin())
except Misconfigured as error:
    raise AppImportError(f"Error: {error}") from error  # which gunicorn prints, and ends
